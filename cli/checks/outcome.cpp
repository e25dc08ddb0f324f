#include "checks/outcome.hpp"

#include <algorithm>
#include <chrono>

namespace sipauth::checks {

Outcome outcome_of(const sip::Exchange& exchange) {
  if (exchange.accepted()) return Outcome::accepted;
  if (exchange.is_401_or_407()) {
    if (!exchange.usable()) return Outcome::dead_challenge;
    return exchange.stale() ? Outcome::stale : Outcome::plain;
  }
  if (exchange.status == 403) return Outcome::forbidden;
  if (exchange.status == 400) return Outcome::bad_request;
  if (exchange.status == 404) return Outcome::not_found;
  if (exchange.status >= 500 && exchange.status < 600) return Outcome::broken;
  return exchange.status >= 400 ? Outcome::refused : Outcome::other;
}

bool leads_on(const sip::Exchange& exchange) { return exchange.usable(); }

bool says_stale(const sip::Exchange& exchange) {
  return exchange.is_401_or_407() &&
         std::ranges::any_of(exchange.offers,
                             [](const sip::Offer& offer) { return offer.stale.value_or(false); });
}

std::string describe(const sip::Exchange& exchange) {
  const auto status = std::to_string(exchange.status);
  if (!exchange.is_401_or_407()) {
    return exchange.reason.empty() ? status : status + ' ' + exchange.reason;
  }
  if (exchange.offers.empty()) return status + " without a challenge";
  const std::string stale = says_stale(exchange) ? " with stale=true" : "";
  if (!exchange.offer()) return status + stale + " whose challenge cannot be answered";
  if (!exchange.sent) return status + stale;
  if (!exchange.usable()) return status + stale + " and the nonce that was just sent";
  return status + (stale.empty() ? " without stale and with" : stale + " and") + " a new nonce";
}

std::string in_seconds(net::Duration duration) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  const auto tenths = (ms + 50) / 100;
  auto text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += '.' + std::to_string(tenths % 10);
  return text + " s";
}

}  // namespace sipauth::checks
