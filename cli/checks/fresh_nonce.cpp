#include "checks/fresh_nonce.hpp"

#include "checks/worst.hpp"

namespace sipauth::checks {

using namespace std::chrono_literals;

FreshNonce fresh_nonce(Context& context, sip::Dialogue& dialogue, const sip::Shape& shape,
                       NonceWanted wanted) {
  FreshNonce fresh{.offered = dialogue.challenge(shape)};
  const bool any_will_do =
      wanted == NonceWanted::usable && context.shared.reuse && context.shared.reuse->accepted();
  const auto is_taken = [&] {
    return !any_will_do && fresh.offered.challenged() &&
           context.session().nonce_was_used(fresh.offered.offer()->nonce);
  };
  if (is_taken()) {
    dialogue.wait(1100ms);
    fresh.offered = dialogue.challenge(shape);
  }
  if (!fresh.offered.challenged()) {
    fresh.problem = no_challenge(fresh.offered);
  } else if (is_taken()) {
    fresh.problem =
        Finding{Verdict::skip, "every challenge has the same nonce (SA-NONCE-13)", {fresh.offered}};
  }
  return fresh;
}

}  // namespace sipauth::checks
