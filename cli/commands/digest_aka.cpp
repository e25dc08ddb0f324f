#include "commands/digest_aka.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "commands/aka_file.hpp"
#include "commands/digest_fields_detail.hpp"
#include "results/escape.hpp"
#include "sipauth/aka.hpp"

namespace sipauth::commands {
namespace {

using detail::usage;

void note_resynchronisation(const registrar::AkaSubscription& card, const AkaChallenge& challenge,
                            DigestFields& fields) {
  const auto sqn = read_auts(fields.auts, card.keys, challenge.rand);
  fields.notes.push_back(
      sqn && *sqn ? fmt::format("auts is right: the card is at SQN {:012x}, and its response is "
                                "over an empty password.",
                                **sqn)
                  : std::string{"auts is not one of this card: its MAC is wrong."});
}

}  // namespace

std::expected<Card, results::Error> card_of(const DigestOptions& options,
                                            bool standard_input_taken) {
  if (options.aka_file.empty()) return std::nullopt;
  if (!options.password_file.empty() || !options.ha1_file.empty()) {
    return usage("Give one of --password-file, --ha1-file and --aka-file.");
  }
  if (options.aka_file == "-" && standard_input_taken) {
    return usage("Standard input is read for something else: put the keys in a file.");
  }
  auto card = read_aka_file(options.aka_file);
  if (!card) return usage(std::move(card.error()));
  return std::move(*card);
}

std::expected<FoundPassword, results::Error> password_of_card(
    const registrar::AkaSubscription& card, DigestFields& fields, bool verifies) {
  const auto algorithm = find_aka_algorithm(fields.algorithm_name);
  if (!algorithm) {
    const auto named = fields.algorithm_name.empty() ? "MD5" : fields.algorithm_name;
    return usage(fmt::format("--aka-file answers AKA algorithms, and this one is {}.",
                             results::for_terminal(named)));
  }
  const auto challenge = AkaChallenge::parse(fields.nonce.meant);
  if (!challenge) {
    return usage(fmt::format("The nonce: {}", challenge.error().sentence()));
  }
  const auto answer = answer_aka(*challenge, card.keys, verifies ? 0 : card.sqn);
  if (!answer) return usage(std::string{answer.error().sentence()});
  if (answer->outcome == AkaOutcome::wrong_mac) {
    return usage(
        "The MAC in this nonce is wrong: it was not made with this K and OP, or was changed on the "
        "way. A card does not answer it.");
  }
  fields.notes.push_back(fmt::format("The MAC in the nonce is right: SQN {:012x}, AMF {:04x}.",
                                     answer->sqn, challenge->amf()));
  if (verifies && !fields.auts.empty()) {
    note_resynchronisation(card, *challenge, fields);
    return FoundPassword{};
  }
  if (answer->outcome == AkaOutcome::sqn_out_of_range) {
    fields.auts = answer->auts;
    fields.notes.push_back(fmt::format(
        "The card is at SQN {:012x}, so the answer is over an empty password and asks for "
        "resynchronisation (RFC 3310 3.4).",
        card.sqn));
    return FoundPassword{};
  }
  auto password = answer->password(*algorithm);
  if (!password) return usage(std::string{password.error().sentence()});
  return FoundPassword{.secret = *std::move(password)};
}

void set_aka_passwords(const registrar::AkaSubscription& card, const DigestFields& fields,
                       Neighbours& neighbours) {
  neighbours.akav1_password = {};
  neighbours.akav2_password = {};
  auto algorithm = find_aka_algorithm(fields.algorithm_name);
  const auto challenge = AkaChallenge::parse(fields.nonce.meant);
  if (!algorithm || !challenge) return;
  const auto answer = answer_aka(*challenge, card.keys, 0);
  if (!answer || answer->outcome != AkaOutcome::fresh) return;
  for (const int version : {1, 2}) {
    algorithm->version = version;
    auto password = answer->password(*algorithm);
    if (!password) continue;
    (version == 1 ? neighbours.akav1_password : neighbours.akav2_password) = *std::move(password);
  }
}

}  // namespace sipauth::commands
