// `host [":" port]` of URIs and of a Via's sent-by (RFC 3261 25.1, RFC 5954).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cursor.hpp"

namespace sipauth::detail {

struct HostPort {
  std::string_view host;  ///< an IPv6 reference keeps its brackets
  std::optional<std::uint16_t> port;
};

/// Reads `text`, all of which is host and port; blanks at its ends are not part of it. Those round
/// the colon, which a Via may have, are left out of both.
HostPort read_host_port(std::string_view text, const Report& report) noexcept;

}  // namespace sipauth::detail
