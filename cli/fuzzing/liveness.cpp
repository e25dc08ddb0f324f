#include "fuzzing/liveness.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "sip/dialogue.hpp"

namespace sipauth::fuzzing {
namespace {

constexpr int learning_looks = 3;

/// A registrar that calls one fresh nonce after another stale will go on with it.
constexpr int most_stale_followed = 3;

std::string shape_of(const sip::Exchange& exchange) {
  std::string shape;
  for (const auto& offer : exchange.offers) {
    shape += fmt::format("{}{} realm=\"{}\"{}{}{}{}{}", shape.empty() ? "" : ", ",
                         offer.proxy ? "Proxy-Authenticate" : "WWW-Authenticate", offer.realm,
                         offer.algorithm_text.empty() ? "" : " algorithm=" + offer.algorithm_text,
                         offer.qop_text ? " qop=\"" + *offer.qop_text + '"' : "",
                         offer.opaque ? " opaque" : "",
                         offer.stale ? (*offer.stale ? " stale=true" : " stale=false") : "",
                         offer.is_well_formed ? "" : " (not usable)");
  }
  return shape.empty() ? "no challenge" : shape;
}

double seconds(net::Duration duration) { return std::chrono::duration<double>(duration).count(); }

bool is_gone(const net::NetError& error) {
  using Kind = net::NetError::Kind;
  return error.kind == Kind::refused || error.kind == Kind::closed ||
         error.kind == Kind::unreachable;
}

}  // namespace

Health Liveness::ask(Look& look) {
  ++looks_;
  sip::Dialogue dialogue{session_};
  auto first = dialogue.challenge();
  rtt_ = first.rtt;
  look.status = first.status;
  Health health{.first = std::to_string(first.status),
                .challenges = first.is_401_or_407() ? shape_of(first) : "no challenge",
                .second = {}};
  if (!first.challenged()) return health;
  look.challenged = first;
  if (!session_.identity().has_password) return health;
  auto second = dialogue.answer(first);
  for (int i = 0; i < most_stale_followed && second.stale() && second.usable(); ++i) {
    look.challenged = second;
    second = dialogue.answer(second);
  }
  look.status = second.status;
  health.second = std::to_string(second.status);
  accepted_ = second.accepted();
  return health;
}

void Liveness::learn() {
  Look first;
  usual_ = ask(first);
  for (int i = 1; i < learning_looks; ++i) {
    Look look;
    const auto health = ask(look);
    const auto compare = [&](bool& compares, const std::string& usual, const std::string& now,
                             const char* what) {
      if (!compares || usual == now) return;
      compares = false;
      not_compared_.push_back(
          fmt::format("{} differs from REGISTER to REGISTER ({}, then {}) and is not compared.",
                      what, usual, now));
    };
    compare(compares_first_, usual_.first, health.first, "The answer to no credentials");
    compare(compares_challenges_, usual_.challenges, health.challenges, "The challenge");
    compare(compares_second_, usual_.second, health.second, "The answer to right credentials");
  }
  if (!accepted_) return;
  sip::Dialogue dialogue{session_};
  const auto challenged = dialogue.challenge();
  if (!challenged.challenged() || !dialogue.answer(challenged).accepted()) return;
  nonce_serves_again_ = dialogue.answer(challenged).accepted();
}

std::string Liveness::difference(const Health& now) const {
  const auto told = [](const char* what, const std::string& was, const std::string& is) {
    return fmt::format("A valid REGISTER is answered otherwise: {} {}, before it was {}.", what,
                       is.empty() ? "nothing" : is, was.empty() ? "nothing" : was);
  };
  if (compares_first_ && now.first != usual_.first) {
    return told("without credentials it gets", usual_.first, now.first);
  }
  if (compares_challenges_ && now.challenges != usual_.challenges) {
    return told("the challenge is", usual_.challenges, now.challenges);
  }
  if (compares_second_ && now.second != usual_.second) {
    return told("right credentials get", usual_.second, now.second);
  }
  return {};
}

Look Liveness::look() {
  Look look;
  const auto begin = session_.clock().now();
  try {
    const auto health = ask(look);
    look.took = session_.clock().now() - begin;
    look.seen = difference(health);
    if (!look.seen.empty()) {
      look.kind = Look::Kind::changed;
    } else if (look.took > slow_after_) {
      look.kind = Look::Kind::slow;
      look.seen = fmt::format("A valid REGISTER took {:.1f} s.", seconds(look.took));
    }
  } catch (const sip::NoAnswer& none) {
    look.took = session_.clock().now() - begin;
    const bool gone = none.error && is_gone(*none.error);
    look.kind = gone ? Look::Kind::gone : Look::Kind::silent;
    look.seen = gone ? fmt::format("It is gone. {}", none.error->text)
                     : fmt::format("A valid REGISTER got no answer within {:g} s.",
                                   seconds(session_.timers().timeout));
  }
  return look;
}

}  // namespace sipauth::fuzzing
