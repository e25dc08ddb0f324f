// Fresh nonces that are answered at ages of one's choice: where the life of a nonce ends.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "checks/context.hpp"

namespace sipauth::checks {

struct AgedNonce {
  net::Duration age{0};      ///< at which it is answered
  bool used_before = false;  ///< it was answered once when it was fresh
};

struct AgedAnswer {
  AgedNonce nonce = {};  ///< its age when the answer was sent: no less than was wanted
  sip::Exchange answered = {};
};

/// Which nonces are answered, and until when.
struct AgedPlan {
  std::vector<AgedNonce> nonces = {};  ///< of rising age
  bool until_refused = false;          ///< the others are left alone after the first refusal
};

/// Each nonce in a dialogue of its own, all fetched at once, or a second apart where they would be
/// the same. An answer that was sent more than once and refused tells nothing and is left out. The
/// error says why there are no nonces to be aged.
[[nodiscard]] std::expected<std::vector<AgedAnswer>, std::string> answer_aged(Context& context,
                                                                              const AgedPlan& plan);

/// Between the greatest age that was taken and the least that was refused.
struct LifeEnd {
  net::Duration taken{0};
  net::Duration refused{0};
  std::optional<sip::Exchange> refusal = std::nullopt;

  [[nodiscard]] bool is_known_to_a_second() const;
};

/// Asks at ages between the two, and brings them nearer. An error as of answer_aged().
[[nodiscard]] std::expected<void, std::string> narrow(Context& context, LifeEnd& end,
                                                      bool used_before);

}  // namespace sipauth::checks
