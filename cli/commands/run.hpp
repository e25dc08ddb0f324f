// What probe and stale do before their first packet: understand the target, find the password, open
// the transport, and afterwards put the result out.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/capture_file.hpp"
#include "commands/options.hpp"
#include "commands/route.hpp"
#include "net/target.hpp"
#include "registrar/profile.hpp"
#include "results/result.hpp"
#include "sip/session.hpp"

namespace sipauth::commands {

/// A run that can send. The route outlives the session.
struct Run {
  net::Target target = {};
  std::uint64_t seed = 1;
  std::unique_ptr<Route> route = {};
  std::unique_ptr<sip::Session> session = {};
  std::shared_ptr<CaptureFile> capture = {};  ///< of --pcap-out
};

/// What was understood without a packet sent or a name resolved: for --dry-run and announcements.
struct Prepared {
  net::Target target = {};
  sip::Identity identity = {};
  bool has_user = false;  ///< false: a random user is used, and 403 or 404 say nothing
  std::uint64_t seed = 1;
  /// Packets stay on this host: by --connect when it is given, else by the target.
  bool loopback = false;
  double requests_per_second = 0;  ///< the brake; 0: none
  std::optional<net::Target> second_target = {};
  std::string name_server = {};  ///< `127.0.0.1:5353` of --dns-server; empty: the system's
};

/// Why there is no run, and what was found on the way.
struct NotOpened : results::Error {
  net::Resolution resolution = {};
};

/// Reads target, credentials (file, environment, prompt) and headers. An Error is of kind usage.
/// `wants_password`: prompt for one when there is a terminal.
[[nodiscard]] std::expected<Prepared, results::Error> prepare(const GlobalOptions& global,
                                                              const TargetOptions& options,
                                                              bool wants_password);

/// --connect as a place; an Error of kind usage.
[[nodiscard]] std::expected<net::Target, results::Error> connect_place(
    const TargetOptions& options);

/// The profile of a built-in target with its fault; an Error of kind usage names what was meant.
[[nodiscard]] std::expected<registrar::Profile, results::Error> builtin_profile(
    const net::Target& target);

/// Finds the server and connects. The first request of the run may still go to the next server.
[[nodiscard]] std::expected<Run, NotOpened> open(const GlobalOptions& global,
                                                 const TargetOptions& options, Prepared prepared);

/// Says what could not be written to the capture; then the exit code is 2.
int end_capture(const Run& run, int exit_code);

/// A transport error as kind and sentence.
[[nodiscard]] results::Error error_of(const net::NetError& error);

/// Why a request got no answer: silence, an error of the transport, or answers that are no SIP.
[[nodiscard]] results::Error error_of(const sip::NoAnswer& silence, sip::Session& session);

/// The facts about the target for a report: the transport is the one in use, `server` comes from
/// the last answer in the recorder.
[[nodiscard]] results::TargetFacts target_facts(const net::Target& target,
                                                const net::Transport* transport,
                                                const sip::Recorder* recorder);

/// -o FORMAT[:FILE], checked before the first packet: an Error of kind usage. `besides`: formats
/// that are known here alone.
struct Output {
  std::string format;
  std::string file;  ///< empty: standard output
};
[[nodiscard]] std::expected<std::vector<Output>, results::Error> outputs_of(
    const GlobalOptions& global, std::span<const std::string_view> besides = {});

/// Renders and writes every output; returns result.exit_code, or 2 when a file cannot be written.
int put_out(const GlobalOptions& global, const std::vector<Output>& outputs,
            const results::Result& result);

/// An error that ends the run before there is a result: keeps the format. `target` is what was
/// typed, if anything. Returns the exit code of its kind.
int put_out_error(const GlobalOptions& global, const std::string& command,
                  const results::Error& error, const std::string& target = {});

/// Exit code of an error's kind by the contract.
[[nodiscard]] int exit_code_of(const std::string& kind);

/// A line on standard error unless -q; with a progress line only on a terminal.
void say(const GlobalOptions& global, const std::string& line);

/// One line rewritten in place; nothing when standard error is no terminal. Empty clears it.
void show_progress(const GlobalOptions& global, const std::string& line);

}  // namespace sipauth::commands
