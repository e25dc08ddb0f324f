#include "cli/builtin_run.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

#include "commands/another_way.hpp"

namespace sipauth {

const checks::Finding& BuiltinRun::operator[](std::string_view id) const {
  for (const auto& [check, finding] : report.reports) {
    if (check->id == id) return finding;
  }
  throw std::invalid_argument{"no report of " + std::string{id}};
}

std::string BuiltinRun::all(Verdict verdict) const {
  std::string ids;
  for (const auto& [check, finding] : report.reports) {
    if (finding.verdict != verdict) continue;
    if (!ids.empty()) ids += ' ';
    ids += check->id;
  }
  return ids;
}

sip::Identity alice(std::string_view password) {
  sip::Identity identity;
  identity.user = "alice";
  identity.domain = "127.0.0.1";
  identity.request_uri = "sip:127.0.0.1";
  identity.password = Secret{password};
  identity.has_password = true;
  identity.second = sip::Account{.user = "bob", .password = Secret{"secret2"}};
  return identity;
}

BuiltinRun run_builtin(std::string_view profile, std::string_view fault,
                       const RunOptions& options) {
  const auto* found = registrar::find_profile(profile);
  if (!found) throw std::invalid_argument{"no profile " + std::string{profile}};
  auto behaviour = *found;
  if (!fault.empty()) {
    const auto* flaw = registrar::find_fault(fault);
    if (!flaw) throw std::invalid_argument{"no fault " + std::string{fault}};
    flaw->apply(behaviour);
  }
  auto selection = checks::select(options.only, {});
  if (!selection) throw std::invalid_argument{"no check " + selection.error()};

  BuiltinRun run;
  run.transport = std::make_unique<registrar::BuiltinTransport>(
      registrar::Registrar{behaviour, registrar::built_in_accounts(), options.seed}, options.kind);
  auto identity = alice(options.password);
  identity.method = options.method;
  run.session = std::make_unique<sip::Session>(*run.transport, std::move(identity), sip::Timers{},
                                               sip::Limits{}, options.seed);
  run.session->connect_another =
      commands::another_builtin_way(*run.transport, behaviour, options.seed);
  checks::Runner runner{*run.session, options.settings, *selection};
  run.report = runner.run();
  return run;
}

}  // namespace sipauth
