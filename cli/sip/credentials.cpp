#include <fmt/core.h>

#include <algorithm>
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

// The right secret, or one that is wrong for certain.
Secret secret_of(Session& session, const Offer& offer, bool wrong) {
  const auto& identity = session.identity();
  if (!wrong) return identity.password.duplicate();
  if (identity.password_is_ha1) {
    return Secret{session.random().hex(offer.algorithm ? offer.algorithm->hex_length : 32)};
  }
  std::string text{identity.password.reveal()};
  text += session.random().text(8, letters);
  Secret secret{text};
  wipe_memory(text.data(), text.size());
  return secret;
}

}  // namespace

SentCredentials make_credentials(Session& session, const Offer& offer, const std::string& user,
                                 std::uint32_t nc, const Deviation& deviation) {
  const auto& identity = session.identity();
  const auto& nonce = deviation.nonce ? *deviation.nonce : offer.nonce;
  const bool has_qop = offer.qop != Qop::none;
  // The -sess forms hash the cnonce into A1, so it is sent even where no qop was offered.
  const bool has_cnonce = has_qop || (offer.algorithm && offer.algorithm->session);
  const auto cnonce =
      has_cnonce ? deviation.cnonce.value_or(session.random().hex(24)) : std::string{};
  const auto count = deviation.nc_text.value_or(fmt::format("{:08x}", nc));
  const auto aka = offer.aka ? aka_password(session, offer, nonce, deviation.wrong_password)
                             : AkaPassword{secret_of(session, offer, deviation.wrong_password)};
  const auto secret = aka.secret.reveal();
  const bool is_ha1 = identity.password_is_ha1 && !offer.aka;

  const auto digest = compute_digest({
      .algorithm = offer.algorithm,
      .qop = offer.qop,
      .username = user,
      .realm = offer.realm,
      .password = is_ha1 ? std::string_view{} : secret,
      .ha1 = is_ha1 ? secret : std::string_view{},
      .method = "REGISTER",
      .uri = identity.request_uri,
      .nonce = nonce,
      .nc = has_qop ? std::string_view{count} : std::string_view{},
      .cnonce = cnonce,
  });
  if (!digest) cannot_compute(digest.error());

  std::string username = user;
  if (offer.userhash && offer.algorithm) {
    const auto hashed = compute_userhash(*offer.algorithm, user, offer.realm);
    if (!hashed) cannot_compute(hashed.error());
    username = hashed->view();
  }

  std::vector<WrittenParameter> parameters{
      {"username", username},
      {"realm", offer.realm},
      {"nonce", nonce},
      {"uri", identity.request_uri},
      {"response", std::string{digest->response.view()}},
  };
  if (!offer.algorithm_text.empty()) parameters.push_back({"algorithm", offer.algorithm_text});
  if (has_cnonce) parameters.push_back({"cnonce", cnonce});
  if (offer.opaque) parameters.push_back({"opaque", *offer.opaque});
  if (has_qop) {
    parameters.push_back({"qop", std::string{qop_name(offer.qop)}});
    parameters.push_back({"nc", count, deviation.nc_quoting});
  }
  if (offer.userhash) parameters.push_back({"userhash", "true"});
  if (!aka.auts.empty()) parameters.push_back({"auts", aka.auts});

  return {
      .header = offer.proxy ? "Proxy-Authorization" : "Authorization",
      .value = write_credentials(parameters),
      .nonce = nonce,
      .nc = nc,
      .must_be_refused =
          deviation.must_be_refused.value_or(nonce != offer.nonce || deviation.wrong_password),
      .resynchronises = !aka.auts.empty(),
  };
}

}  // namespace sipauth::sip
