#include "commands/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "commands/another_way.hpp"
#include "commands/terminal.hpp"
#include "commands/trace.hpp"
#include "commands/values.hpp"
#include "net/dns_client.hpp"
#include "net/find_server.hpp"
#include "net/host_text.hpp"
#include "net/module_loader.hpp"
#include "net/resolve.hpp"
#include "registrar/builtin_transport.hpp"
#include "registrar/registrar.hpp"
#include "results/escape.hpp"
#include "sip/random.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using results::Error;
using Kind = net::NetError::Kind;

struct ExitCode {
  std::string_view kind;
  int code;
};

constexpr auto exit_codes = std::to_array<ExitCode>({{"usage", 2},
                                                     {"no-password", 2},
                                                     {"redacted", 2},
                                                     {"dns", 3},
                                                     {"refused", 3},
                                                     {"timeout", 3},
                                                     {"tls", 3},
                                                     {"not-sip", 3},
                                                     {"banned", 3},
                                                     {"inconclusive", 3},
                                                     {"credentials", 4},
                                                     {"internal", 5},
                                                     {"interrupted", 130}});

struct KindName {
  Kind kind;
  std::string_view name;
};

// A way that is not there and a peer that hangs up without a word have no kind of their own.
constexpr auto kind_names = std::to_array<KindName>({{Kind::dns, "dns"},
                                                     {Kind::refused, "refused"},
                                                     {Kind::unreachable, "refused"},
                                                     {Kind::closed, "refused"},
                                                     {Kind::timeout, "timeout"},
                                                     {Kind::tls, "tls"},
                                                     {Kind::framing, "not-sip"},
                                                     {Kind::subprotocol, "not-sip"},
                                                     {Kind::interrupted, "interrupted"},
                                                     {Kind::usage, "usage"},
                                                     {Kind::internal, "internal"}});

std::expected<std::unique_ptr<net::Transport>, Error> open_builtin(const Prepared& prepared) {
  auto profile = builtin_profile(prepared.target);
  if (!profile) return std::unexpected{std::move(profile.error())};
  return std::make_unique<registrar::BuiltinTransport>(
      registrar::Registrar{std::move(*profile), registrar::built_in_accounts(), prepared.seed},
      prepared.target.transport);
}

// The Host header: as a browser writes it, without the port that goes without saying.
std::string authority_of(const net::Target& target) {
  const auto port = target.port_or_default();
  return port == net::transport_row(target.transport).port
             ? target.host
             : fmt::format("{}:{}", target.host, port);
}

// The environment's name for it is that of browsers and curl.
std::string key_log_of(const TargetOptions& options) {
  if (!options.tls_key_log.empty()) return options.tls_key_log;
  const char* file = std::getenv("SSLKEYLOGFILE");
  return file ? file : "";
}

net::ConnectOptions way_of(const TargetOptions& options, const net::Target& target) {
  return {
      .ipv4_only = options.ipv4_only,
      .ipv6_only = options.ipv6_only,
      .source = options.source,
      .timeout = duration_of(options.timeout_seconds),
      // The domain that was asked for, wherever records and packets lead (RFC 5922 4).
      .tls_name = options.tls_name.empty() ? std::string{net::without_brackets(target.host)}
                                           : options.tls_name,
      .ca_file = options.ca_file,
      .insecure = options.insecure,
      .certificate_file = options.tls_cert,
      .key_file = options.tls_key.empty() ? options.tls_cert : options.tls_key,
      .key_log_file = key_log_of(options),
      .websocket = {.authority = authority_of(target), .path = target.path},
  };
}

// --connect names a place, and nothing is looked up but its address.
std::expected<net::Wanted, Error> wanted_of(const TargetOptions& options,
                                            const net::Target& target) {
  net::Wanted wanted{.host = std::string{net::without_brackets(target.host)},
                     .port = target.port,
                     .secure = target.secure_scheme};
  if (target.transport_was_named) wanted.transport = target.transport;
  if (options.connect.empty()) return wanted;
  const auto place = connect_place(options);
  if (!place) return std::unexpected{place.error()};
  wanted.host = net::without_brackets(place->host);
  wanted.port = place->port.value_or(target.port_or_default());
  wanted.transport = target.transport;
  return wanted;
}

