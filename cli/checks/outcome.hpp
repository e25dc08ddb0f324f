// What an answer means to a client, in the words of the catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sip/exchange.hpp"

namespace sipauth::checks {

enum class Outcome : std::uint8_t {
  accepted,        ///< 2xx
  stale,           ///< 401 or 407 with stale=true and a challenge that leads on
  plain,           ///< the same without stale=true
  dead_challenge,  ///< 401 or 407 whose challenge cannot be answered, or offers the nonce just sent
  forbidden,       ///< 403
  bad_request,     ///< 400
  not_found,       ///< 404
  refused,         ///< any other 4xx or 6xx
  broken,          ///< 5xx
  other,           ///< 3xx
};

[[nodiscard]] Outcome outcome_of(const sip::Exchange& exchange);

/// stale or plain: the client has something to go on with.
[[nodiscard]] bool leads_on(const sip::Exchange& exchange);

/// Any challenge of the answer says stale=true, answerable or not.
[[nodiscard]] bool says_stale(const sip::Exchange& exchange);

/// `403 Forbidden`, `401 with stale=true and a new nonce`: fits behind "was answered with". Holds
/// the peer's reason phrase as it came.
[[nodiscard]] std::string describe(const sip::Exchange& exchange);

/// `8.2 s`, `5 s`: to a tenth of a second.
[[nodiscard]] std::string in_seconds(net::Duration duration);

}  // namespace sipauth::checks
