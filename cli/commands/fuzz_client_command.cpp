// `sipauth fuzz client`: the header parsers of a phone under mutated answers.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <utility>

#include "commands/fuzz_peer_options.hpp"
#include "commands/fuzz_peer_report.hpp"
#include "commands/listening.hpp"
#include "commands/restart_hook.hpp"
#include "commands/run.hpp"
#include "commands/terminal.hpp"
#include "commands/trace.hpp"
#include "commands/values.hpp"
#include "fuzzing/client_fuzzer.hpp"
#include "fuzzing/listening_side.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

constexpr std::uint64_t default_cases = 1000;
constexpr std::string_view default_folder = "sipauth-fuzz/client";

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

std::expected<void, Error> check_numbers(const FuzzClientOptions& options) {
  if (options.liveness_every < 1) return usage("--liveness-every takes 1 or more.");
  if (options.runs == 0U) return usage("--runs takes 1 or more.");
  if (options.findings < 1) return usage("--findings takes 1 or more.");
  if (!(options.expires >= 1)) return usage("--expires takes 1s or more.");
  if (!(options.patience > options.expires)) {
    return usage(
        "--patience takes a time above --expires: a phone that is let in stays away for "
        "that long.");
  }
  return {};
}

std::uint64_t seed_of(const FuzzClientOptions& options) {
  if (options.seed) return *options.seed;
  std::random_device system;
  return static_cast<std::uint64_t>(system()) << 32U | system();
}

fuzzing::ClientPlan plan_of(const FuzzClientOptions& options, std::uint64_t seed) {
  fuzzing::ClientPlan plan{.seed = seed,
                           .cases = options.runs.value_or(options.seconds > 0 ? 0 : default_cases),
                           .time = duration_of(options.seconds),
                           .liveness_every = options.liveness_every,
                           .patience = duration_of(options.patience),
                           .expires = duration_of(options.expires),
                           .tries = options.tries,
                           .findings = options.findings};
  if (!options.restart_hook.empty()) {
    plan.restart = [&options] { return run_restart_hook(options.restart_hook); };
  }
  return plan;
}

void watch(const GlobalOptions& global, const std::string& local, fuzzing::ListeningSide& side) {
  if (global.verbosity == 0) return;
  side.on_message = [&side, local, verbosity = global.verbosity, index = 0U](
                        const fuzzing::Arrived& message, bool out) mutable {
    write_error_line(trace_of({.index = index++,
                               .at = side.clock().now(),
                               .wall = side.clock().wall(),
                               .direction = out ? sip::Direction::out : sip::Direction::in,
                               .transport = message.reliable ? "tcp" : "udp",
                               .local = local,
                               .remote = message.source,
                               .bytes = message.bytes},
                              verbosity, false));
  };
}

std::string replay_command(const FuzzClientOptions& options) {
  auto command = "sipauth fuzz client --listen " + shell_word(options.listen);
  if (!options.accounts_file.empty()) command += " --accounts " + shell_word(options.accounts_file);
  return command + " --replay";
}

// New ones are written. The error is a sentence.
std::expected<std::vector<KeptFinding>, std::string> kept_findings(
    std::vector<fuzzing::Finding> findings, const FuzzClientOptions& options,
    const std::vector<fuzzing::ReplayFile>& replays) {
  const auto folder = options.artifacts.empty() ? std::string{default_folder} : options.artifacts;
  if (replays.empty()) return keep_findings(std::move(findings), "client", folder);
  return replayed_findings(std::move(findings), options.replay, replays);
}

}  // namespace

int run_fuzz_client(const GlobalOptions& global, const FuzzClientOptions& options) {
  const auto failed = [&](const Error& error) { return put_out_error(global, "fuzz", error); };
  const auto refused = [&](std::string sentence) { return failed({"usage", std::move(sentence)}); };
  const auto outputs = document_outputs(global, "fuzz");
  if (!outputs) return failed(outputs.error());
  if (const auto good = check_numbers(options); !good) return failed(good.error());
  const auto replays = read_replays(options.replay, "client");
  if (!replays) return failed(replays.error());
  auto profile = registrar::make_profile(options.profile, {});
  if (!profile) return refused(profile.error());
  const auto listen = parse_listen(options.listen);
  if (!listen) return refused(listen.error());
  auto accounts = accounts_of(options.accounts_file, *profile);
  if (!accounts) return refused(accounts.error());

  const auto seed = seed_of(options);
  fuzzing::ListeningSide side;
  const auto bound = side.listen(listen->address, listen->port);
  if (!bound) return refused(bound.error());
  watch(global, *bound, side);
  // Not by say(): whoever points a phone here has to know, and a test waits for it.
  write_error_line(
      fmt::format("fuzz client: listening on udp/tcp {}; point the phone there", *bound));
  if (!listen->is_loopback) {
    say(global, "Others can reach this registrar: their phones would be fuzzed as well.");
  }

  fuzzing::ClientFuzzer fuzzer{
      side, registrar::Registrar{std::move(*profile), std::move(*accounts), seed},
      plan_of(options, seed)};
  fuzzer.on_progress = [&](const std::string& text) { show_progress(global, text); };
  const auto begin = side.clock().now();
  auto seen = replays->empty() ? fuzzer.run() : fuzzer.replay(*replays);
  show_progress(global, "");

  const std::chrono::duration<double> elapsed = side.clock().now() - begin;
  FuzzPeerReport report{.peer = "client",
                        .command = replay_command(options),
                        .listening = *bound,
                        .seed = seed,
                        .replayed = !replays->empty(),
                        .cases = seen.cases,
                        .sent_again = seen.sent_again,
                        .looks = seen.looks,
                        .seconds = elapsed.count(),
                        .notes = std::move(seen.notes)};
  report.target.server = std::move(seen.phone);
  if (seen.stop) report.stop = Error{seen.stop->kind, seen.stop->text};
  auto kept = kept_findings(std::move(seen.findings), options, *replays);
  if (kept) {
    report.findings = std::move(*kept);
  } else {
    report.stop = Error{"usage", kept.error()};
  }
  judge(report);
  return put_out_document(*outputs, render_fuzz_peer(report), report.exit_code);
}

}  // namespace sipauth::commands