std::expected<net::Resolution, net::NetError> find(const net::Wanted& wanted,
                                                   const net::ConnectOptions& way,
                                                   const Prepared& prepared) {
  if (net::is_address(wanted.host)) return net::find_server(wanted, {});
  const auto families = net::families(way);
  if (!families) return std::unexpected{families.error()};
  const auto client = net::DnsClient::open({.name_server = prepared.name_server,
                                            .ipv4 = families->ipv4,
                                            .ipv6 = families->ipv6,
                                            .timeout = way.timeout});
  if (!client) return std::unexpected{client.error()};
  sip::Random random{prepared.seed};
  auto resolution = net::find_server(
      wanted, {.fetch = [&](const auto& questions) { return client->fetch(questions); },
               .only_addresses = client->only_addresses(),
               .draw = [&](std::uint32_t sum) { return random.below(sum + 1); },
               .speaks_tls = [] { return net::tls_api().has_value(); }});
  resolution.name_servers = client->name_servers();
  return resolution;
}

std::expected<std::unique_ptr<Route>, NotOpened> open_route(const GlobalOptions& global,
                                                            const TargetOptions& options,
                                                            const Prepared& prepared) {
  if (prepared.target.is_builtin()) {
    auto transport = open_builtin(prepared);
    if (!transport) return std::unexpected{NotOpened{transport.error()}};
    return std::make_unique<Route>(std::move(*transport));
  }
  const auto wanted = wanted_of(options, prepared.target);
  if (!wanted) return std::unexpected{NotOpened{wanted.error()}};
  auto way = way_of(options, prepared.target);
  auto found = find(*wanted, way, prepared);
  if (!found) return std::unexpected{NotOpened{error_of(found.error())}};
  if (found->error) {
    const auto error = error_of(*found->error);
    return std::unexpected{NotOpened{error, std::move(*found)}};
  }
  const bool any_secure = std::ranges::any_of(found->candidates, [](const net::Candidate& one) {
    return net::transport_row(one.transport).secure;
  });
  if (!way.key_log_file.empty() && any_secure) {
    say(global, fmt::format("TLS secrets go to {}: whoever has it can read this traffic.",
                            results::for_terminal(way.key_log_file)));
  }
  auto route = std::make_unique<Route>(std::move(*found), std::move(way));
  route->on_passed_over = [&global](const std::string& sentence) { say(global, sentence); };
  if (const auto opened = route->open_next(); !opened) {
    return std::unexpected{NotOpened{error_of(opened.error()), route->resolution()}};
  }
  return route;
}

std::string server_of(const sip::Recorder& recorder) {
  const auto& messages = recorder.all();
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (message->direction != sip::Direction::in) continue;
    Diagnostics ignored;
    const auto answer = Message::parse(message->bytes, ignored);
    if (!answer || answer->is_request()) continue;
    for (const auto id : {HeaderId::server, HeaderId::user_agent}) {
      if (const auto* header = answer->find(id)) return std::string{header->value};
    }
  }
  return {};
}

void watch(const GlobalOptions& global, const TargetOptions& options, Run& run) {
  if (global.verbosity == 0 && !run.capture) return;
  run.session->recorder().on_message =
      [verbosity = global.verbosity, show_secrets = options.show_secrets,
       capture = run.capture](const sip::RecordedMessage& message) {
        if (capture) capture->add(message);
        if (verbosity > 0) write_error_line(trace_of(message, verbosity, show_secrets));
      };
}

std::expected<std::shared_ptr<CaptureFile>, Error> capture_of(const TargetOptions& options) {
  if (options.pcap_file.empty()) return nullptr;
  auto capture = CaptureFile::create(options.pcap_file, options.show_secrets);
  if (!capture) return std::unexpected{Error{"usage", std::move(capture.error())}};
  return std::make_shared<CaptureFile>(std::move(*capture));
}

}  // namespace

