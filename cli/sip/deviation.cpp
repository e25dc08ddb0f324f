#include "sip/deviation.hpp"

#include <algorithm>

#include "sipauth/text.hpp"

namespace sipauth::sip {

WrittenParameter* WrittenCredentials::find(std::string_view name) {
  const auto found = std::ranges::find_if(
      parameters, [&](const WrittenParameter& parameter) { return same(parameter.name, name); });
  return found == parameters.end() ? nullptr : &*found;
}

void WrittenCredentials::set(std::string_view name, std::string value_of) {
  if (auto* known = find(name)) {
    known->value = std::move(value_of);
  } else {
    parameters.push_back({std::string{name}, std::move(value_of)});
  }
}

void WrittenCredentials::remove(std::string_view name) {
  std::erase_if(parameters,
                [&](const WrittenParameter& parameter) { return same(parameter.name, name); });
}

std::string WrittenCredentials::text() const {
  if (value) return *value;
  return write_credentials(parameters, {.separator = separator, .trailing = trailing}, scheme);
}

bool Deviation::is_plain() const {
  return !nonce && !wrong_password && !nc && !nc_text && !cnonce && !empty_password && !username &&
         !realm && !uri && !hashed_uri && !hashed_method && algorithm == nullptr &&
         !algorithm_text && !qop && account == nullptr && !rewrite;
}

}  // namespace sipauth::sip
