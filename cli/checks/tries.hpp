// Several answers to challenges, each in a dialogue of its own on a fresh nonce: what each of the
// registrar's answers is worth, and one sentence about them all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"

namespace sipauth::checks {

/// The letters of a catalogue row. An outcome without one stands in no column: a refusal is a
/// warning then, and anything else proves nothing.
struct Expected {
  std::optional<Verdict> accepted = std::nullopt;
  std::optional<Verdict> stale = std::nullopt;
  std::optional<Verdict> plain = std::nullopt;  ///< also with the nonce of the same second
  std::optional<Verdict> forbidden = std::nullopt;
  std::optional<Verdict> bad_request = std::nullopt;
  std::optional<Verdict> not_found = std::nullopt;
  std::optional<Verdict> refused = std::nullopt;  ///< any other 4xx or 6xx
  std::optional<Verdict> broken = std::nullopt;

  [[nodiscard]] std::optional<Verdict> letter(const sip::Exchange& answered) const;
};

/// The same letter for everything but 2xx and 5xx.
[[nodiscard]] constexpr Expected all_refusals(Verdict verdict, std::optional<Verdict> accepted) {
  return {.accepted = accepted,
          .stale = verdict,
          .plain = verdict,
          .forbidden = verdict,
          .bad_request = verdict,
          .not_found = verdict,
          .refused = verdict};
}

/// Which row of a challenge is to be answered, when it is not the one a phone would take.
using Wanted = std::function<bool(const sip::Offer&)>;

/// A challenge that waits for its answer.
struct Fresh {
  sip::Dialogue dialogue;
  sip::Exchange offered;
  Wanted wanted = nullptr;

  /// Why there is nothing to answer; a SKIP with `no_such_row` when no row is the wanted one.
  [[nodiscard]] std::optional<Finding> lacking(std::string_view no_such_row) const;
  [[nodiscard]] const sip::Offer& offer() const { return *offered.offer(); }
  sip::Exchange answer(const sip::Deviation& deviation = {}, const sip::Shape& shape = {}) {
    return dialogue.answer(offered, deviation, shape);
  }
};

/// A fresh challenge. A nonce that was used before, because all of one second are the same, is
/// waited out unless SA-NONCE-01 saw that it may be used again. `offered` of one that was not
/// challenged tells why. Without a row that is `wanted`, `offered.chosen` is nullopt.
[[nodiscard]] Fresh fresh_challenge(Context& context, const sip::Shape& shape = {},
                                    const Wanted& wanted = nullptr);

class Tries {
 public:
  explicit Tries(Context& context) : context_{context} {}

  /// `what` fits before "was answered with".
  void judge(std::string_view what, const Expected& expected, const sip::Exchange& answered);
  /// One whose letter was found otherwise. `seen` is a sentence without a full stop.
  void note(Verdict verdict, std::string_view what, std::string seen,
            const sip::Exchange& answered);
  /// A fresh challenge, its answer, and what that is worth.
  void answer(std::string_view what, const Expected& expected, const sip::Deviation& deviation,
              const sip::Shape& shape = {});
  /// For a sentence at the end: `without a letter in it, the realm has no other case`.
  void leave_out(std::string_view why);

  [[nodiscard]] bool any() const { return !tries_.empty(); }

  /// The worst verdict, with the sentence of each try that brought it. When all passed,
  /// `all_passed`, and what each was answered with.
  [[nodiscard]] Finding finding(std::string_view all_passed) const;

 private:
  struct Try {
    std::string what;
    Verdict verdict = Verdict::pass;
    std::string seen;
    sip::Exchange answered;
  };

  Context& context_;
  std::vector<Try> tries_;
  std::vector<std::string> left_out_;
};

/// Answers, and follows stale=true with the same deviation, as a phone does, up to three times.
[[nodiscard]] sip::Exchange answer_and_follow(Fresh& fresh, const sip::Deviation& deviation = {});

/// The digest of another realm or user name cannot be made of an HA1, nor Basic credentials.
[[nodiscard]] bool knows_the_password(Context& context);

/// A name that no account has: letters that mean nothing.
[[nodiscard]] std::string random_user(Context& context);

}  // namespace sipauth::checks
