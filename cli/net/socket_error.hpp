// What the system says about a socket or a name, as a NetError a person can act on.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "net/transport.hpp"

namespace sipauth::net {

/// `way` is `udp 127.0.0.1:5060`.
[[nodiscard]] NetError socket_error(const std::error_code& code, std::string_view way);

[[nodiscard]] NetError interrupted_error();

}  // namespace sipauth::net
