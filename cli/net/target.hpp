// What a person typed as TARGET, understood (command-line contract, "TARGET").
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "net/transport.hpp"

namespace sipauth::net {

struct Target {
  std::string input;                  ///< as typed
  bool secure_scheme = false;         ///< sips:
  std::string user;                   ///< empty when none was given; escapes decoded
  std::string host;                   ///< as typed, IPv6 with brackets; `127.0.0.1` for builtin
  std::optional<std::uint16_t> port;  ///< as typed
  TransportKind transport = TransportKind::udp;
  bool transport_was_named = false;  ///< else it is the usual one, and records may name another
  std::string path = "/";            ///< of a WebSocket, with its query
  std::string builtin_profile;       ///< `strict` of builtin:strict, else empty
  std::string builtin_fault;         ///< of ;fault=NAME, else empty

  [[nodiscard]] bool is_builtin() const { return !builtin_profile.empty(); }
  [[nodiscard]] bool is_loopback() const;  ///< builtin, 127.0.0.0/8, ::1 or `localhost`
  /// A name without port: records in the DNS name servers, ports and transports (RFC 3263 4).
  [[nodiscard]] bool is_a_domain() const;
  /// What was typed, or what the transport has.
  [[nodiscard]] std::uint16_t port_or_default() const;
  /// `sip:HOST[:PORT]` as typed: Request-URI and digest uri.
  [[nodiscard]] std::string request_uri() const;
  /// Host without port; the SIP domain unless --domain says otherwise.
  [[nodiscard]] std::string domain() const;
  /// How it was understood, for people: `sip:alice@127.0.0.1:5060 over UDP`. A domain has no port,
  /// and a transport only when it was named: `sip:alice@example.com, found by DNS`.
  [[nodiscard]] std::string understood() const;
};

/// All forms: sip:, sips:, host, host:port, [::1]:5060, udp:host, tcp://host:port, tls:host,
/// ws://host:port/path, wss://host, builtin:PROFILE[;fault=NAME]. The error is a sentence that says
/// what to type.
[[nodiscard]] std::expected<Target, std::string> parse_target(std::string_view text);

}  // namespace sipauth::net
