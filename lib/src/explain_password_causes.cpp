#include <algorithm>
#include <array>
#include <utility>

#include "explain_change.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

// A copy of the password to change, wiped when it goes.
class Copy {
 public:
  explicit Copy(const Candidate& candidate) : text{candidate.input.password} {}
  ~Copy() { wipe_memory(text.data(), text.size()); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  std::string text;
};

template <std::string (*Respell)(std::string_view)>
void password(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_password(candidate, Respell(candidate.input.password), sink);
}

template <std::optional<std::string> (*Respell)(std::string_view)>
void password_if(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (auto other = Respell(candidate.input.password)) {
    with_password(candidate, std::move(*other), sink);
  }
}

template <std::string_view ExplainContext::* Other>
void password_form(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!(context.*Other).empty()) with_password(candidate, std::string{context.*Other}, sink);
}

void password_newline(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  for (const auto end : {"\n", "\r\n", "\r"}) with_password(candidate, copy.text + end, sink);
  auto end = copy.text.size();
  while (end > 0 && (copy.text[end - 1] == '\n' || copy.text[end - 1] == '\r')) --end;
  with_password(candidate, copy.text.substr(0, end), sink);
}

void password_space(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  with_password(candidate, copy.text + ' ', sink);
  with_password(candidate, ' ' + copy.text, sink);
  with_password(candidate, copy.text + '\t', sink);
  with_password(candidate, std::string{trim(copy.text)}, sink);
}

void password_empty(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_password(candidate, "", sink);
}

void password_zero(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  with_password(candidate, copy.text + std::string(1, '\0'), sink);
}

void password_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  Copy other{candidate};
  const auto change = [&](std::string changed) {
    if (changed != other.text) with_password(candidate, changed, sink);
    std::swap(other.text, changed);
    wipe_memory(changed.data(), changed.size());
  };
  change(swapped_case(copy.text));
  change(upper_case(copy.text));
  change(lower_case(copy.text));
  if (copy.text.empty()) return;
  auto first = copy.text;
  first[0] = swapped_case(first.substr(0, 1))[0];
  change(std::move(first));
}

void password_in_quotes(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  for (const char quote : {'"', '\''}) with_password(candidate, quote + copy.text + quote, sink);
}

void password_without_quotes(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  for (const char quote : {'"', '\''}) {
    if (copy.text.size() < 2 || !copy.text.starts_with(quote) || !copy.text.ends_with(quote)) {
      continue;
    }
    with_password(candidate, copy.text.substr(1, copy.text.size() - 2), sink);
  }
}

void password_backslashes(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_password(candidate, unquote(candidate.input.password), sink);
  auto quoted = quote(candidate.input.password);
  with_password(candidate, quoted.substr(1, quoted.size() - 2), sink);
  wipe_memory(quoted.data(), quoted.size());
}

constexpr auto xml_entities = std::to_array<std::pair<char, std::string_view>>(
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}});

std::string xml_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto* entity =
        std::ranges::find(xml_entities, c, &std::pair<char, std::string_view>::first);
    if (entity == xml_entities.end()) {
      encoded += c;
    } else {
      encoded += entity->second;
    }
  }
  return encoded;
}

std::string xml_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    const auto* entity = std::ranges::find_if(
        xml_entities, [text](const auto& row) { return text.starts_with(row.second); });
    const bool is_entity = entity != xml_entities.end();
    decoded += is_entity ? entity->first : text.front();
    text.remove_prefix(is_entity ? entity->second.size() : 1);
  }
  return decoded;
}

std::string plus_decoded(std::string_view text) {
  std::string spaced{text};
  std::ranges::replace(spaced, '+', ' ');
  auto decoded = percent_decoded(spaced);
  wipe_memory(spaced.data(), spaced.size());
  return decoded;
}

std::optional<std::string> form_encoded(std::string_view text) {
  if (!text.contains(' ')) return std::nullopt;
  auto encoded = percent_encoded(text);
  std::string plus;
  plus.reserve(encoded.size());
  for (std::string_view rest = encoded; !rest.empty();) {
    const bool is_blank = rest.starts_with("%20");
    plus += is_blank ? '+' : rest.front();
    rest.remove_prefix(is_blank ? 3 : 1);
  }
  wipe_memory(encoded.data(), encoded.size());
  return plus;
}

// Nothing but the blanks, where a form encodes more.
std::optional<std::string> blanks_as_plus(std::string_view text) {
  std::string plus{text};
  std::ranges::replace(plus, ' ', '+');
  auto encoded = form_encoded(text);
  const bool is_other = encoded && *encoded != plus;
  if (encoded) wipe_memory(encoded->data(), encoded->size());
  if (is_other) return plus;
  wipe_memory(plus.data(), plus.size());
  return std::nullopt;
}

