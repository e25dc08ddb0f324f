// The families of profiles, one file each; profiles.cpp puts them in order.
#pragma once

#include <vector>

#include "registrar/profile.hpp"

namespace sipauth::registrar {

[[nodiscard]] std::vector<Profile> asterisk_profiles();

/// Kamailio, OpenSIPS and the registrars built on reSIProcate.
[[nodiscard]] std::vector<Profile> proxy_profiles();

}  // namespace sipauth::registrar
