// charset for `digest`: in which bytes user name and password are hashed (RFC 7616 4).
#pragma once

#include <expected>

#include "commands/credentials.hpp"
#include "commands/digest_fields.hpp"
#include "commands/options.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// UTF-8, which --charset or the challenge asks for: both in NFC. ISO-8859-1: both in one byte a
/// character. Neither: as they are, with a note where that matters. What was changed is noted.
[[nodiscard]] std::expected<void, results::Error> apply_charset(const DigestOptions& options,
                                                                DigestFields& fields,
                                                                FoundPassword& password);

}  // namespace sipauth::commands
