// `sipauth fuzz server`: the header parsers of a live registrar under mutated requests.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <utility>

#include "commands/fuzz_peer_options.hpp"
#include "commands/fuzz_peer_report.hpp"
#include "commands/restart_hook.hpp"
#include "commands/run.hpp"
#include "commands/values.hpp"
#include "fuzzing/server_fuzzer.hpp"
#include "net/host_text.hpp"
#include "registrar/builtin_transport.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

constexpr std::uint64_t default_cases = 1000;
constexpr std::uint64_t refused_afar = 40;
constexpr double fastest_afar = 100;  // messages per second
constexpr std::string_view default_folder = "sipauth-fuzz/server";

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

bool is_loopback_address(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

// What may be harmed must be named twice.
std::expected<void, Error> may_send(const TargetOptions& target, const FuzzServerOptions& options,
                                    const Prepared& prepared) {
  std::string host{net::without_brackets(prepared.target.host)};
  if (!target.connect.empty()) {
    const auto place = connect_place(target);
    if (!place) return std::unexpected{place.error()};
    host = net::without_brackets(place->host);
  }
  const bool named = same(net::without_brackets(options.allow_host), host);
  if (!options.allow_host.empty() && !named) {
    return usage(
        fmt::format("--allow-host names {}, and the messages would go to {}: both must be "
                    "the same.",
                    results::for_terminal(options.allow_host), results::for_terminal(host)));
  }
  if (!prepared.loopback && !named) {
    return usage(
        fmt::format("Mutated messages may crash a server, so they are sent to this host "
                    "only. If {} is yours to harm, name it again: --allow-host {}.",
                    results::for_terminal(host), results::for_terminal(host)));
  }
  if (!prepared.loopback && prepared.requests_per_second > fastest_afar) {
    return usage(fmt::format("--rate goes up to {:g} for a server on another host.", fastest_afar));
  }
  return {};
}

std::expected<void, Error> check_numbers(const FuzzServerOptions& options) {
  if (options.liveness_every < 1) return usage("--liveness-every takes 1 or more.");
  if (options.runs == 0U) return usage("--runs takes 1 or more.");
  if (options.findings < 1) return usage("--findings takes 1 or more.");
  if (!(options.slow_after > 0)) return usage("--slow-after takes a time above 0.");
  return {};
}

fuzzing::ServerPlan plan_of(const FuzzServerOptions& options, const Prepared& prepared) {
  const bool timed = options.seconds > 0;
  fuzzing::ServerPlan plan{.seed = prepared.seed,
                           .cases = options.runs.value_or(timed ? 0 : default_cases),
                           .time = duration_of(options.seconds),
                           .liveness_every = options.liveness_every,
                           .slow_after = duration_of(options.slow_after),
                           .patience = duration_of(options.patience),
                           .max_refused = options.max_refused,
                           .tries = options.tries,
                           .findings = options.findings,
                           .loopback = prepared.loopback};
  if (!plan.max_refused && !prepared.loopback) plan.max_refused = refused_afar;
  return plan;
}

std::string announcement(const Prepared& prepared, const FuzzServerOptions& options,
                         const fuzzing::ServerPlan& plan) {
  const auto& understood = prepared.target.understood();
  if (!options.replay.empty()) {
    return fmt::format("fuzz server: {}: {} messages are sent again, with about {} valid ones",
                       understood, options.replay.size(), 12 + 2 * options.replay.size());
  }
  constexpr std::uint64_t first_looks = 11;  // requests
  const auto looks =
      first_looks + 2 * (plan.cases / static_cast<std::uint64_t>(plan.liveness_every) + 1);
  const auto most = plan.cases == 0 ? fmt::format("mutated requests for {:g} s", options.seconds)
                                    : fmt::format("up to {} mutated requests", plan.cases);
  const auto between = plan.cases == 0
                           ? fmt::format("valid ones behind every {} of them", plan.liveness_every)
                           : fmt::format("about {} valid ones between them", looks);
  const auto refused = plan.max_refused
                           ? fmt::format("at most {} tries that are refused", *plan.max_refused)
                           : std::string{"any of them may be a refused try"};
  std::string time = "as fast as it answers";
  if (prepared.target.is_builtin()) {
    time = "no waiting: the built-in registrar's clock jumps";
  } else if (prepared.requests_per_second > 0 && plan.cases > 0) {
    time = fmt::format("about {:.0f} s",
                       static_cast<double>(plan.cases + looks) / prepared.requests_per_second);
  }
  return fmt::format("fuzz server: {}: {}, {}, {}; {}", understood, most, between, refused, time);
}

std::function<std::expected<void, std::string>()> restarter(const FuzzServerOptions& options,
                                                            const Run& run) {
  if (run.target.is_builtin()) {
    return [&run]() -> std::expected<void, std::string> {
      dynamic_cast<registrar::BuiltinTransport&>(run.route->transport()).restart();
      return {};
    };
  }
  if (options.restart_hook.empty()) return {};
  return [&options] { return run_restart_hook(options.restart_hook); };
}

std::string replay_command(const TargetOptions& target, const Run& run,
                           const FuzzServerOptions& options) {
  auto command = "sipauth fuzz server " + shell_word(run.target.input);
  if (!target.connect.empty()) command += " --connect " + shell_word(target.connect);
  if (!target.domain.empty()) command += " --domain " + shell_word(target.domain);
  if (!target.user.empty()) command += " --user " + shell_word(target.user);
  if (!target.transport.empty()) command += " --transport " + shell_word(target.transport);
  if (!target.password_file.empty() && target.password_file != "-") {
    command += " --password-file " + shell_word(target.password_file);
  }
  if (!options.allow_host.empty()) command += " --allow-host " + shell_word(options.allow_host);
  return command + " --replay";
}

fuzzing::ServerReport fuzz(const GlobalOptions& global, Run& run, fuzzing::ServerPlan plan,
                           const std::vector<fuzzing::ReplayFile>& replays) {
  auto& session = *run.session;
  session.next_server = nullptr;  // what was named is fuzzed, and nothing else
  fuzzing::ServerFuzzer fuzzer{session, std::move(plan)};
  fuzzer.on_progress = [&](const std::string& text) { show_progress(global, text); };
  const auto stopped = [](Error error) {
    fuzzing::ServerReport report;
    report.stop = {std::move(error.kind), std::move(error.text)};
    return report;
  };
  try {
    return replays.empty() ? fuzzer.run() : fuzzer.replay(replays);
  } catch (const sip::NoAnswer& silence) {
    return stopped(error_of(silence, session));
  } catch (const sip::OverLimit&) {
    return stopped({"inconclusive", "--max-requests was used up before the first case."});
  } catch (const sip::Interrupted&) {
    return stopped({"interrupted", "Interrupted before the first case."});
  }
}

void tell(FuzzPeerReport& report, fuzzing::ServerReport seen, bool has_password) {
  report.cases = seen.cases;
  report.sent_again = report.replayed ? 0 : seen.sent_again;
  report.looks = seen.looks;
  report.answers = std::move(seen.answers);
  report.notes = std::move(seen.notes);
  if (seen.stop) report.stop = Error{seen.stop->kind, seen.stop->text};
  if (seen.usual.first.empty()) return;
  report.usual = {{"Without credentials", seen.usual.first}, {"Challenge", seen.usual.challenges}};
  if (!seen.usual.second.empty()) {
    report.usual.emplace_back("Right credentials", seen.usual.second);
  }
  if (seen.with_right_digest || seen.stop) return;
  report.notes.push_back(has_password
                             ? "There was no challenge that could be answered, so what is read "
                               "behind a right digest was NOT fuzzed."
                             : "No password was given, so no digest was right: what is read behind "
                               "a right digest was NOT fuzzed.");
}

// New ones are written. The error is a sentence.
std::expected<std::vector<KeptFinding>, std::string> kept_findings(
    std::vector<fuzzing::Finding> findings, const FuzzServerOptions& options,
    const std::vector<fuzzing::ReplayFile>& replays) {
  const auto folder = options.artifacts.empty() ? std::string{default_folder} : options.artifacts;
  if (replays.empty()) return keep_findings(std::move(findings), "server", folder);
  return replayed_findings(std::move(findings), options.replay, replays);
}

}  // namespace

