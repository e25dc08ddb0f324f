#include "checks/context.hpp"

#include "checks/lifetime.hpp"

namespace sipauth::checks {
namespace {

using namespace std::chrono_literals;

/// A registrar that calls each fresh nonce stale more often than this never lets anyone in.
constexpr int most_challenges = 3;

}  // namespace

Context::Context(sip::Session& session, const Settings& settings)
    : session_{session}, settings_{settings}, lifetime_{std::make_unique<Lifetime>(session)} {
  session_.on_exchange = [this](const sip::Exchange& exchange) {
    if (exchange.status != 0) exchanges_.push_back(exchange);
  };
  session_.background = [this](net::Instant now) { return lifetime_->poll(now); };
}

Context::~Context() {
  session_.on_exchange = nullptr;
  session_.background = nullptr;
}

Liveness Context::try_registration() {
  auto dialogue = this->dialogue();
  sip::Exchange exchange;
  try {
    exchange = dialogue.challenge();
  } catch (const sip::NoAnswer&) {
    return Liveness::silent;
  }
  if (!registered) return exchange.challenged() ? Liveness::alive : Liveness::refused;
  try {
    for (int tries = 0; tries <= most_challenges && exchange.challenged(); ++tries) {
      exchange = dialogue.answer(exchange);
      if (exchange.accepted()) return Liveness::alive;
      if (!exchange.stale()) break;
    }
  } catch (const sip::NoAnswer&) {
    return Liveness::refused;
  }
  return Liveness::refused;
}

Liveness Context::liveness() {
  const auto first = try_registration();
  if (first != Liveness::refused) return first;
  // A nonce that is the same for a second may have been used up within it.
  session_.wait_until(session_.clock().now() + 1100ms);
  return try_registration();
}

const Finding* Context::finding(std::string_view id) const {
  const auto found = findings_.find(id);
  return found == findings_.end() ? nullptr : &found->second;
}

}  // namespace sipauth::checks
