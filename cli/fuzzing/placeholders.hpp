// What must be fresh each time a message is sent, taken out of a text and put in again.
//
//   Call-ID: {{call-id}}
//   Authorization: Digest username="alice", nonce="{{nonce}}", response="{{response}}"
//
// A value that a mutation damaged is not found any more, so it stays in the text as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sipauth::fuzzing {

struct FreshValue {
  std::string name;   ///< as it stands between the braces: `nonce`
  std::string value;  ///< of this sending; empty: it has none
  /// What stands in front of it; needed where the value alone is too short to be told from others.
  std::string before = {};
};

using FreshValues = std::vector<FreshValue>;

/// Every value that is found becomes its placeholder, the longest values first.
[[nodiscard]] std::string with_placeholders(std::string_view text, FreshValues values);

/// The opposite. A placeholder of no such name stays as it is.
[[nodiscard]] std::string with_values(std::string_view text, const FreshValues& values);

/// The text in pieces that are not to be cut: a placeholder, or one byte.
[[nodiscard]] std::vector<std::string> pieces_of(std::string_view text);

}  // namespace sipauth::fuzzing
