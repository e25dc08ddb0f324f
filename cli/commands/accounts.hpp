// The accounts of `serve --accounts FILE`.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "registrar/registrar.hpp"

namespace sipauth::commands {

/// One account a line, `USER PASSWORD`: the password is all that stands behind the blanks, to the
/// end of the line. Empty lines and lines that begin with `#` are skipped. The error is a sentence
/// that names a line and no password.
[[nodiscard]] std::expected<std::vector<registrar::Account>, std::string> read_accounts(
    std::string_view text);

/// For profiles of AKA: what stands where passwords do are the keys of cards, as in --aka-file.
[[nodiscard]] std::expected<void, std::string> read_cards(
    std::vector<registrar::Account>& accounts);

/// The longest file, in bytes: ten thousand accounts of a hundred bytes.
inline constexpr std::size_t max_accounts_bytes = 1'000'000;

}  // namespace sipauth::commands
