// --aka-file for `digest`: the password of an AKA nonce, and what the card says of it.
#pragma once

#include <expected>
#include <optional>

#include "commands/credentials.hpp"
#include "commands/digest_fields.hpp"
#include "commands/options.hpp"
#include "registrar/registrar.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

using Card = std::optional<registrar::AkaSubscription>;

/// nullopt without --aka-file.
[[nodiscard]] std::expected<Card, results::Error> card_of(const DigestOptions& options,
                                                          bool standard_input_taken);

/// What goes into the digest of `fields`. A card that asks for resynchronisation sets fields.auts
/// where a challenge is answered; where credentials are verified (`verifies`) their own auts says
/// that the password was empty. What the card found is added to the notes.
[[nodiscard]] std::expected<FoundPassword, results::Error> password_of_card(
    const registrar::AkaSubscription& card, DigestFields& fields, bool verifies);

}  // namespace sipauth::commands
