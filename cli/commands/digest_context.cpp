#include "commands/digest_context.hpp"

#include <algorithm>
#include <optional>

#include "commands/normal_form.hpp"
#include "commands/paste.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth::commands {
namespace {

void add(std::vector<std::string>& all, std::optional<std::string_view> between_quotes) {
  if (!between_quotes) return;
  auto value = unquote(*between_quotes);
  if (std::ranges::find(all, value) == all.end()) all.push_back(std::move(value));
}

void add_challenge(std::string_view text, Neighbours& all) {
  Diagnostics ignored;
  const auto challenge = Challenge::parse(text, ignored);
  if (!challenge || !challenge->is_digest()) return;
  add(all.realms, challenge->realm());
  add(all.nonces, challenge->nonce());
  if (all.offered_qop.empty()) all.offered_qop = challenge->qop().value_or("");
}

void add_credentials(std::string_view text, Neighbours& all) {
  Diagnostics ignored;
  const auto credentials = Credentials::parse(text, ignored);
  if (!credentials || !credentials->is_digest()) return;
  add(all.realms, credentials->realm());
  add(all.nonces, credentials->nonce());
  add(all.cnonces, credentials->cnonce());
}

std::vector<std::string_view> others(const std::vector<std::string>& all, const std::string& own) {
  std::vector<std::string_view> different;
  for (const auto& value : all) {
    if (value != own) different.emplace_back(value);
  }
  return different;
}

// Empty where the form is the text itself.
std::string other_form(std::string_view text, NormalForm form) {
  auto other = normal_form(text, form).value_or("");
  if (other == text) other.clear();
  return other;
}

Secret other_secret_form(std::string_view text, NormalForm form) {
  auto other = other_form(text, form);
  Secret secret{other};
  wipe_memory(other.data(), other.size());
  return secret;
}

}  // namespace

Neighbours Neighbours::of(std::string_view text) {
  Neighbours all;
  for (const auto& paste : read_pastes(text, Wanted::challenges)) {
    for (const auto& row : paste.rows) {
      if (!row.name.empty()) add_challenge(row.value, all);
    }
  }
  for (const auto& paste : read_pastes(text, Wanted::credentials)) {
    for (const auto& row : paste.rows) {
      if (!row.name.empty()) add_credentials(row.value, all);
    }
  }
  return all;
}

DigestContext::DigestContext(const DigestFields& fields, const FoundPassword& password,
                             const Neighbours& neighbours, std::string_view domain)
    : realms_{others(neighbours.realms, fields.realm.meant)},
      nonces_{others(neighbours.nonces, fields.nonce.meant)},
      cnonces_{others(neighbours.cnonces, fields.cnonce.meant)},
      username_nfc_{other_form(fields.username.meant, NormalForm::composed)},
      username_nfd_{other_form(fields.username.meant, NormalForm::decomposed)} {
  if (!password.is_ha1) {
    password_nfc_ = other_secret_form(password.secret.reveal(), NormalForm::composed);
    password_nfd_ = other_secret_form(password.secret.reveal(), NormalForm::decomposed);
  }
  context_.request_uri = fields.request_uri;
  context_.domain = domain;
  context_.raw_realm = fields.realm.written;
  context_.raw_username = fields.username.written;
  context_.raw_nonce = fields.nonce.written;
  context_.raw_cnonce = fields.cnonce.written;
  context_.raw_uri = fields.uri.written;
  context_.sent_username = fields.sent_username;
  context_.sent_qop = fields.qop_text;
  context_.offered_qop = neighbours.offered_qop;
  context_.from = fields.from;
  context_.to = fields.to;
  context_.contact = fields.contact;
  context_.realms = realms_;
  context_.nonces = nonces_;
  context_.cnonces = cnonces_;
  context_.body_on_the_wire = fields.body_with_crlf;
  context_.username_nfc = username_nfc_;
  context_.username_nfd = username_nfd_;
  context_.password_nfc = password_nfc_.reveal();
  context_.password_nfd = password_nfd_.reveal();
  context_.akav1_password = neighbours.akav1_password.reveal();
  context_.akav2_password = neighbours.akav2_password.reveal();
}

}  // namespace sipauth::commands
