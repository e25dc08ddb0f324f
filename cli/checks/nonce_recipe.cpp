#include "checks/nonce_recipe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using Part = NonceRecipe::Part;

std::string time_text(std::int64_t seconds, bool hexadecimal) {
  return hexadecimal ? fmt::format("{:x}", seconds) : fmt::format("{}", seconds);
}

std::string_view part_name(Part part) {
  constexpr std::array<std::string_view, 4> names{"time", "address", "address and port", "realm"};
  return names[static_cast<std::size_t>(part)];
}

// Empty without libcrypto.
std::string hashed(const NonceRecipe& recipe, std::int64_t seconds,
                   const NonceIngredients& ingredients) {
  std::string text;
  for (const auto part : recipe.parts) {
    if (!text.empty()) text += recipe.separator;
    switch (part) {
      case Part::time:
        text += time_text(seconds, recipe.hexadecimal_time);
        break;
      case Part::address:
        text += ingredients.address;
        break;
      case Part::source:
        text += ingredients.source;
        break;
      case Part::realm:
        text += ingredients.realm;
        break;
    }
  }
  const std::string_view whole{text};
  const auto digest = hash_hex(recipe.hash, std::span{&whole, 1});
  return digest ? std::string{digest->view()} : std::string{};
}

// Every order of the time with an address, the realm, both or neither.
std::vector<std::vector<Part>> orders() {
  std::vector<std::vector<Part>> all;
  for (std::vector<Part> parts : {std::vector{Part::time},
                                  {Part::time, Part::address},
                                  {Part::time, Part::source},
                                  {Part::time, Part::realm},
                                  {Part::time, Part::address, Part::realm},
                                  {Part::time, Part::source, Part::realm}}) {
    std::ranges::sort(parts);
    do {
      all.push_back(parts);
    } while (std::ranges::next_permutation(parts).found);
  }
  return all;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

}  // namespace

std::string NonceRecipe::made_at(std::string_view nonce, std::int64_t made, std::int64_t at,
                                 const NonceIngredients& ingredients) const {
  auto text = lower_case(nonce);
  // A mark, so that a time within the hash is left alone.
  constexpr std::string_view mark = "\n";
  replace_all(text, hashed(*this, made, ingredients), mark);
  for (const bool hexadecimal : {false, true}) {
    replace_all(text, time_text(made, hexadecimal), time_text(at, hexadecimal));
  }
  replace_all(text, mark, hashed(*this, at, ingredients));
  return text;
}

std::string NonceRecipe::text() const {
  std::string list;
  for (const auto part : parts) {
    if (!list.empty()) list += ", ";
    list += part_name(part);
  }
  return std::string{hash == Hash::md5 ? "MD5" : "SHA-256"} + " of " + list;
}

std::optional<FoundRecipe> find_recipe(std::string_view nonce,
                                       const std::vector<std::int64_t>& times,
                                       const NonceIngredients& ingredients) {
  constexpr std::size_t shortest_hash = 32;
  if (nonce.size() < shortest_hash) return std::nullopt;
  const auto text = lower_case(nonce);
  for (const auto& parts : orders()) {
    for (const auto hash : {Hash::md5, Hash::sha256}) {
      for (const std::string_view separator : {"", ":"}) {
        if (parts.size() == 1 && !separator.empty()) continue;
        for (const bool hexadecimal : {false, true}) {
          const NonceRecipe recipe{hash, parts, separator, hexadecimal};
          for (const auto made : times) {
            const auto digest = hashed(recipe, made, ingredients);
            if (!digest.empty() && text.contains(digest)) return FoundRecipe{recipe, made};
          }
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace sipauth::checks
