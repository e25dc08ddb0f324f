// What to do about a result, on a page: whom it shuts out, and what mends it.
#pragma once

#include <vector>

#include "results/result.hpp"
#include "results/text_page.hpp"

namespace sipauth::results {

/// One line each under a heading for each severity; where that is known from when asked for more.
/// Nothing when the list is empty.
void add_client_impact(TextPage& page, const std::vector<ClientImpact>& impacts);

/// What mends a row on the server that the peer says it is, on all others when asked for more; else
/// where they are told.
void add_mending(TextPage& page, const Row& row);

}  // namespace sipauth::results