int run_fuzz_server(const GlobalOptions& global, const TargetOptions& target,
                    const FuzzServerOptions& options) {
  const auto failed = [&](const Error& error) {
    return put_out_error(global, "fuzz", error, target.target);
  };
  const auto outputs = document_outputs(global, "fuzz");
  if (!outputs) return failed(outputs.error());
  if (const auto good = check_numbers(options); !good) return failed(good.error());
  const auto replays = read_replays(options.replay, "server");
  if (!replays) return failed(replays.error());
  auto prepared = prepare(global, target, true);
  if (!prepared) return failed(prepared.error());
  if (const auto may = may_send(target, options, *prepared); !may) return failed(may.error());

  auto plan = plan_of(options, *prepared);
  const auto told = announcement(*prepared, options, plan);
  if (options.dry_run) {
    std::cout << told << '\n';
    return 0;
  }
  say(global, told);

  const bool has_password = prepared->identity.has_password;
  const bool loopback = prepared->loopback;
  auto run = open(global, target, *std::move(prepared));
  if (!run) return failed(run.error());
  auto peer = target_facts(run->target, &run->route->transport(), nullptr);
  if (loopback && !run->target.is_builtin() && !is_loopback_address(peer.address)) {
    return failed({"usage", fmt::format("{} is {}, which is not this host: --allow-host names it.",
                                        results::for_terminal(run->target.host), peer.address)});
  }
  plan.restart = restarter(options, *run);

  const auto begin = run->session->clock().now();
  auto seen = fuzz(global, *run, std::move(plan), *replays);
  show_progress(global, "");
  FuzzPeerReport report{.peer = "server",
                        .command = replay_command(target, *run, options),
                        .target = std::move(peer),
                        .seed = run->seed,
                        .replayed = !replays->empty()};
  report.target.server =
      target_facts(run->target, &run->route->transport(), &run->session->recorder()).server;
  report.refused = run->session->counters().refused;
  const std::chrono::duration<double> elapsed = run->session->clock().now() - begin;
  report.seconds = elapsed.count();
  auto kept = kept_findings(std::move(seen.findings), options, *replays);
  tell(report, std::move(seen), has_password);
  if (!kept) {
    report.stop = Error{"usage", kept.error()};
  } else {
    report.findings = std::move(*kept);
  }
  judge(report);
  return end_capture(*run, put_out_document(*outputs, render_fuzz_peer(report), report.exit_code));
}

}  // namespace sipauth::commands
