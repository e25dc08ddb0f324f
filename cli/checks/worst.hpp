// Several tries in one check: the worst verdict counts, and its sentence names the variant.
#pragma once

#include <string>
#include <utility>

#include "checks/check.hpp"

namespace sipauth::checks {

class Worst {
 public:
  /// `strict`: what the strict policies say of this try. Under each policy the worst try counts;
  /// where that is not the same try, the sentence tells of both.
  void add(Verdict verdict, std::string observed, const sip::Exchange& evidence,
           StrictVerdicts strict = {});

  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] const Finding& finding() const { return finding_; }

 private:
  Finding finding_;
  bool any_ = false;
};

/// What a procedure says that got no challenge to begin with.
[[nodiscard]] Finding no_challenge(const sip::Exchange& offered);

/// The same of one that looks at the challenges of the whole run.
[[nodiscard]] Finding no_challenges();

}  // namespace sipauth::checks
