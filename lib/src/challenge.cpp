#include "sipauth/challenge.hpp"

#include <algorithm>
#include <array>

#include "auth_params.hpp"

namespace sipauth {
namespace {

using enum Notation;

// RFC 7616 3.3; ik and ck are the keys a serving CSCF hands to the proxy in IMS.
constexpr auto digest_parameters = std::to_array<KnownParameter>({
    {.name = "realm", .notation = quoted_string, .repeated = "SL-duplicate-required"},
    {.name = "nonce", .notation = quoted_string, .repeated = "SL-duplicate-required"},
    {.name = "opaque", .notation = quoted_string, .misquoted = "SL-unquoted-opaque"},
    {.name = "domain",
     .notation = quoted_string,
     .misquoted = "SL-unquoted-domain",
     .holds_semicolons = true},
    {.name = "qop", .notation = quoted_string, .misquoted = "SL-unquoted-qop"},
    {.name = "stale", .notation = token, .misquoted = "SL-quoted-stale"},
    {.name = "algorithm", .notation = token, .misquoted = "SL-quoted-algorithm"},
    {.name = "charset", .notation = token, .misquoted = "SL-quoted-extension"},
    {.name = "userhash", .notation = token, .misquoted = "SL-quoted-extension"},
    {.name = "ik"},
    {.name = "ck"},
});

void lint_realm_and_nonce(const Challenge& challenge, AuthParamsReader& reader) noexcept {
  if (const auto realm = challenge.realm(); !realm) {
    reader.report_missing("SL-missing-realm");
  } else if (realm->empty()) {
    reader.report("SL-empty-realm", *realm);
  }
  if (const auto nonce = challenge.nonce(); !nonce) {
    reader.report_missing("SL-missing-nonce");
  } else if (nonce->empty()) {
    reader.report("SL-empty-nonce", *nonce);
  } else if (const auto backslash = nonce->find('\\'); backslash != std::string_view::npos) {
    reader.report("SL-backslash-in-nonce", nonce->substr(backslash, 1));
  }
}

// qop = LDQUOT qop-value *("," qop-value) RDQUOT: the commas are bare (RFC 3261 25.1).
void lint_qop(std::string_view list, AuthParamsReader& reader) noexcept {
  if (trim(list).empty()) {
    reader.report("SL-empty-qop", list);
    return;
  }
  if (const auto blank = std::ranges::find_if(list, is_lws); blank != list.end()) {
    reader.report("SL-blank-in-qop",
                  list.substr(static_cast<std::size_t>(blank - list.begin()), 1));
  }
  int words = 0;
  std::string_view first_known;
  for (auto rest = list;;) {
    const auto comma = rest.find(',');
    const auto word = trim(rest.substr(0, comma));
    ++words;
    if (!is_token(word)) reader.report("SL-malformed-qop", word);
    if (first_known.empty() && (same(word, "auth") || same(word, "auth-int"))) first_known = word;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }

  if (first_known.empty()) {
    reader.report("SL-unknown-qop", list);
  } else if (!qop_offers(list, "auth")) {
    reader.report("SL-qop-auth-int-only", first_known);
  } else if (same(first_known, "auth-int")) {
    reader.report("SL-qop-auth-int-first", first_known);
  } else if (words > 1 && qop_offers(list, "auth-int")) {
    reader.report("SL-qop-list", list);
  }
}

// RAND and AUTN are 16 bytes each, and a network may add more. What is no base64 stands for
// something in an example, as a rule, and is left alone.
bool is_cut_aka_nonce(std::string_view nonce) noexcept {
  constexpr std::size_t bytes_due = 32;
  constexpr std::size_t shortest_name = 16;
  const auto digits = nonce.substr(0, nonce.find('='));
  const bool is_base64 = std::ranges::all_of(
      digits, [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '/'; });
  return is_base64 && nonce.size() >= shortest_name && digits.size() * 3 / 4 < bytes_due;
}

void lint_digest(const Challenge& challenge, AuthParamsReader& reader) noexcept {
  lint_realm_and_nonce(challenge, reader);
  lint_boolean(challenge, "stale", "SL-stale-not-boolean", reader);
  if (const auto qop = challenge.qop()) {
    lint_qop(*qop, reader);
  } else {
    reader.report_missing("SL-missing-qop");
  }
  const auto algorithm = lint_algorithm(challenge, reader);
  const auto nonce = challenge.nonce().value_or("");
  if (algorithm && algorithm->aka && is_cut_aka_nonce(nonce)) {
    reader.report("SL-aka-nonce", nonce);
  }
  if (const auto charset = challenge.charset(); charset && !same(*charset, "UTF-8")) {
    reader.report("SL-charset-not-utf-8", *charset);
  }
  lint_boolean(challenge, "userhash", "SL-userhash-not-boolean", reader);
}

}  // namespace

std::expected<Challenge, ParseError> Challenge::parse(std::string_view text,
                                                      Diagnostics& diagnostics) noexcept {
  return parse(text, 0, diagnostics);
}

std::expected<Challenge, ParseError> Challenge::parse(std::string_view text, std::size_t offset,
                                                      Diagnostics& diagnostics) noexcept {
  std::expected<Challenge, ParseError> result;  // written in place: what it holds is long
  auto& challenge = *result;
  AuthParamsReader reader{text, offset, challenge, diagnostics};
  const auto scheme = reader.scheme("SL-merged-challenges");
  if (!scheme) return std::unexpected{scheme.error()};
  challenge.scheme_ = *scheme;

  if (same(*scheme, "Basic")) {
    reader.report("SL-basic-offered", *scheme);
  } else if (!challenge.is_digest()) {
    reader.report("SL-other-scheme", *scheme);
  }
  const auto read = challenge.is_digest() ? reader.parameters(digest_parameters)
                                          : reader.parameters_of_other_scheme();
  if (!read) return std::unexpected{read.error()};
  challenge.next_ = reader.next_scheme();
  if (challenge.is_digest()) lint_digest(challenge, reader);
  return result;
}

std::optional<bool> Challenge::stale() const noexcept {
  const auto stale = value("stale");
  return stale ? std::optional{same(*stale, "true")} : std::nullopt;
}

}  // namespace sipauth
