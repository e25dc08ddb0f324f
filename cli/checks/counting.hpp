// What the checks of nonce counts share: a nonce of their own to count on, and what answers are
// worth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {

/// What each answer to the last request of a procedure is worth. What stands in no column of the
/// catalogue is a warning when it refuses, and proves nothing else.
struct Letters {
  Verdict accepted = Verdict::pass;
  Verdict stale = Verdict::pass;
  Verdict plain = Verdict::warn;
  Verdict forbidden = Verdict::warn;
  Verdict bad_request = Verdict::warn;
  Verdict broken = Verdict::warn;
};

[[nodiscard]] Verdict letter(const Letters& letters, const sip::Exchange& answered);

/// A nonce that was used before serves as well where counts are not kept: SA-NC-01 was answered
/// with 200. What looks at the cnonce needs a fresh one all the same.
enum class Freshness : std::uint8_t { where_counts_are_kept, always };

/// A dialogue with a nonce that no other check has counted on, or why there is none.
class Counting {
 public:
  explicit Counting(Context& context, Freshness freshness = Freshness::where_counts_are_kept);

  [[nodiscard]] const std::optional<Finding>& problem() const { return problem_; }
  /// Answers the challenge, whose nonce is the same each time.
  [[nodiscard]] sip::Exchange answer(const sip::Deviation& deviation,
                                     const sip::Shape& shape = {}) {
    return dialogue_.answer(offered_, deviation, shape);
  }
  [[nodiscard]] sip::Exchange answer(std::uint32_t count) { return answer({.nc = count}); }
  [[nodiscard]] sip::Dialogue& dialogue() { return dialogue_; }

 private:
  sip::Dialogue dialogue_;
  sip::Exchange offered_;
  std::optional<Finding> problem_;
};

/// Where a nonce is good for one use, its second use is refused whatever nc says.
[[nodiscard]] std::optional<Finding> one_use_only(Context& context);

[[nodiscard]] Finding not_begun(const sip::Exchange& first);

[[nodiscard]] Finding nothing_is_counted(const sip::Exchange& offered);

/// `0000000a`
[[nodiscard]] std::string nc_text(std::uint32_t count);

/// One nonce: `first` has to be taken, and the answer to `then` is judged into `worst`. A finding:
/// nothing can be judged.
[[nodiscard]] std::optional<Finding> add_pair(Context& context, Worst& worst,
                                              const Letters& letters, std::uint32_t first,
                                              std::uint32_t then);

/// The same as a finding of its own.
[[nodiscard]] Finding judge_pair(Context& context, const Letters& letters, std::uint32_t first,
                                 std::uint32_t then);

}  // namespace sipauth::checks
