#include "checks/worst.hpp"

#include "checks/outcome.hpp"

namespace sipauth::checks {

Finding no_challenge(const sip::Exchange& offered) {
  return {Verdict::inconclusive, "no challenge was offered: " + describe(offered), {offered}};
}

Finding no_challenges() { return {Verdict::skip, "no challenge was seen (SA-CH-01)"}; }

}  // namespace sipauth::checks
