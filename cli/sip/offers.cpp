#include <algorithm>
#include <string>
#include <utility>

#include "sip/session.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth::sip {
namespace {

// Folding inside a quoted-string means one blank (RFC 3261 25.1, LWS). A CR or LF could not be
// written back, so a digest over it would not be over what we send.
std::string unfolded(std::string text) {
  if (text.find_first_of("\r\n") == std::string::npos) return text;
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' && text[i] != '\n') {
      line += text[i];
      continue;
    }
    while (i + 1 < text.size() && is_lws(text[i + 1])) ++i;
    while (!line.empty() && is_lws(line.back())) line.pop_back();
    line += ' ';
  }
  return line;
}

std::optional<std::string> text_of(const Challenge& challenge, std::string_view name) {
  const auto* parameter = challenge.find(name);
  if (!parameter) return std::nullopt;
  return unfolded(parameter->quoted ? unquote(parameter->value) : std::string{parameter->value});
}

// auth before auth-int, as clients do; none for an absent or empty list; nullopt when the list
// names nothing we know.
std::optional<Qop> chosen_qop(const std::optional<std::string>& list) {
  if (!list || trim(*list).empty()) return Qop::none;
  if (qop_offers(*list, "auth")) return Qop::auth;
  if (qop_offers(*list, "auth-int")) return Qop::auth_int;
  return std::nullopt;
}

Offer offer_of(const Header& header, const Challenge& challenge) {
  Offer offer{
      .proxy = header.id == HeaderId::proxy_authenticate,
      .realm = text_of(challenge, "realm").value_or(""),
      .nonce = text_of(challenge, "nonce").value_or(""),
      .opaque = text_of(challenge, "opaque"),
      .algorithm_text = text_of(challenge, "algorithm").value_or(""),
      .qop_text = text_of(challenge, "qop"),
      .stale = challenge.stale(),
      .userhash = same(text_of(challenge, "userhash").value_or(""), "true"),
  };
  offer.aka = find_aka_algorithm(offer.algorithm_text);
  offer.algorithm = offer.aka ? offer.aka->algorithm : find_algorithm(offer.algorithm_text);
  const auto qop = chosen_qop(offer.qop_text);
  offer.qop = qop.value_or(Qop::none);
  offer.is_well_formed = challenge.is_digest() && challenge.realm() && !offer.nonce.empty() &&
                         offer.algorithm != nullptr && qop.has_value();
  offer.answerable = offer.is_well_formed && !offer.aka;
  return offer;
}

}  // namespace

void choose_offer(Exchange& exchange, std::string_view realm) {
  const auto chosen = std::ranges::find_if(exchange.offers, [&](const Offer& offer) {
    return offer.answerable && (realm.empty() || offer.realm == realm);
  });
  exchange.chosen.reset();
  if (chosen != exchange.offers.end()) {
    exchange.chosen = static_cast<std::size_t>(chosen - exchange.offers.begin());
  }
}

void read_offers(Exchange& exchange, std::string_view response, std::string_view realm) {
  exchange.offers.clear();
  Diagnostics ignored;
  const auto message = Message::parse(response, ignored);
  for (const bool proxy : {false, true}) {
    if (!message) break;
    for_each_challenge(*message,
                       [&](const Header& header, const Challenge& challenge, const Diagnostics&) {
                         auto offer = offer_of(header, challenge);
                         if (offer.proxy == proxy) exchange.offers.push_back(std::move(offer));
                       });
  }
  choose_offer(exchange, realm);
}

}  // namespace sipauth::sip
