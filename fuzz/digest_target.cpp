#include "fuzz/digest_target.hpp"

#include <optional>
#include <string>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/text.hpp"
#include "sipauth/write.hpp"

namespace sipauth::fuzz {
namespace {

constexpr std::string_view username = "al\"ice";
constexpr std::string_view password = "secret";
constexpr std::string_view method = "REGISTER";
constexpr std::string_view uri = "sip:example.com";
constexpr std::string_view nc = "00000001";
constexpr std::string_view cnonce = "c";

// What a registrar knows of its own challenge; line breaks cannot be said in a quoted string.
struct Challenged {
  std::string realm;
  std::string nonce;
  const Algorithm* algorithm = nullptr;
  Qop qop = Qop::none;
};

bool has_line_break(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

std::optional<Challenged> understood(const Challenge& challenge) {
  if (!challenge.is_digest() || !challenge.realm() || !challenge.nonce()) return std::nullopt;
  Challenged read{.realm = unquote(*challenge.realm()),
                  .nonce = unquote(*challenge.nonce()),
                  .algorithm = find_algorithm(challenge.algorithm().value_or(""))};
  if (read.algorithm == nullptr || read.nonce.empty() || has_line_break(read.realm) ||
      has_line_break(read.nonce)) {
    return std::nullopt;
  }
  const auto offered = challenge.qop().value_or("");
  read.qop = qop_offers(offered, "auth")       ? Qop::auth
             : qop_offers(offered, "auth-int") ? Qop::auth_int
                                               : Qop::none;
  if (read.algorithm->session && read.qop == Qop::none) return std::nullopt;
  return read;
}

DigestInput input_of(const Challenged& challenged) {
  DigestInput input;
  input.algorithm = challenged.algorithm;
  input.qop = challenged.qop;
  input.username = username;
  input.realm = challenged.realm;
  input.password = password;
  input.method = method;
  input.uri = uri;
  input.nonce = challenged.nonce;
  if (challenged.qop != Qop::none) {
    input.nc = nc;
    input.cnonce = cnonce;
  }
  return input;
}

std::optional<Challenged> topmost_understood(std::string_view row) {
  std::optional<std::size_t> offset = 0;
  for (std::size_t seen = 0; offset && seen < limits::challenges; ++seen) {
    Diagnostics unused;
    const auto challenge = Challenge::parse(row, *offset, unused);
    if (!challenge) return std::nullopt;
    if (auto challenged = understood(*challenge)) return challenged;
    offset = challenge->next_challenge();
  }
  return std::nullopt;
}

std::string answer(const Challenged& challenged, std::string_view response) {
  std::vector<WrittenParameter> parameters{
      {.name = "username", .value = std::string{username}},
      {.name = "realm", .value = challenged.realm},
      {.name = "nonce", .value = challenged.nonce},
      {.name = "uri", .value = std::string{uri}},
      {.name = "response", .value = std::string{response}},
      {.name = "algorithm", .value = std::string{challenged.algorithm->name}},
  };
  if (challenged.qop != Qop::none) {
    parameters.push_back({.name = "qop", .value = std::string{qop_name(challenged.qop)}});
    parameters.push_back({.name = "nc", .value = std::string{nc}});
    parameters.push_back({.name = "cnonce", .value = std::string{cnonce}});
  }
  return write_credentials(parameters);
}

}  // namespace

// The client reads the challenges, takes the topmost it understands, computes and writes; the
// registrar reads and computes by itself, from the password and from the HA1 that it may store
// instead.
void digest_end_to_end(std::string_view input) {
  const auto challenged = topmost_understood(input);
  if (!challenged) return;
  const auto sent = compute_digest(input_of(*challenged));
  require(sent.has_value(), "a challenge that is understood can be answered");
  const auto text = answer(*challenged, sent->response.view());
  if (text.size() > limits::message_bytes) return;

  const ExactCopy copy{text};
  Diagnostics unused;
  const auto read = Credentials::parse(copy.view(), unused);
  require(read.has_value(), "the answer can be read");
  const auto meaning = [&](std::optional<std::string_view> value) {
    return unquote(value.value_or(""));
  };
  require(meaning(read->realm()) == challenged->realm, "the realm comes back");
  require(meaning(read->nonce()) == challenged->nonce, "the nonce comes back");

  const auto user = meaning(read->username());
  const auto digest_uri = meaning(read->uri());
  auto known = input_of(*challenged);
  known.algorithm = find_algorithm(read->algorithm().value_or(""));
  known.username = user;
  known.uri = digest_uri;
  known.nc = read->nc().value_or("");
  known.cnonce = read->cnonce().value_or("");
  const auto expected = compute_digest(known);
  require(expected.has_value() && equal_digests(expected->response.view(), *read->response()),
          "the registrar computes what the client sent");
  if (!is_due_for_costly_claims(input)) return;

  auto stored = known;
  stored.password = {};
  stored.ha1 = sent->ha1_first.view();
  const auto from_ha1 = compute_digest(stored);
  require(from_ha1.has_value() && from_ha1->response == sent->response,
          "a stored HA1 gives what the password gives");
  auto wrong = known;
  wrong.password = "Secret";
  const auto refused = compute_digest(wrong);
  require(refused.has_value() && !equal_digests(refused->response.view(), *read->response()),
          "another password is refused");
  const auto success = compute_rspauth(known);
  require(success.has_value() && success->ha1 == sent->ha1 && success->ha2 != sent->ha2,
          "rspauth differs in its A2 alone");
}

}  // namespace sipauth::fuzz
