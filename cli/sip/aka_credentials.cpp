#include "sip/aka_credentials.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "sip/session.hpp"

namespace sipauth::sip {
namespace {

constexpr std::size_t res_bytes = 8;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// RFC 4169 4.1: an AKAv1 that stands above an AKAv2 of its realm may have been put there.
void prefer_second_version(Exchange& exchange) {
  const auto* const chosen = exchange.offer();
  if (!chosen || !chosen->aka || chosen->aka->version == 2) return;
  const auto better = std::ranges::find_if(exchange.offers, [&](const Offer& offer) {
    return offer.answerable && offer.aka && offer.aka->version == 2 &&
           offer.realm == chosen->realm && offer.proxy == chosen->proxy;
  });
  if (better == exchange.offers.end()) return;
  exchange.chosen = static_cast<std::size_t>(better - exchange.offers.begin());
}

}  // namespace

void AkaCard::choose(Exchange& exchange, std::string_view realm) {
  for (auto& offer : exchange.offers) {
    if (offer.aka) {
      offer.answerable = offer.is_well_formed;
    } else if (alone_) {
      offer.answerable = false;
    }
  }
  for (;;) {
    choose_offer(exchange, realm);
    prefer_second_version(exchange);
    if (!exchange.chosen) return;
    auto& chosen = exchange.offers[*exchange.chosen];
    if (!chosen.aka) return;
    read(chosen);
    if (chosen.answerable) return;
  }
}

void AkaCard::read(Offer& offer) {
  const auto refuse = [&](std::string why) {
    offer.answerable = false;
    offer.obstacle = std::move(why);
  };
  const auto challenge = AkaChallenge::parse(offer.nonce);
  if (!challenge) {
    return refuse(fmt::format("has a nonce that is not of AKA: {}", challenge.error().sentence()));
  }
  auto answer = answer_aka(*challenge, keys_, highest_);
  if (!answer) return refuse(std::string{answer.error().sentence()});
  if (answer->outcome == AkaOutcome::wrong_mac) {
    return refuse(
        "has a nonce whose MAC is wrong: the registrar does not know this K and OP, or its answer "
        "was forged");
  }
  offer.aka_answer = std::make_shared<const AkaAnswer>(*std::move(answer));
  if (offer.aka_answer->outcome != AkaOutcome::fresh) return;
  highest_ = offer.aka_answer->sqn;
  fresh_[offer.nonce] = offer.aka_answer;
}

std::optional<AkaPassword> AkaCard::password(const Offer& offer, const std::string& nonce,
                                             bool wrong, Random& random) const {
  if (!offer.aka) return std::nullopt;
  if (wrong) return AkaPassword{.secret = Secret{random.text(res_bytes, letters)}};
  const auto known = fresh_.find(nonce);
  const auto answer = nonce == offer.nonce    ? offer.aka_answer
                      : known == fresh_.end() ? nullptr
                                              : known->second;
  if (!answer) return std::nullopt;
  auto secret = answer->password(*offer.aka);
  if (!secret) return std::nullopt;
  return AkaPassword{.secret = *std::move(secret), .auts = answer->auts};
}

}  // namespace sipauth::sip
