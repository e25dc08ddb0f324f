#include "checks/fresh_challenge.hpp"

#include <chrono>

namespace sipauth::checks {

using namespace std::chrono_literals;

sip::Exchange fresh_challenge(sip::Dialogue& dialogue, sip::Shape shape) {
  auto offered = dialogue.challenge(shape);
  if (!offered.challenged() || !dialogue.session().nonce_was_used(offered.offer()->nonce)) {
    return offered;
  }
  dialogue.wait(1100ms);
  if (shape.cseq) ++*shape.cseq;
  return dialogue.challenge(shape);
}

}  // namespace sipauth::checks
