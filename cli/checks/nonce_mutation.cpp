#include "checks/nonce_mutation.hpp"

#include <algorithm>
#include <array>

#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view lower_hex = "0123456789abcdef";
constexpr std::string_view upper_hex = "0123456789ABCDEF";
constexpr std::string_view base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_alphanumeric(char c) { return is_alpha(c) || is_digit(c); }

// A run of letters and digits between separators is one field, and each field has its own class: a
// decimal time beside a hexadecimal MAC stays decimal.
std::string_view alphabet_of(std::string_view field) {
  const auto all = [&](auto belongs) { return std::ranges::all_of(field, belongs); };
  // Eight decimal digits are hexadecimal ones by chance once in 43 times; a time has ten.
  if (all([](char c) { return is_digit(c); })) return digits;
  if (all([](char c) { return is_lower_hex(c); })) return lower_hex;
  if (all([](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); })) return upper_hex;
  return base64;
}

// Where base64 is in use, `/` and `+` are digits of it and no separators: all but `=` is one field.
bool is_base64(std::string_view nonce) {
  const auto padded = nonce.find_last_not_of('=');
  const auto body = nonce.substr(0, padded == nonce.npos ? 0 : padded + 1);
  return body.size() >= 16 && nonce.size() % 4 == 0 &&
         std::ranges::all_of(body, [](char c) { return base64.contains(c); }) &&
         std::ranges::any_of(body, [](char c) { return is_alpha(c) && !is_hex(c); });
}

char another_of(char c, std::string_view alphabet, sip::Random& random) {
  const auto at = alphabet.find(c);
  const auto size = static_cast<std::uint32_t>(alphabet.size());
  if (at == alphabet.npos) return alphabet[random.below(size)];
  // Any but itself, so that a short field cannot come out unchanged.
  return alphabet[(at + 1 + random.below(size - 1)) % size];
}

std::string randomise(std::string_view nonce, std::size_t from, sip::Random& random) {
  std::string result{nonce};
  const bool whole = is_base64(nonce);
  std::size_t begin = 0;
  while (begin < nonce.size()) {
    const auto belongs = [&](char c) {
      return is_alphanumeric(c) || (whole && base64.contains(c));
    };
    if (!belongs(nonce[begin])) {
      ++begin;
      continue;
    }
    auto end = begin;
    while (end < nonce.size() && belongs(nonce[end])) ++end;
    const auto field = nonce.substr(begin, end - begin);
    const auto alphabet = whole ? base64 : alphabet_of(field);
    for (auto i = std::max(begin, from); i < end; ++i) {
      result[i] = another_of(result[i], alphabet, random);
    }
    begin = end;
  }
  return result;
}

// How much of the front a registrar may read as a time.
std::size_t kept_length(std::string_view nonce) {
  const auto end_of_digits = static_cast<std::size_t>(
      std::ranges::find_if_not(nonce, [](char c) { return is_hex(c); }) - nonce.begin());
  if (!is_base64(nonce) && end_of_digits > 0 && end_of_digits < nonce.size() &&
      std::string_view{":/."}.contains(nonce[end_of_digits])) {
    return end_of_digits;
  }
  return nonce.size() / 3;
}

char flipped(char c, std::string_view alphabet) {
  const auto at = alphabet.find(c);
  return at == alphabet.npos ? c : alphabet[at ^ 1U];
}

std::string flip(std::string_view nonce, std::size_t quarters) {
  std::string result{nonce};
  auto at = nonce.size() * quarters / 4;
  while (at < nonce.size() && !is_alphanumeric(nonce[at])) ++at;
  if (at >= nonce.size()) return result;
  const auto alphabet = !looks_hexadecimal(nonce) ? base64
                        : is_digit(nonce[at])     ? lower_hex
                        : nonce[at] >= 'a'        ? lower_hex
                                                  : upper_hex;
  result[at] = flipped(nonce[at], alphabet);
  return result;
}

std::string change_last_character(std::string_view nonce) {
  std::string result{nonce};
  const auto last = nonce.find_last_not_of('=');
  if (last == nonce.npos || looks_hexadecimal(nonce)) return result;
  result[last] = flipped(nonce[last], base64);
  return result;
}

std::string swap_case(std::string_view nonce) {
  std::string result{nonce};
  for (auto& c : result) {
    if (is_alpha(c)) c = static_cast<char>(c ^ 0x20);
  }
  return result;
}

}  // namespace

std::string_view mutation_name(Mutation mutation) {
  constexpr auto names = std::to_array<std::string_view>(
      {"every character random", "its front kept and the rest random", "one bit flipped at 1/4",
       "one bit flipped at 1/2", "one bit flipped at 3/4", "one character added",
       "its last character missing", "its last base64 character changed", "its case swapped",
       "\"0\"", "an empty nonce"});
  return names[static_cast<std::size_t>(mutation)];
}

bool looks_hexadecimal(std::string_view nonce) {
  return std::ranges::all_of(nonce, [](char c) { return is_hex(c) || !is_alphanumeric(c); });
}

std::string mutate(std::string_view nonce, Mutation mutation, sip::Random& random) {
  switch (mutation) {
    case Mutation::random:
      return randomise(nonce, 0, random);
    case Mutation::broken_mac:
      return randomise(nonce, kept_length(nonce), random);
    case Mutation::flip_quarter:
      return flip(nonce, 1);
    case Mutation::flip_half:
      return flip(nonce, 2);
    case Mutation::flip_three_quarters:
      return flip(nonce, 3);
    case Mutation::extended:
      return std::string{nonce} + 'x';
    case Mutation::cut:
      return std::string{nonce.substr(0, nonce.empty() ? 0 : nonce.size() - 1)};
    case Mutation::last_character:
      return change_last_character(nonce);
    case Mutation::other_case:
      return swap_case(nonce);
    case Mutation::zero:
      return "0";
    case Mutation::empty:
      return "";
  }
  return std::string{nonce};
}

}  // namespace sipauth::checks
