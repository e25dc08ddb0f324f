// The catalogue of server checks as data: each check is one row and one procedure.
//
// `--list`, `explain`, the man page and every report are made from the rows; a test runs each
// procedure on the built-in registrar that passes it and on the one that fails it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/verdict.hpp"
#include "net/clock.hpp"
#include "sip/exchange.hpp"

namespace sipauth::checks {

class Context;

/// `observed` says in one sentence what was seen; the last exchange of `evidence` shows it.
struct Finding {
  Verdict verdict = Verdict::inconclusive;
  std::string observed = {};
  std::vector<sip::Exchange> evidence = {};

  /// A refusal of right credentials proves nothing when the registrar locked us out meanwhile: the
  /// verdict stands only if the right password is taken afterwards.
  bool stands_on_liveness = false;

  /// Numbers beside the sentence, for programs: `lifetime_at_most_ms`.
  std::vector<std::pair<std::string, std::int64_t>> facts = {};

  /// Shown with exit code 4: the registrar refuses the credentials.
  bool credentials_refused = false;

  /// What the strict policies call the same facts. Checks that build on this one look at `verdict`,
  /// that of `field`, and at nothing else.
  StrictVerdicts strict = {};
};

/// When a check has its turn. Refused tries come late, bursts last, and what judges the whole run
/// after everything else.
enum class Stage : std::uint8_t {
  challenge,     ///< needs no password and comes first
  registration,  ///< the right password on a fresh nonce: all that follows stands on it
  acceptance,    ///< nothing has to be refused
  refusal,       ///< tries that must be refused, while the nonces age
  aged,          ///< needs the lifetime, or nonces that have outlived it
  burst,
  whole_run,  ///< no packet of its own: looks at all that was seen
};

struct Needs {
  bool credentials = false;
  bool wrong_password = false;  ///< left out by --no-wrong-password
  bool waiting = false;         ///< left out by --no-wait
  bool second_account = false;  ///< of --second-user
  bool second_source = false;   ///< another port, address or transport, where there is one
  bool binding = false;         ///< registers a Contact of ours: --bind
  bool intrusive = false;       ///< may crash, lock or fill logs: --intrusive
};

/// What a run announces before its first packet: an upper bound, liveness not counted.
struct Cost {
  int requests = 0;
  int refused = 0;  ///< tries that the registrar must refuse, whatever is wrong in them
  std::chrono::milliseconds waiting{0};
  /// The same to other than loopback, when fewer are made there.
  int refused_afar = -1;

  [[nodiscard]] int refused_on(bool loopback) const {
    return loopback || refused_afar < 0 ? refused : refused_afar;
  }
};

/// A built-in registrar, and the fault it is given.
struct BuiltIn {
  std::string_view profile;
  std::string_view fault = "";
};

struct Check {
  std::string_view id;
  std::string_view title;
  std::string_view question;
  std::string_view right;
  std::string_view acceptable = "";  ///< what else is no fault
  std::string_view failing = "";
  std::string_view strict = "";  ///< what is judged otherwise under a strict policy
  std::string_view harm;
  std::array<std::string_view, 3> references = {};
  Stage stage = Stage::refusal;
  Needs needs = {};
  Cost cost = {};
  /// Which refused tries come first when they are rationed: 1 is the most telling; 0 is what other
  /// checks stand on, and goes before all.
  int priority = 100;
  /// Checks whose exchanges this one judges: they run first, selected or not.
  std::array<std::string_view, 2> builds_on = {};
  /// What silence means when the same step was silent twice and the registrar lives on.
  Verdict on_silence = Verdict::inconclusive;
  /// The procedure can be begun again from the start (after a loss).
  bool repeatable = true;
  /// The worst outcome of its row, which `fails_on` brings out.
  Verdict worst = Verdict::fail;
  BuiltIn passes_on = {};
  BuiltIn fails_on = {};
  Finding (*run)(Context&) = nullptr;

  /// `SA-STALE` of `SA-STALE-01`.
  [[nodiscard]] std::string_view suite() const { return id.substr(0, id.rfind('-')); }
};

/// The suites, one per file.
[[nodiscard]] std::span<const Check> challenge_suite();
[[nodiscard]] std::span<const Check> offer_suite();
[[nodiscard]] std::span<const Check> layout_suite();
[[nodiscard]] std::span<const Check> authentication_suite();
[[nodiscard]] std::span<const Check> nonce_suite();
[[nodiscard]] std::span<const Check> tampering_suite();
[[nodiscard]] std::span<const Check> expiry_suite();
[[nodiscard]] std::span<const Check> stale_suite();
[[nodiscard]] std::span<const Check> count_suite();
[[nodiscard]] std::span<const Check> count_form_suite();

/// All of them, in the order of their ids.
[[nodiscard]] std::span<const Check* const> catalogue();

/// In any case, with or without `SA-`; nullptr when there is none.
[[nodiscard]] const Check* find(std::string_view id);

}  // namespace sipauth::checks