// Where a configuration file takes the rest for a comment.
void password_comment(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  for (const char mark : {';', '#'}) {
    const auto at = copy.text.find(mark);
    if (at == std::string::npos || at == 0) continue;
    with_password(candidate, copy.text.substr(0, at), sink);
    const std::string_view before = trim(std::string_view{copy.text}.substr(0, at));
    if (before.size() != at) with_password(candidate, std::string{before}, sink);
  }
}

// The sizes that fields of phones and tables of servers have.
void password_cut(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const Copy copy{candidate};
  constexpr auto sizes =
      std::to_array<std::size_t>({8,  10, 12, 15, 16, 19, 20, 24, 25,  30,  31, 32,
                                  40, 47, 48, 50, 63, 64, 79, 80, 127, 128, 255});
  for (const auto size : sizes) {
    if (copy.text.size() > size) with_password(candidate, copy.text.substr(0, size), sink);
  }
}

void password_is_user(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const auto user = candidate.input.username;
  with_password(candidate, std::string{user}, sink);
  if (const auto at = user.find('@'); at != std::string_view::npos) {
    with_password(candidate, std::string{user.substr(0, at)}, sink);
  }
}

// The client took an HA1 for a password and hashed it once more: that of the given realm or of
// another challenge in the text, of the declared algorithm or of MD5, which is what most servers
// store.
void hashed_twice(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto try_ha1 = [&](DigestInput stored) {
    stored.uri = stored.method = stored.body = {};
    const auto trace = compute_digest(stored);
    if (!trace) return;
    for (const auto& text :
         {std::string{trace->ha1_first.view()}, upper_case(trace->ha1_first.view())}) {
      Candidate other = candidate;
      other.input.ha1 = {};
      other.input.password = text;
      sink.take(other, {});
    }
  };
  auto stored = candidate.input;
  stored.cnonce = "-";
  try_ha1(stored);
  if (is_hashed(candidate)) return;
  if (stored.algorithm != nullptr && stored.algorithm->hash != Hash::md5) {
    stored.algorithm = find_algorithm("MD5");
    try_ha1(stored);
    stored.algorithm = candidate.input.algorithm;
  }
  for (const auto realm : context.realms) {
    if (realm == candidate.input.realm) continue;
    stored.realm = realm;
    try_ha1(stored);
  }
}

// What was given as the password is an HA1 already.
void given_is_hashed(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  Candidate other = candidate;
  const auto password = trim(candidate.input.password);
  other.input.ha1 = password;
  if (!password.empty()) sink.take(other, {});
}

void password_hashed(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  for (const auto hash : {Hash::md5, Hash::sha256}) {
    const auto hashed = hash_hex(hash, std::span{&candidate.input.password, 1});
    if (hashed) with_password(candidate, std::string{hashed->view()}, sink);
  }
}

void res_as_hex(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (context.akav1_password.empty()) return;
  std::string lower_hex;
  for (const char c : context.akav1_password) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    lower_hex += digits[byte >> 4];
    lower_hex += digits[byte & 0xf];
  }
  with_password(candidate, upper_case(lower_hex), sink);
  with_password(candidate, std::move(lower_hex), sink);
}

