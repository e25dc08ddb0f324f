// Why no challenge of an answer could be answered.
#pragma once

#include "results/result.hpp"
#include "sip/exchange.hpp"
#include "sip/session.hpp"

namespace sipauth::commands {

/// `credentials` when the card does not accept what the registrar sent, else `inconclusive`; the
/// text names what keeps each challenge from being answered.
[[nodiscard]] results::Error why_unanswerable(const results::Probe& probe,
                                              const sip::Exchange& challenged,
                                              const sip::Identity& identity);

}  // namespace sipauth::commands
