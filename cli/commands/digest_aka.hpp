// --aka-file for `digest`: the password of an AKA nonce, and what the card says of it.
#pragma once

#include <expected>
#include <optional>

#include "commands/credentials.hpp"
#include "commands/digest_context.hpp"
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

/// Both passwords that the nonce leads to, so that one that was hashed for the other is found; none
/// where the card does not answer.
void set_aka_passwords(const registrar::AkaSubscription& card, const DigestFields& fields,
                       Neighbours& neighbours);

}  // namespace sipauth::commands
