#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "sip/dialogue.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {
namespace {

constexpr std::string_view letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

[[noreturn]] void cannot_answer(std::string sentence) {
  throw NoAnswer{{}, net::NetError{net::NetError::Kind::internal, std::move(sentence)}};
}

// A digest that was offered as computable and is not: nothing may be sent in its place, and no
// verdict may come of it.
[[noreturn]] void cannot_compute(DigestError error) {
  cannot_answer(fmt::format("The digest cannot be computed: {}", error.sentence()));
}

AkaPassword aka_password(Session& session, const Offer& offer, const std::string& nonce,
                         bool wrong) {
  const auto& card = session.identity().card;
  auto password = card ? card->password(offer, nonce, wrong, session.random()) : std::nullopt;
  if (!password) cannot_answer("There is no password for this AKA nonce.");
  return *std::move(password);
}

/// What goes into A1 beside user and realm.
struct Proof {
  Secret secret = {};
  bool is_ha1 = false;
  std::string auts = {};
};

// The right secret, or one that is wrong for certain.
Proof proof_of(Session& session, const Offer& offer, const std::string& nonce,
               const Deviation& deviation) {
  if (deviation.empty_password) return {};
  if (offer.aka && deviation.account == nullptr) {
    auto aka = aka_password(session, offer, nonce, deviation.wrong_password);
    return {std::move(aka.secret), false, std::move(aka.auts)};
  }
  const auto& identity = session.identity();
  const auto* const account = deviation.account;
  const auto& password = account ? account->password : identity.password;
  const bool is_ha1 = account ? account->password_is_ha1 : identity.password_is_ha1;
  if (!deviation.wrong_password) return {password.duplicate(), is_ha1, {}};
  if (is_ha1) {
    return {
        Secret{session.random().hex(offer.algorithm ? offer.algorithm->hex_length : 32)}, true, {}};
  }
  std::string text{password.reveal()};
  text += session.random().text(8, letters);
  Secret secret{text};
  wipe_memory(text.data(), text.size());
  return {std::move(secret), false, {}};
}

bool is_refused(const Deviation& deviation, const Offer& offer, const std::string& nonce) {
  return deviation.must_be_refused.value_or(nonce != offer.nonce || deviation.wrong_password ||
                                            deviation.empty_password);
}

}  // namespace

SentCredentials make_credentials(Session& session, const Offer& offer, const std::string& user,
                                 std::uint32_t nc, const Deviation& deviation, const Shape& shape) {
  const auto& identity = session.identity();
  const auto& nonce = deviation.nonce ? *deviation.nonce : offer.nonce;
  const auto* const algorithm = deviation.algorithm ? deviation.algorithm : offer.algorithm;
  const auto qop = deviation.qop.value_or(offer.qop);
  const bool has_qop = qop != Qop::none;
  // The -sess forms hash the cnonce into A1, so it is sent even where no qop was offered.
  const bool has_cnonce = has_qop || (algorithm && algorithm->session);
  const auto cnonce =
      has_cnonce ? deviation.cnonce.value_or(session.random().hex(24)) : std::string{};
  const auto count = has_qop ? deviation.nc_text.value_or(fmt::format("{:08x}", nc)) : "";
  const auto proof = proof_of(session, offer, nonce, deviation);
  const auto secret = proof.secret.reveal();
  const auto name = deviation.username.value_or(user);
  const auto realm = deviation.realm.value_or(offer.realm);
  const auto uri = deviation.uri.value_or(identity.request_uri);
  const auto& method = shape.method.empty() ? identity.method : shape.method;

  const DigestInput input{
      .algorithm = algorithm,
      .qop = qop,
      .username = name,
      .realm = realm,
      .password = proof.is_ha1 ? std::string_view{} : secret,
      .ha1 = proof.is_ha1 ? secret : std::string_view{},
      .method = deviation.hashed_method ? *deviation.hashed_method : method,
      .uri = deviation.hashed_uri ? *deviation.hashed_uri : uri,
      .nonce = nonce,
      .nc = count,
      .cnonce = cnonce,
      .body = shape.body,
  };
  const auto digest = compute_digest(input);
  if (!digest) cannot_compute(digest.error());
  auto empty_body = input;
  empty_body.body = {};
  const auto rspauth = compute_rspauth(empty_body);

  std::string username = name;
  if (offer.userhash && algorithm) {
    const auto hashed = compute_userhash(*algorithm, name, realm);
    if (!hashed) cannot_compute(hashed.error());
    username = hashed->view();
  }

  WrittenCredentials written{.header = offer.proxy ? "Proxy-Authorization" : "Authorization"};
  auto& parameters = written.parameters;
  parameters = {
      {"username", username},
      {"realm", realm},
      {"nonce", nonce},
      {"uri", uri},
      {"response", std::string{digest->response.view()}},
  };
  const auto declared = deviation.algorithm_text.value_or(offer.algorithm_text);
  if (!declared.empty()) parameters.push_back({"algorithm", declared});
  if (has_cnonce) parameters.push_back({"cnonce", cnonce});
  if (offer.opaque) parameters.push_back({"opaque", *offer.opaque});
  if (has_qop) {
    parameters.push_back({"qop", std::string{qop_name(qop)}});
    parameters.push_back({"nc", count, deviation.nc_quoting});
  }
  if (offer.userhash) parameters.push_back({"userhash", "true"});
  if (!proof.auts.empty()) parameters.push_back({"auts", proof.auts});
  if (deviation.rewrite) deviation.rewrite(written);

  return {
      .header = written.header,
      .value = written.text(),
      .nonce = nonce,
      .nc = nc,
      .must_be_refused = is_refused(deviation, offer, nonce),
      .nc_text = count,
      .cnonce = cnonce,
      .qop = qop,
      .rspauth = rspauth ? std::string{rspauth->response.view()} : std::string{},
      .raw = written.value.has_value(),
      .rows_before = std::move(written.rows_before),
      .rows_after = std::move(written.rows_after),
      .resynchronises = !proof.auts.empty(),
  };
}

}  // namespace sipauth::sip
