#include "flow_accounts.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "flow_findings.hpp"
#include "sipauth/aka.hpp"
#include "sipauth/explain.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth::flow {
namespace {

constexpr std::size_t most_candidates = 16;

std::optional<Qop> qop_of(std::optional<std::string_view> sent) {
  const auto name = trim(sent.value_or(""));
  if (name.empty()) return Qop::none;
  for (const auto qop : {Qop::auth, Qop::auth_int}) {
    if (same(name, qop_name(qop))) return qop;
  }
  return std::nullopt;
}

bool fits(const FlowAccount& account, std::string_view realm) {
  return account.realm.empty() || account.realm == realm;
}

std::string_view algorithm_name(const Credentials& credentials) {
  return trim(credentials.algorithm().value_or(""));
}

// What it is hashed with, AKA or not.
const Algorithm* algorithm_of(const Credentials& credentials) {
  const auto name = algorithm_name(credentials);
  const auto aka = find_aka_algorithm(name);
  return aka ? aka->algorithm : find_algorithm(name);
}

struct Spellings {
  std::string username;
  std::string realm;
  std::string uri;
  std::string nonce;
  std::string cnonce;
  std::string nc;
  std::string response;
};

std::string meant(std::optional<std::string_view> value) { return unquote(value.value_or("")); }

DigestInput input_of(const Event& request, const Spellings& spelt, const Algorithm* algorithm,
                     Qop qop, const FlowAccount& account) {
  DigestInput input{.algorithm = algorithm,
                    .qop = qop,
                    .username = spelt.username,
                    .realm = spelt.realm,
                    .method = request.message.method(),
                    .uri = spelt.uri,
                    .nonce = spelt.nonce,
                    .nc = spelt.nc,
                    .cnonce = spelt.cnonce,
                    .body = request.message.body()};
  (account.is_ha1 ? input.ha1 : input.password) = account.secret.reveal();
  return input;
}

// What a card makes of a nonce: the passwords of AKAv1 and AKAv2 (RFC 3310 3.3, RFC 4169 3).
struct CardPasswords {
  std::array<Secret, 2> by_version = {};
  bool is_empty = false;  ///< over an empty one, with an AUTS (RFC 3310 3.4)

  [[nodiscard]] std::string_view due(int version) const {
    return is_empty ? std::string_view{} : by_version.at(version == 1 ? 0 : 1).reveal();
  }
};

// nullopt when the nonce is none of AKA, or was not made with these keys.
std::optional<CardPasswords> passwords_of(const AkaKeys& keys, AkaAlgorithm algorithm,
                                          const Sent& sent, std::string_view nonce) {
  const auto challenge = AkaChallenge::parse(nonce);
  if (!challenge) return std::nullopt;
  const auto answer = answer_aka(*challenge, keys, 0);
  if (!answer || answer->outcome == AkaOutcome::wrong_mac) return std::nullopt;
  CardPasswords passwords{.is_empty = sent.resynchronises};
  for (const int version : {1, 2}) {
    algorithm.version = version;
    auto password = answer->password(algorithm);
    if (password) passwords.by_version.at(version == 1 ? 0 : 1) = *std::move(password);
  }
  return passwords;
}

bool gives(const DigestInput& input, std::string_view response) {
  const auto trace = compute_digest(input);
  return trace && equal_digests(trace->response.view(), response);
}

// Backslashes of realm and user name may be kept in the hash (RFC 2617) or dropped (RFC 7616).
bool gives_in_either_spelling(DigestInput input, const Credentials& sent,
                              std::string_view response) {
  if (gives(input, response)) return true;
  const auto realm = sent.realm().value_or("");
  const auto username = sent.username().value_or("");
  if (!realm.contains('\\') && !username.contains('\\')) return false;
  input.realm = realm;
  if (gives(input, response)) return true;
  input.username = username;
  return gives(input, response);
}

// What was hashed instead, and what that says of the phone or the server.
void explain_into(Verification& wrong, const DigestInput& input, const Event& request,
                  const Sent& sent, std::string_view response, const CardPasswords& card,
                  const Neighbours& neighbours) {
  const auto& parsed = sent.parsed;
  const auto& message = request.message;
  const auto realms = others(neighbours.realms, input.realm);
  const auto nonces = others(neighbours.nonces, input.nonce);
  const auto cnonces = others(neighbours.cnonces, input.cnonce);
  const auto search =
      explain_mismatch(input, response,
                       {.request_uri = message.request_uri(),
                        .domain = request.domain,
                        .raw_realm = parsed.realm().value_or(""),
                        .raw_username = parsed.username().value_or(""),
                        .raw_nonce = parsed.nonce().value_or(""),
                        .raw_cnonce = parsed.cnonce().value_or(""),
                        .raw_uri = parsed.uri().value_or(""),
                        .sent_username = input.username == parsed.username().value_or("")
                                             ? std::string_view{}
                                             : parsed.username().value_or(""),
                        .sent_qop = parsed.qop().value_or(""),
                        .offered_qop = neighbours.offered_qop,
                        .from = message.value(HeaderId::from),
                        .to = message.value(HeaderId::to),
                        .contact = message.value(HeaderId::contact),
                        .realms = realms,
                        .nonces = nonces,
                        .cnonces = cnonces,
                        .akav1_password = card.by_version[0].reveal(),
                        .akav2_password = card.by_version[1].reveal()});
  wrong.tried += search.tried;
  if (search.explanations.empty()) {
    wrong.text = joined({"none of ", std::to_string(search.tried), " usual mistakes reproduces it",
                         search.complete ? ": " : ", and not all could be tried: ",
                         sent.is_aka ? "most likely the phone's card holds another key."
                                     : "most likely the password is another one."});
    return;
  }
  const auto& first = search.explanations.front();
  wrong.text = first.text;
  for (const auto& also : first.also) wrong.text.append(" And ").append(also.text);
  if (!first.meaning.empty()) wrong.text.append(" ").append(first.meaning);
}

}  // namespace

