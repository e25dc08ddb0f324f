// The options that say who is asked and as whom, for main.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "commands/options.hpp"
#include "commands/usage.hpp"
#include "commands/values.hpp"
#include "net/transport.hpp"
#include "option_adders.hpp"

namespace sipauth::commands {

inline void add_target(CLI::App& app, TargetOptions& to) {
  app.footer(std::string{target_help} + exit_codes_help);
  add_text(app, "TARGET", to.target, "", "Who is asked");
  add_text(app, "--transport", to.transport, "NAME", std::string{net::transport_choice});
  add_text(app, "--connect", to.connect, "HOST:PORT", "Send there, whatever TARGET says");
  add_text(app, "--dns-server", to.dns_server, "ADDRESS[:PORT]",
           "Ask this name server, not the system's");
  add_text(app, "--source", to.source, "ADDRESS", "Send from this address of this host");
  app.add_flag("-4", to.ipv4_only, "IPv4 only");
  app.add_flag("-6", to.ipv6_only, "IPv6 only");
  add_value(app, "--timeout", to.timeout_seconds, seconds_of, "TIME",
            "How long an answer may take, as in 500ms, 5s, 32s [5s]");
  add_text(app, "--user", to.user, "NAME", "Whose registration [the user of TARGET]");
  add_text(app, "--auth-user", to.auth_user, "NAME", "Another user name in the digest");
  add_text(app, "--domain", to.domain, "NAME", "Domain of From and To [the host]");
  add_text(app, "--realm", to.realm, "NAME", "Answer challenges of this realm only");
  add_text(app, "--password-file", to.password_file, "FILE", "- is standard input");
  add_text(app, "--ha1-file", to.ha1_file, "FILE", "H(user:realm:password) in hex instead");
  add_text(app, "--aka-file", to.aka_file, "FILE", "K and OP or OPc of a SIM card instead");
  add_text(app, "--tls-name", to.tls_name, "NAME", "Whom the certificate must name [the host]");
  add_text(app, "--ca-file", to.ca_file, "FILE", "Trust the certificates in this PEM file");
  app.add_flag("-k,--insecure", to.insecure, "Take any certificate");
  add_text(app, "--tls-cert", to.tls_cert, "FILE", "Show this certificate to the server (PEM)");
  add_text(app, "--tls-key", to.tls_key, "FILE", "Its key (PEM) [in the same file]");
  add_text(app, "--tls-key-log", to.tls_key_log, "FILE",
           "Append TLS secrets, for Wireshark [SSLKEYLOGFILE]");
  add_text(app, "--user-agent", to.user_agent, "TEXT", "The User-Agent header");
  add_list(app, "--header", to.headers, "'Name: value'", "Added to every request");
  add_value(app, "--rate", to.rate, real_of, "NUMBER",
            "Requests per second [5, no limit on this host]");
  add_value(app, "--max-requests", to.max_requests, whole_of<std::uint64_t>, "NUMBER",
            "Send no more than so many");
  add_value(app, "--seed", to.seed, whole_of<std::uint64_t>, "NUMBER",
            "Draw everything random from it [1 for builtin:]");
  add_text(app, "--pcap-out", to.pcap_file, "FILE", "All messages, for Wireshark and sngrep");
  app.add_flag("--show-secrets", to.show_secrets, "Do not redact responses and cnonces");
}

}  // namespace sipauth::commands