std::expected<Run, NotOpened> open(const GlobalOptions& global, const TargetOptions& options,
                                   Prepared prepared) {
  auto capture = capture_of(options);
  if (!capture) return std::unexpected{NotOpened{std::move(capture.error())}};
  auto route = open_route(global, options, prepared);
  if (!route) return std::unexpected{std::move(route.error())};

  Run run{.target = std::move(prepared.target), .seed = prepared.seed, .route = std::move(*route)};
  run.session = std::make_unique<sip::Session>(
      run.route->transport(), std::move(prepared.identity),
      sip::Timers{.timeout = duration_of(options.timeout_seconds)},
      sip::Limits{.max_requests = options.max_requests,
                  .requests_per_second = prepared.requests_per_second},
      prepared.seed);
  run.session->next_server = [way = run.route.get()](const std::string& why) {
    way->pass_over(why);
    return way->open_next() ? &way->transport() : nullptr;
  };
  if (run.target.is_builtin()) {
    auto profile = builtin_profile(run.target);
    if (profile) {
      run.session->connect_another =
          another_builtin_way(run.route->transport(), std::move(*profile), run.seed);
      run.session->other_ways = other_builtin_ways(run.route->transport());
    }
  } else {
    run.session->connect_another = another_way(*run.route, prepared.second_target);
    run.session->other_ways = other_ways(*run.route);
  }
  run.capture = std::move(*capture);
  watch(global, options, run);
  return run;
}

int end_capture(const Run& run, int exit_code) {
  if (!run.capture || run.capture->failure().empty()) return exit_code;
  write_error_line("sipauth: " + run.capture->failure());
  return exit_code_of("usage");
}

Error error_of(const net::NetError& error) {
  const auto row = std::ranges::find(kind_names, error.kind, &KindName::kind);
  return {std::string{row == kind_names.end() ? "internal" : row->name}, error.text};
}

Error error_of(const sip::NoAnswer& silence, sip::Session& session) {
  if (session.noise().unreadable > 0) {
    return {"not-sip", fmt::format("What answers at {} does not speak SIP: check port and "
                                   "transport, 5061 is usually TLS.",
                                   session.transport().remote())};
  }
  if (silence.error) return error_of(*silence.error);
  return {"timeout",
          fmt::format("No answer from {} over {} within {:g} s: check host, port and transport, "
                      "and whether a firewall or fail2ban keeps this address out; --timeout 32s "
                      "waits longer.",
                      session.transport().remote(), net::transport_name(session.transport().kind()),
                      std::chrono::duration<double>(session.timers().timeout).count())};
}

results::TargetFacts target_facts(const net::Target& target, const net::Transport* transport,
                                  const sip::Recorder* recorder) {
  auto used = target;
  if (transport && !target.is_builtin()) {
    used.transport = transport->kind();
    used.transport_was_named = true;
  }
  results::TargetFacts facts{.input = target.input,
                             .uri = target.request_uri(),
                             .understood = used.understood(),
                             .transport = std::string{net::transport_name(used.transport)},
                             .port = used.port_or_default()};
  if (transport) {
    const auto remote = transport->remote();
    const auto colon = std::min(remote.rfind(':'), remote.size());
    facts.address = net::without_brackets(std::string_view{remote}.substr(0, colon));
    const auto port =
        number(std::string_view{remote}.substr(std::min(colon + 1, remote.size())), 65'535);
    if (port) facts.port = static_cast<std::uint16_t>(*port);
  }
  if (recorder) facts.server = server_of(*recorder);
  return facts;
}

int exit_code_of(const std::string& kind) {
  constexpr int internal = 5;
  const auto row = std::ranges::find(exit_codes, kind, &ExitCode::kind);
  return row == exit_codes.end() ? internal : row->code;
}

}  // namespace sipauth::commands