Accounts::Accounts(std::span<const FlowAccount> accounts) : accounts_{accounts} {
  for (const auto& account : accounts) by_user_.emplace(account.user, &account);
}

// The user as it was sent; without its domain; the one whose hash it is (RFC 7616 3.4.4); or, where
// the name is in another case, the one that was meant.
std::vector<const FlowAccount*> Accounts::candidates(const Sent& sent, std::string_view username,
                                                     std::string_view realm) const {
  std::vector<const FlowAccount*> found;
  const auto add = [&](std::string_view user) {
    const auto [begin, end] = by_user_.equal_range(user);
    for (auto row = begin; row != end && found.size() < most_candidates; ++row) {
      if (fits(*row->second, realm)) found.push_back(row->second);
    }
  };
  add(username);
  if (!found.empty()) return found;
  if (same(sent.parsed.userhash().value_or(""), "true")) {
    const auto* algorithm = algorithm_of(sent.parsed);
    for (const auto& account : accounts_) {
      if (algorithm == nullptr || !fits(account, realm)) continue;
      const auto hash = compute_userhash(*algorithm, account.user, realm);
      if (hash && same(hash->view(), username)) found.push_back(&account);
    }
    return found;
  }
  auto user = username;
  for (const std::string_view scheme : {"sip:", "sips:"}) {
    if (user.starts_with(scheme)) user.remove_prefix(scheme.size());
  }
  add(user.substr(0, user.find('@')));
  if (!found.empty()) return found;
  for (const auto& account : accounts_) {
    if (found.size() == most_candidates) break;
    if (same(account.user, username) && fits(account, realm)) found.push_back(&account);
  }
  return found;
}

Verification Accounts::verify(const Event& request, const Sent& sent, bool explain) {
  if (accounts_.empty() || sent.scheme != Scheme::digest) return {};
  const auto& parsed = sent.parsed;
  Spellings spelt{.username = meant(parsed.username()),
                  .realm = meant(parsed.realm()),
                  .uri = meant(parsed.uri()),
                  .nonce = meant(parsed.nonce()),
                  .cnonce = meant(parsed.cnonce()),
                  .nc = std::string{trim(parsed.nc().value_or(""))},
                  .response = std::string{trim(parsed.response().value_or(""))}};
  const auto* algorithm = algorithm_of(parsed);
  const auto aka = find_aka_algorithm(algorithm_name(parsed));
  const auto qop = qop_of(parsed.qop());
  if (!std::ranges::all_of(spelt.response, is_hex) || is_redacted(spelt.nonce)) return {};
  const bool hashed = same(parsed.userhash().value_or(""), "true");
  const auto candidates = this->candidates(sent, spelt.username, spelt.realm);
  if (candidates.empty() || algorithm == nullptr || !qop) return {};

  Verification wrong;
  if (!explain) wrong.text = "no mistake was looked for any more: too many digests are wrong.";
  for (const auto* account : candidates) {
    auto input = input_of(request, spelt, algorithm, *qop, *account);
    if (hashed) input.username = account->user;
    CardPasswords card;
    if (aka.has_value() != account->card.has_value()) continue;
    if (aka) {
      auto passwords = passwords_of(*account->card, *aka, sent, spelt.nonce);
      if (!passwords) continue;
      card = *std::move(passwords);
      input.password = card.due(aka->version);
    }
    const auto trace = compute_digest(input);
    if (!trace) continue;  // an HA1 of another hash
    if (gives_in_either_spelling(input, parsed, spelt.response)) return {Digest::right, {}};
    wrong.digest = Digest::wrong;
    if (explain && wrong.text.empty()) {
      const auto* neighbours = neighbours_.of(request);
      explain_into(wrong, input, request, sent, spelt.response, card,
                   neighbours == nullptr ? Neighbours{} : *neighbours);
    }
  }
  return wrong;
}

}  // namespace sipauth::flow
