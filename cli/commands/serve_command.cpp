#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <random>

#include "commands/listening.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/terminal.hpp"
#include "registrar/server.hpp"
#include "results/escape.hpp"
#include "sipauth/address.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr int usage_error = 2;
constexpr int interrupted = 130;

void put_line(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int fail(const std::string& sentence) {
  write_error_line("sipauth serve: " + results::for_terminal(sentence));
  return usage_error;
}

template <typename Row>
void list(std::string_view title, std::span<const Row> rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.name.size());
  fmt::print("{}\n", title);
  for (const auto& row : rows) fmt::print("  {:<{}}  {}\n", row.name, width, row.description);
}

std::string describe_answer(const registrar::Answer& answer) {
  Diagnostics diagnostics;
  const auto message = Message::parse(answer.bytes, diagnostics);
  if (!message) return "?";
  auto text = fmt::format("{} {}", message->status(), message->reason());
  for (const auto id : {HeaderId::www_authenticate, HeaderId::proxy_authenticate}) {
    const auto* const header = message->find(id);
    if (header == nullptr) continue;
    const auto challenge = Challenge::parse(header->value, diagnostics);
    if (challenge && challenge->stale().value_or(false)) text += " stale=true";
  }
  return text;
}

// `TIME udp 127.0.0.1:40000 REGISTER alice CALL-ID 2 with credentials -> 401 Unauthorized`
std::string log_line(const registrar::Served& served) {
  Diagnostics diagnostics;
  const auto message = Message::parse(served.request, diagnostics);
  if (!message) return {};
  const auto to = NameAddr::parse(message->value(HeaderId::to), diagnostics);
  const auto cseq = CSeq::parse(message->value(HeaderId::cseq), diagnostics);
  const bool credentials = message->find(HeaderId::authorization) != nullptr ||
                           message->find(HeaderId::proxy_authorization) != nullptr;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto text = fmt::format("{} {} {} {} {}{} -> {}", message->method(),
                                to ? to->uri.user : "-", message->value(HeaderId::call_id),
                                cseq ? cseq->number : 0, credentials ? "with" : "without",
                                " credentials", describe_answer(served.answers.back()));
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} {} {}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     now.time_since_epoch().count() % 1000, served.transport, served.source,
                     results::for_terminal(text));
}

std::uint64_t seed_of(const ServeOptions& options) {
  if (options.seed) return *options.seed;
  std::random_device system;
  return static_cast<std::uint64_t>(system()) << 32 | system();
}

std::string first_line(const std::string& bound, const ServeOptions& options) {
  auto line = fmt::format("listening on udp/tcp {} as {}", bound, options.profile);
  for (const auto& fault : options.faults)
    line += (&fault == &options.faults.front() ? " with " : ",") + fault;
  return line;
}

}  // namespace

int run_serve(const GlobalOptions& global, const ServeOptions& options) {
  if (options.list_profiles) {
    list("Profiles:", registrar::profiles());
    list("\nFaults, for any profile:", registrar::faults());
    return 0;
  }
  auto profile = registrar::make_profile(options.profile, options.faults);
  if (!profile) return fail(profile.error());
  const auto listen = parse_listen(options.listen);
  if (!listen) return fail(listen.error());
  auto accounts = accounts_of(options.accounts_file, *profile);
  if (!accounts) return fail(accounts.error());

  const auto log = [&](const registrar::Served& served) {
    if (!global.quiet) put_line(log_line(served));
  };
  registrar::Server server{
      registrar::Registrar{std::move(*profile), std::move(*accounts), seed_of(options)}, log};
  const auto bound = server.listen(listen->address, listen->port);
  if (!bound) return fail(bound.error());
  put_line(first_line(*bound, options));
  if (!listen->is_loopback) {
    say(global, "Others can reach this registrar: it is made to be wrong, and knows passwords.");
  }
  return server.run() == SIGINT ? interrupted : 0;
}

}  // namespace sipauth::commands
