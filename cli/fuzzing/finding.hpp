// What a network fuzz run found, and the search for the one message that does it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fuzzing/cases.hpp"
#include "fuzzing/reduce.hpp"

namespace sipauth::fuzzing {

struct Finding {
  std::string kind = {};  ///< crash, hang, state
  std::string text = {};  ///< sentences: what was seen
  /// Sending `cases` again brought the trouble back.
  bool reproduced = false;
  /// The peer answered as before at the end, by itself or by a restart.
  bool came_back = false;
  /// One: the message that does it. Several: it takes all of them when `reproduced`, else they are
  /// the candidates, all that was sent since the peer was last seen well.
  std::vector<Case> cases = {};
  std::string minimized = {};  ///< the text of the one case, smaller; empty: it is not
};

/// Sends these and looks: is the trouble back? The peer must be well again when it returns, or the
/// next may_try() be false.
using Troubles = std::function<bool(const std::vector<Case>&)>;

/// Fills in what `window`, which was sent before the trouble, comes down to: the last message is
/// the likeliest.
void narrow(Finding& finding, std::vector<Case> window, const Troubles& troubles,
            const MayTry& may_try);

}  // namespace sipauth::fuzzing
