// The times of all messages of one text, read together: what a log leaves out of one of them, its
// neighbours tell.
//
//   23:59:59.1 ... 00:00:01.1        the second is of the next day
//   03/12/2021 ... 03/13/2021        the month comes first in both
//   10:00:00.4 ... 10:00:00.3 ...    the newest stands at the top
//
// Allocates what it returns and as much again; its work is linear in the number of messages.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sipauth/export.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {

enum class TimesKnown : std::uint8_t {
  nothing,
  time_of_day,
  day,  ///< of a year that is not written
  calendar,
};

struct TraceTimes {
  TimesKnown known = TimesKnown::nothing;
  /// Minutes east of Greenwich: of every message that tells its zone, 0 where they differ; nullopt
  /// where none does.
  std::optional<int> zone = std::nullopt;
  bool has_fractions = false;  ///< of a second, in one at least
  /// The messages run backwards: whoever follows them begins at the last.
  bool is_newest_first = false;
  /// How dates were read that go either way where nothing in the text decides; otherwise `told`.
  TraceDateOrder guessed = TraceDateOrder::told;
  /// One for each message, in the order of the text; ascending or not as it was written. Since
  /// 1970, UTC where a zone is known and as logged where none is; where the year is not known, of
  /// any one. A message without a time has that of the one before it, the first ones that of the
  /// first that has. Never 0, but for all of them where nothing is known.
  std::vector<std::int64_t> microseconds = {};
};

/// Throws std::bad_alloc only.
[[nodiscard]] SIPAUTH_API TraceTimes read_times(std::span<const TracedMessage> messages);

}  // namespace sipauth
