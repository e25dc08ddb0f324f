// Which known phones and stacks get into trouble with a registrar, and why: rows of data, each with
// a predicate over what was seen. A client that copes is not named.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "checks/seen_answer.hpp"
#include "sip/exchange.hpp"

namespace sipauth::sip {
class Recorder;
}

namespace sipauth::checks {

class Context;

/// The worst first.
enum class Impact : std::uint8_t { cannot_register, loses_registration, prompts_user };

/// `cannot-register`, `loses-registration`, `prompts-user`.
[[nodiscard]] std::string_view impact_name(Impact impact);

struct ClientImpact {
  std::string_view client;
  std::string_view consequence;  ///< a sentence about it, without subject and full stop
  Impact impact = Impact::cannot_register;
  std::string_view source;
};

/// What a whole run showed about answers to the right password.
struct SeenRun {
  std::optional<SeenAnswer> first = {};  ///< the first challenge to a request without credentials
  bool registered = false;               ///< the right password was taken
  int stale_at_first = 0;       ///< so often in a row, before it was taken for the first time
  bool plain_at_first = false;  ///< a 401 without stale=true came before it was taken
  int longest_stale_chain = 0;  ///< so often in a row, each nonce fresh, before it was taken

  // The rest needs checks.
  bool dead_nonce_is_plain = false;      ///< a used or expired nonce: 401 without stale=true
  bool dead_nonce_is_forbidden = false;  ///< a used, expired, replaced or forgotten nonce: 403
  bool count_gap_is_forbidden = false;   ///< nc leaves some out: 403
  bool count_start_is_refused = false;   ///< the first nc is not 1: refused
  bool answers_without_qop_are_taken = false;
};

struct ClientRow {
  std::string_view client = {};
  std::string_view consequence = {};
  std::string_view source = {};
  /// The client fails over this challenge: to a first request it then cannot register, to a stale
  /// nonce it loses its registration.
  bool (*over_answer)(const SeenAnswer&) = nullptr;
  /// The client fails over what the run showed, `impact` says how.
  bool (*over_run)(const SeenRun&) = nullptr;
  Impact impact = Impact::cannot_register;
};

[[nodiscard]] std::span<const ClientRow> client_rows();

/// The row's client fails over this answer, and how; nullopt: it copes.
[[nodiscard]] std::optional<Impact> impact_of(const ClientRow& row, const SeenAnswer& answer);

/// From exchanges alone, as a probe has them, in their order.
[[nodiscard]] std::vector<ClientImpact> client_impact(const sip::Recorder& recorder,
                                                      std::span<const sip::Exchange> exchanges);

/// The same with what the checks of a run found.
[[nodiscard]] std::vector<ClientImpact> client_impact(Context& context);

}  // namespace sipauth::checks
