// Where a registrar of ours listens, and whom it knows: what serve and fuzz client share.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "registrar/registrar.hpp"

namespace sipauth::commands {

struct ListenAddress {
  std::string address;  ///< without brackets
  std::uint16_t port = 5060;
  bool is_loopback = false;
};

/// `ADDR:PORT`, `[ADDR]:PORT`, or the address alone. The error is a sentence.
[[nodiscard]] std::expected<ListenAddress, std::string> parse_listen(std::string_view text);

/// Of the file, or the built-in ones when its name is empty. The error is a sentence.
[[nodiscard]] std::expected<std::vector<registrar::Account>, std::string> accounts_of(
    const std::string& file, const registrar::Profile& profile);

}  // namespace sipauth::commands
