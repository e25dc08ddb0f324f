#include "commands/digest_charset.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "commands/digest_fields_detail.hpp"
#include "commands/normal_form.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using detail::same_spelling;
using detail::usage;

// UTF-8 in one byte a character; nullopt where that has no room.
std::optional<std::string> latin1_of(std::string_view text) {
  std::string latin1;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (length == 0 || length > 2 || first > 0xc3) return std::nullopt;
    latin1 += length == 1 ? text[0]
                          : static_cast<char>((first & 0x03U) << 6U |
                                              (static_cast<unsigned char>(text[1]) & 0x3fU));
    text.remove_prefix(length);
  }
  return latin1;
}

// What `convert` makes of the user name and of the password; false where one cannot be.
template <typename Convert>
bool convert_both(DigestFields& fields, FoundPassword& password, Convert convert,
                  std::string_view what) {
  const auto username = convert(fields.username.meant);
  auto secret = password.is_ha1 ? std::optional{std::string{}} : convert(password.secret.reveal());
  if (!username || !secret) return false;
  if (*username != fields.username.meant) {
    fields.username = same_spelling(*username);
    fields.notes.push_back(fmt::format("The user name is hashed in {}.", what));
  }
  if (!password.is_ha1 && *secret != password.secret.reveal()) {
    password.secret = Secret{*secret};
    fields.notes.push_back(fmt::format("The password is hashed in {}.", what));
  }
  wipe_memory(secret->data(), secret->size());
  return true;
}

}  // namespace

std::expected<void, results::Error> apply_charset(const DigestOptions& options,
                                                  DigestFields& fields, FoundPassword& password) {
  // The bytes of RES are no text, and what RFC 4169 makes of it is ASCII.
  if (!options.aka_file.empty()) return {};
  const bool is_utf8 = same(options.charset, "UTF-8") || same(options.charset, "UTF8");
  if (same(options.charset, "ISO-8859-1") || same(options.charset, "Latin1")) {
    if (convert_both(fields, password, latin1_of, "ISO-8859-1")) return {};
    return usage("The user name or the password has characters that ISO-8859-1 has not.");
  }
  if (!options.charset.empty() && !is_utf8) {
    return usage(fmt::format("--charset is UTF-8 or ISO-8859-1, not {}.",
                             results::for_terminal(options.charset)));
  }
  const bool plain =
      is_ascii(fields.username.meant) && (password.is_ha1 || is_ascii(password.secret.reveal()));
  if (plain) return {};
  if (!is_utf8 && !fields.is_unicode) {
    fields.notes.push_back(
        "User name or password are not ASCII and no charset was asked for: their bytes are hashed "
        "as they are.");
    return {};
  }
  if (!has_normal_forms()) {
    fields.notes.push_back(
        "Unicode is hashed as it is: libutf8proc, which brings it into NFC (RFC 7616 4), is not "
        "installed.");
    return {};
  }
  const auto composed = [](std::string_view text) {
    return normal_form(text, NormalForm::composed);
  };
  if (convert_both(fields, password, composed, "Unicode's NFC (RFC 7616 4)")) return {};
  return usage("The charset is UTF-8, and the user name or the password is not.");
}

}  // namespace sipauth::commands
