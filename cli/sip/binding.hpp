// Leaves a registrar as it was found: what a run bound is unbound, also after Ctrl-C.
#pragma once

#include <string>
#include <vector>

#include "sip/session.hpp"

namespace sipauth::sip {

/// Removes each Contact of Session::bindings() by a REGISTER with Expires: 0. Returns those that
/// are left, for the person who has to remove them. An interrupt that came before is put aside
/// meanwhile; another one ends it. Throws nothing.
[[nodiscard]] std::vector<std::string> unbind(Session& session);

}  // namespace sipauth::sip
