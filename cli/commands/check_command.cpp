// `sipauth check`: the whole catalogue of checks. `sipauth stale`: those of them that tell whether
// phones will lock themselves out.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <expected>
#include <functional>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/lifetime.hpp"
#include "checks/runner.hpp"
#include "commands/check_manual.hpp"
#include "commands/check_pages.hpp"
#include "commands/check_result.hpp"
#include "commands/document.hpp"
#include "commands/options.hpp"
#include "commands/restart_hook.hpp"
#include "commands/run.hpp"
#include "commands/terminal.hpp"
#include "commands/terms.hpp"
#include "commands/values.hpp"
#include "registrar/builtin_transport.hpp"

namespace sipauth::commands {
namespace {

constexpr std::chrono::seconds longest_wait{40};
/// reSIProcate's 3000 s is the longest lifetime among the built-in registrars.
constexpr std::chrono::seconds longest_builtin_wait{4096};

/// What tells whether phones lock themselves out. It can be asked of any request.
const std::vector<std::string> telling_checks{
    "SA-CH",       "SA-AUTH-01",  "SA-AUTH-03",  "SA-NONCE-01", "SA-NONCE-02", "SA-NONCE-03",
    "SA-NONCE-04", "SA-NONCE-05", "SA-NONCE-06", "SA-NONCE-07", "SA-NONCE-13", "SA-STALE"};

/// What --method leaves of the catalogue.
const std::vector<std::string> checks_of_other_methods{"SA-CH", "SA-AUTH-01", "SA-AUTH-03",
                                                       "SA-NONCE", "SA-STALE"};

struct Command {
  std::string_view name = {};
  std::vector<std::string> suites = {};  ///< that are run when nothing else is said; empty: all
  int refused_on_loopback = 0;
  int refused_afar = 0;
  bool graded = false;
  int nonce_sample = 0;  ///< challenges that SA-NONCE-13 asks for
};

/// Of --list, besides text and JSON: the manual pages are made of them.
constexpr auto manual_formats = std::to_array<std::string_view>({"scdoc", "markdown"});

int list_checks(const GlobalOptions& global, const std::string& command,
                const std::vector<Output>& outputs, const checks::Selection& selection) {
  int exit_code = 0;
  for (const auto& output : outputs) {
    const auto style = output.file.empty() ? standard_output_style(global) : file_style(global);
    auto document = list_of(selection.reported, command, style);
    if (output.format == "scdoc") document.text = scdoc_of(selection.reported);
    if (output.format == "markdown") document.text = markdown_of(selection.reported);
    exit_code = put_out_document({output}, document, exit_code);
  }
  return exit_code;
}

checks::Settings settings_of(const Command& command, const CheckOptions& options,
                             const Prepared& prepared) {
  const bool loopback = prepared.loopback;
  checks::Settings settings{
      .no_wait = options.no_wait,
      .max_wait = prepared.target.is_builtin() ? longest_builtin_wait : longest_wait,
      .loopback = loopback,
      .has_password = prepared.identity.has_password,
      .no_wrong_password = options.no_wrong_password,
      .max_refused = options.max_refused.value_or(loopback ? command.refused_on_loopback
                                                           : command.refused_afar),
      .has_second_account = prepared.identity.second.has_value(),
      .may_bind = options.bind,
      .intrusive = options.intrusive,
      .nonce_sample = command.nonce_sample};
  if (options.max_wait) settings.max_wait = duration_of(*options.max_wait);
  if (options.nonce_lifetime) settings.nonce_lifetime = duration_of(*options.nonce_lifetime);
  return settings;
}

/// The way to the registrar, once that is open.
struct Way {
  net::Transport* transport = nullptr;
};

// A built-in registrar can be told.
std::function<std::expected<void, std::string>()> restarter(const CheckOptions& options,
                                                            bool is_builtin,
                                                            std::shared_ptr<Way> way) {
  if (is_builtin) {
    return [way = std::move(way)]() -> std::expected<void, std::string> {
      dynamic_cast<registrar::BuiltinTransport&>(*way->transport).restart();
      return {};
    };
  }
  if (options.restart_hook.empty()) return {};
  return [&options] { return run_restart_hook(options.restart_hook); };
}

std::string announcement(const Prepared& prepared, const checks::Selection& selection,
                         const checks::Settings& settings) {
  const auto sum = checks::estimate(selection, settings);
  auto longest = std::chrono::duration<double>(sum.longest).count();
  if (prepared.requests_per_second > 0) {
    longest = std::max(longest, sum.requests / prepared.requests_per_second);
  }
  // Few registrars make one nonce a second and take each once; they are slow to examine.
  const auto for_nonces = std::chrono::duration<double>(sum.for_nonces).count();
  auto time = fmt::format("at most about {:.0f} s", std::max(longest, 1.0));
  if (for_nonces > longest) {
    time += fmt::format(" ({:.0f} s where a nonce is shared for a second and good for one use)",
                        longest + for_nonces);
  }
  if (prepared.target.is_builtin()) time = "no waiting: the built-in registrar's clock jumps";
  return fmt::format(
      "{}: {} checks, at most {} requests, {} of them tries that must be refused; {}",
      prepared.target.understood(), selection.reported.size(), sum.requests, sum.refused, time);
}

bool is_usage_error(const CheckOptions& options, results::Error& error) {
  const auto positive = [](const std::optional<double>& value) { return !value || *value > 0; };
  if (!positive(options.max_wait) || !positive(options.nonce_lifetime)) {
    error = {"usage", "--max-wait and --nonce-lifetime take a number of seconds above 0"};
    return true;
  }
  if (options.max_refused.value_or(0) < 0) {
    error = {"usage", "--max-refused takes a number of tries, 0 or more"};
    return true;
  }
  return false;
}

int run(const Command& command, const GlobalOptions& global, const TargetOptions& target,
        const CheckOptions& options) {
  const auto failed = [&](const results::Error& error) {
    return put_out_error(global, std::string{command.name}, error);
  };
  results::Error usage;
  if (is_usage_error(options, usage)) return failed(usage);
  const auto terms = terms_of(options);
  if (!terms) return failed(terms.error());
  const auto outputs = outputs_of(
      global, options.list ? std::span{manual_formats} : std::span<const std::string_view>{});
  if (!outputs) return failed(outputs.error());
  const bool registers = target.method == "REGISTER";
  const auto& usual =
      registers || !command.suites.empty() ? command.suites : checks_of_other_methods;
  auto selection = checks::select(options.only.empty() ? usual : options.only, options.skip);
  if (!selection) {
    return failed({"usage", "no check or suite is called " + selection.error() +
                                "; sipauth check --list names them all"});
  }
  if (selection->reported.empty()) {
    return failed({"usage", "--only and --skip leave no check to run"});
  }
  if (options.list) {
    return list_checks(global, std::string{command.name}, *outputs, *selection);
  }
  const bool wants_password = std::ranges::any_of(
      selection->reported, [](const auto* check) { return check->needs.credentials; });
  auto prepared = prepare(global, target, wants_password);
  if (!prepared) return failed(prepared.error());

  const bool is_builtin = prepared->target.is_builtin();
  if (is_builtin && !options.restart_hook.empty()) {
    return failed({"usage", "a built-in registrar is restarted without a --restart-hook"});
  }
  auto settings = settings_of(command, options, *prepared);
  const auto way = std::make_shared<Way>();
  settings.restart = restarter(options, is_builtin, way);
  const auto told = announcement(*prepared, *selection, settings);
  if (options.dry_run) {
    std::cout << told << '\n';
    return 0;
  }
  say(global, told);

  auto run = open(global, target, *std::move(prepared));
  if (!run) return failed(run.error());
  way->transport = &run->route->transport();
  checks::Runner runner{*run->session, settings, *selection};
  runner.on_progress = [&](const std::string& text) { show_progress(global, text); };
  const auto started = run->session->clock().wall();
  const auto begin = run->session->clock().now();
  const auto report = runner.run();
  show_progress(global, "");

  auto result = check_result(*run, report, options, settings, *terms);
  if (command.graded) result.grade = grade_of(report, terms->policy);
  result.command = command.name;
  result.started = started;
  result.elapsed = run->session->clock().now() - begin;
  result.show_secrets = target.show_secrets;
  result.insecure = target.insecure;
  return end_capture(*run, put_out(global, *outputs, result));
}

}  // namespace

int run_stale(const GlobalOptions& global, const TargetOptions& target,
              const CheckOptions& options) {
  return run({.name = "stale",
              .suites = telling_checks,
              .refused_on_loopback = 60,
              .refused_afar = 16,
              .nonce_sample = 10},
             global, target, options);
}

int run_check(const GlobalOptions& global, const TargetOptions& target,
              const CheckOptions& options) {
  return run({.name = "check",
              .refused_on_loopback = 200,
              .refused_afar = 40,
              .graded = true,
              .nonce_sample = 100},
             global, target, options);
}

}  // namespace sipauth::commands
