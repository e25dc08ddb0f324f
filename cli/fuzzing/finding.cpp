#include "fuzzing/finding.hpp"

#include <utility>

namespace sipauth::fuzzing {

void narrow(Finding& finding, std::vector<Case> window, const Troubles& troubles,
            const MayTry& may_try) {
  finding.cases = window;
  if (window.empty() || !may_try()) return;
  if (std::vector<Case> last{window.back()}; troubles(last)) {
    finding.cases = std::move(last);
  } else if (window.size() == 1 || !may_try() || !troubles(window)) {
    return;
  } else {
    finding.cases = reduce(std::move(window), troubles, may_try);
  }
  finding.reproduced = true;
  if (finding.cases.size() > 1) return;

  auto smaller = finding.cases.front();
  const auto still_there = [&](const std::string& text) {
    smaller.text = text;
    return troubles({smaller});
  };
  auto smallest = reduce_text(finding.cases.front().text, still_there, may_try);
  if (smallest != finding.cases.front().text) finding.minimized = std::move(smallest);
}

}  // namespace sipauth::fuzzing
