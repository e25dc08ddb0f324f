#include "registrar/aka_home.hpp"

#include <utility>

namespace sipauth::registrar {
namespace {

// The last five bits count the places that make challenges (3GPP TS 33.102 C.3.2); here is one.
constexpr std::uint64_t step = 32;

}  // namespace

// A card with SQN 0 takes no challenge with SQN 0.
std::uint64_t AkaHome::next_sqn(const Account& account) {
  const auto known = highest_.find(account.user);
  if (rules_.begins_old && known == highest_.end()) return 0;
  const auto highest = known == highest_.end() ? account.aka->sqn : known->second;
  const auto next = (highest + step) & max_aka_sqn;
  highest_[account.user] = next;
  return next;
}

std::optional<std::string> AkaHome::challenge(const Account& account) {
  if (!account.aka) return std::nullopt;
  AkaRand rand;
  for (auto& byte : rand) byte = static_cast<unsigned char>(random_.below(256));
  auto vector = make_aka_vector(account.aka->keys, rand, next_sqn(account), account.aka->amf);
  if (!vector) return std::nullopt;
  if (rules_.wrong_mac) {
    auto& last = vector->challenge.autn.back();
    last = static_cast<unsigned char>(last ^ 1);
  }
  auto nonce = vector->challenge.nonce();
  issued_[nonce] = {account.user, *std::move(vector)};
  return nonce;
}

AkaHome::Issued* AkaHome::issued_to(const Account& account, std::string_view nonce) {
  auto* const issued = issued_.find(nonce);
  return issued != nullptr && issued->user == account.user ? issued : nullptr;
}

std::shared_ptr<const Secret> AkaHome::password(const Account& account, std::string_view nonce,
                                                const AkaAlgorithm& algorithm, bool has_auts) {
  const auto* const issued = issued_to(account, nonce);
  if (issued == nullptr) return nullptr;
  if (has_auts) return std::make_shared<const Secret>();
  auto secret = issued->vector.expected.password(algorithm);
  if (!secret) return nullptr;
  return std::make_shared<const Secret>(*std::move(secret));
}

bool AkaHome::resynchronise(const Account& account, std::string_view nonce, std::string_view auts) {
  const auto* const issued = issued_to(account, nonce);
  if (issued == nullptr) return false;
  const auto sqn = read_auts(auts, account.aka->keys, issued->vector.challenge.rand);
  if (!sqn || !*sqn) return false;
  highest_[account.user] = **sqn;
  return true;
}

}  // namespace sipauth::registrar
