// How a finding is mended on servers that many run: rows of data, each with where it was read.
//
// The Server or User-Agent header decides what is told first, never a verdict: it may lie.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace sipauth::checks {

struct Mending {
  std::array<std::string_view, 6> checks = {};  ///< ids
  std::string_view server = {};                 ///< as `servers_named_by` calls it
  std::string_view advice = {};  ///< what to set, or that it cannot be set; without a full stop
  std::string_view source = {};
};

[[nodiscard]] std::span<const Mending> mendings();

/// `Kamailio`; for Asterisk the channel drivers that its version may run; none when the header
/// names no server of the rows.
[[nodiscard]] std::vector<std::string_view> servers_named_by(std::string_view header);

/// What mends a check's finding: rows of `servers` first, else in their order.
[[nodiscard]] std::vector<const Mending*> mendings_of(
    std::string_view check, std::span<const std::string_view> servers = {});

}  // namespace sipauth::checks
