// How the server was found, as a tree for people: NAPTR, SRV, addresses, and what became of each.
#pragma once

#include "net/resolution.hpp"
#include "results/text_page.hpp"

namespace sipauth::results {

void add_resolution(TextPage& page, const net::Resolution& resolution);

}  // namespace sipauth::results
