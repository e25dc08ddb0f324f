// Every challenge of the run, read again from the recorded bytes: the mangled header of the first
// Asterisk patch stood only in a stale answer, so the first challenge alone proves nothing.
#pragma once

#include <string>
#include <string_view>

#include "checks/context.hpp"
#include "sipauth/lint.hpp"

namespace sipauth::checks {

/// Views live as long as the call.
struct SeenChallenge {
  const sip::Exchange& exchange;
  const Message& message;
  const Header& header;
  const Challenge& challenge;
  const Diagnostics& diagnostics;

  /// `WWW-Authenticate: Digest ...`, as the peer wrote it.
  [[nodiscard]] std::string row() const {
    return std::string{header.name} + ": " + std::string{header.value};
  }
};

/// `visit(const SeenChallenge&)` for each challenge of one answer.
template <typename Visit>
void for_each_challenge_of(Context& context, const sip::Exchange& exchange, Visit&& visit) {
  if (!exchange.response) return;
  Diagnostics ignored;
  const auto message =
      Message::parse(context.session().recorder().at(*exchange.response).bytes, ignored);
  if (!message) return;
  for_each_challenge(*message, [&](const Header& header, const Challenge& challenge,
                                   const Diagnostics& diagnostics) {
    visit(SeenChallenge{exchange, *message, header, challenge, diagnostics});
  });
}

/// The same for all answers, in the order of the run.
template <typename Visit>
void for_each_seen(Context& context, Visit&& visit) {
  for (const auto& exchange : context.exchanges()) {
    for_each_challenge_of(context, exchange, visit);
  }
}

}  // namespace sipauth::checks