constexpr auto table = std::to_array<Cause>({
    {"password-newline", "password",
     "The password that was hashed differs from the given one by a line end.",
     "A line end was stored with the password, as `echo` and editors leave it: store it again "
     "without, or give it with one if the phone is right.",
     Rank::usual, Composes::yes, password_newline},
    {"password-space", "password",
     "The password that was hashed differs from the given one by a blank at an end.",
     "A blank was pasted or trimmed with the password on one side: enter it again.", Rank::usual,
     Composes::yes, password_space},
    {"ha1-as-password", "password",
     "The HA1 was hashed as if it were the password: the client was given the HA1.",
     "Enter the password itself on the phone, or tell it that what it has is an HA1.", Rank::usual,
     Composes::no, hashed_twice},
    {"ha1-as-password", "password",
     "What was given as the password is the HA1 itself: give it as an HA1.",
     "The phone is right: the server, or the file given here, holds an HA1 where a password is "
     "expected.",
     Rank::usual, Composes::no, given_is_hashed},
    {"password-empty", "password", "The password that was hashed is empty.",
     "The phone has no password for this account: it was not set, or was lost with an update.",
     Rank::usual, Composes::no, password_empty},
    {"password-case", "password",
     "The password that was hashed differs from the given one in the case of its letters.",
     "Caps Lock, or a keyboard that begins with a capital letter: enter the password again.",
     Rank::usual, Composes::yes, password_case},
    {"password-is-user", "password", "The user name was hashed as the password.",
     "The phone still has the password of its factory or template, which is its own name.",
     Rank::seen, Composes::no, password_is_user},
    {"password-latin1", "password", "The password was hashed in Latin-1; RFC 7616 4 wants UTF-8.",
     "The side that hashes Latin-1 has to be set to UTF-8, or the password to ASCII.", Rank::seen,
     Composes::yes, password_if<latin1_of>},
    {"password-utf8", "password", "The password was encoded in UTF-8 once more than the given one.",
     "One side holds the password in Latin-1, or encodes UTF-8 twice: set both to UTF-8, or the "
     "password to ASCII.",
     Rank::seen, Composes::yes, password_if<utf8_of_latin1>},
    {"password-nfc", "password",
     "The password was hashed with composed characters (Unicode NFC); the given one has others.",
     "RFC 7616 4 asks for NFC: the phone is right, and the stored password has to be normalised.",
     Rank::seen, Composes::no, password_form<&ExplainContext::password_nfc>},
    {"password-nfd", "password",
     "The password was hashed with decomposed characters (Unicode NFD), as a Mac types them.",
     "RFC 7616 4 asks for NFC: the phone has to normalise, or the password to be ASCII.",
     Rank::seen, Composes::no, password_form<&ExplainContext::password_nfd>},
    {"password-encoded", "password", "The password was hashed with %XX for its characters.",
     "It was taken from a URI or a form without being decoded: enter it as it is.", Rank::seen,
     Composes::yes, password<percent_encoded>},
    {"password-encoded", "password",
     "The password was hashed as a form encodes it: + for a blank, %XX.",
     "A web page encoded the password and nobody decoded it: one without blanks and marks ends "
     "this.",
     Rank::seen, Composes::yes, password_if<form_encoded>},
    {"password-encoded", "password", "The password was hashed with + for its blanks.",
     "It was taken from a form or a URI without being decoded: a password without blanks ends "
     "this.",
     Rank::rare, Composes::yes, password_if<blanks_as_plus>},
    {"password-decoded", "password", "The password was hashed after its %XX were decoded.",
     "One side takes the password for a part of a URI: a password without % ends this.", Rank::seen,
     Composes::yes, password<percent_decoded>},
    {"password-decoded", "password",
     "The password was hashed after it was decoded like a form: + for a blank, %XX.",
     "A web page decoded the password once too often: a password without + and % ends this.",
     Rank::rare, Composes::yes, password<plus_decoded>},
    {"password-in-quotes", "password",
     "The password was hashed with quotes round it that the given one has not.",
     "A configuration file takes quotes as part of the value: remove them there.", Rank::seen,
     Composes::yes, password_in_quotes},
    {"password-without-quotes", "password",
     "The password was hashed without the quotes that the given one has round it.",
     "The stored password has quotes that belong to a configuration file: store it without.",
     Rank::seen, Composes::yes, password_without_quotes},
    {"password-backslashes", "password", "The password that was hashed differs by its backslashes.",
     "One side escapes or unescapes the password: one without quotes and backslashes ends this.",
     Rank::seen, Composes::yes, password_backslashes},
    {"password-xml", "password", "The password was hashed with XML's escapes, such as &amp; for &.",
     "A provisioning file was not decoded, or was encoded twice: a password without & < > and "
     "quotes ends this.",
     Rank::seen, Composes::yes, password<xml_encoded>},
    {"password-xml", "password", "The password was hashed after XML's escapes were decoded.",
     "The stored password was copied out of a provisioning file with its escapes: decode it.",
     Rank::rare, Composes::yes, password<xml_decoded>},
    {"password-comment", "password",
     "The password was cut at ; or #, where configuration files begin a comment.",
     "Escape the character in the configuration file, or choose a password without it.", Rank::seen,
     Composes::yes, password_comment},
    {"password-cut", "password", "The password was cut to a shorter one before it was hashed.",
     "The phone, or a column of a table, has no room for all of it: choose a shorter one.",
     Rank::seen, Composes::yes, password_cut},
    {"password-hashed", "password",
     "The hash of the password alone, without user and realm, was hashed as the password.",
     "It is stored hashed for another purpose: digest authentication needs the password or an HA1.",
     Rank::rare, Composes::no, password_hashed},
    {"password-zero-byte", "password", "The password was hashed with a zero byte behind it.",
     "The phone counts the end of a C string as part of it: an update of its software is due.",
     Rank::rare, Composes::no, password_zero},
    {"akav1-instead-of-akav2", "password", "RES itself was hashed, as AKAv1 has it.",
     "The phone answers AKAv2 like AKAv1: RFC 4169 3 derives the password from RES, IK and CK.",
     Rank::usual, Composes::no, password_form<&ExplainContext::akav1_password>},
    {"akav2-instead-of-akav1", "password",
     "The password of AKAv2 was hashed where RES itself is due.",
     "The phone answers AKAv1 like AKAv2: RFC 3310 3.3 hashes RES as it is.", Rank::usual,
     Composes::no, password_form<&ExplainContext::akav2_password>},
    {"res-as-hex", "password", "RES was hashed as hex digits; its bytes are due.",
     "RFC 3310 3.3 takes RES as it is: the phone must not print it first.", Rank::usual,
     Composes::no, res_as_hex},
});

}  // namespace

std::span<const Cause> password_causes() noexcept { return table; }

}  // namespace sipauth::explain
