// The challenges of an answer as probe shows them: decoded, each with what lint says about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/result.hpp"

namespace sipauth::commands {

struct ShownChallenges {
  std::vector<results::ShownChallenge> list;
  std::vector<results::ShownChallenge::Lint> lint;  ///< of all of them together
  std::vector<std::string> unreadable;  ///< a sentence for each row that could not be read at all
  bool has_error = false;               ///< a diagnostic is an error, or a row is unreadable
};

/// `response` is a whole message; one that cannot be parsed has no challenges.
[[nodiscard]] ShownChallenges shown_challenges(std::string_view response);

}  // namespace sipauth::commands
