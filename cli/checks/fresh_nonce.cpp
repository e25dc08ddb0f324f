#include "checks/fresh_nonce.hpp"

#include "checks/worst.hpp"

namespace sipauth::checks {

using namespace std::chrono_literals;

FreshNonce fresh_nonce(Context& context, sip::Dialogue& dialogue, const sip::Shape& shape) {
  FreshNonce fresh{.offered = dialogue.challenge(shape)};
  const auto is_taken = [&] {
    return fresh.offered.challenged() &&
           context.session().nonce_was_used(fresh.offered.offer()->nonce);
  };
  if (is_taken()) {
    dialogue.wait(1100ms);
    fresh.offered = dialogue.challenge(shape);
  }
  if (!fresh.offered.challenged()) {
    fresh.problem = no_challenge(fresh.offered);
  } else if (is_taken() && !(context.shared.reuse && context.shared.reuse->accepted())) {
    fresh.problem =
        Finding{Verdict::skip, "every challenge has the same nonce (SA-NONCE-13)", {fresh.offered}};
  }
  return fresh;
}

}  // namespace sipauth::checks
