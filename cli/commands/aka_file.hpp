// The keys of a card, as --aka-file and --accounts hold them: `k=HEX`, `op=HEX` or `opc=HEX`, and
// where they are known `amf=HEX` and `sqn=HEX`, parted by blanks or line ends.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "registrar/registrar.hpp"

namespace sipauth::commands {

/// The longest --aka-file, in bytes.
inline constexpr std::size_t max_aka_bytes = 4096;

/// The error is a sentence that quotes nothing of the text. What stands behind a # is left out to
/// the end of its line.
[[nodiscard]] std::expected<registrar::AkaSubscription, std::string> read_aka(
    std::string_view text);

/// The same from a file that nobody else can read, or from standard input (`-`).
[[nodiscard]] std::expected<registrar::AkaSubscription, std::string> read_aka_file(
    const std::string& file);

}  // namespace sipauth::commands
