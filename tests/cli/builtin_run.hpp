// A run of checks against a built-in registrar, for tests: no socket, no waiting, always the same.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/runner.hpp"
#include "registrar/builtin_transport.hpp"
#include "registrar/registrar.hpp"
#include "sip/session.hpp"

namespace sipauth {

struct BuiltinRun {
  std::unique_ptr<registrar::BuiltinTransport> transport;
  std::unique_ptr<sip::Session> session;
  checks::RunReport report;

  /// The finding of a check that was selected.
  [[nodiscard]] const checks::Finding& operator[](std::string_view id) const;
  /// `SA-CH-03 fail, SA-AUTH-01 fail`: every finding of that verdict.
  [[nodiscard]] std::string all(Verdict verdict) const;
};

struct RunOptions {
  std::vector<std::string> only = {};
  std::string password = "secret";
  std::uint64_t seed = 1;
  net::TransportKind kind = net::TransportKind::builtin;
  std::string method = "REGISTER";
  checks::Settings settings = everything_allowed();

  static checks::Settings everything_allowed() {
    return {.max_wait = std::chrono::seconds{4096},
            .has_password = true,
            .max_refused = 400,
            .has_second_account = true,
            .may_bind = true,
            .intrusive = true};
  }
};

[[nodiscard]] sip::Identity alice(std::string_view password);

/// `fault` may be empty. Fails the test when profile, fault or selection are unknown.
[[nodiscard]] BuiltinRun run_builtin(std::string_view profile, std::string_view fault = "",
                                     const RunOptions& options = {});

}  // namespace sipauth
