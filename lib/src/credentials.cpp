#include "sipauth/credentials.hpp"

#include <algorithm>
#include <array>

#include "auth_params.hpp"

namespace sipauth {
namespace {

using enum Notation;

// RFC 7616 3.4, RFC 3310 3.2; integrity-protected is a proxy's word to the serving CSCF in IMS.
constexpr auto digest_parameters = std::to_array<KnownParameter>({
    {.name = "username", .notation = quoted_string, .repeated = "SL-duplicate-required"},
    {.name = "username*", .notation = ext_value, .misquoted = "SL-quoted-ext-value"},
    {.name = "realm", .notation = quoted_string, .repeated = "SL-duplicate-required"},
    {.name = "nonce", .notation = quoted_string, .repeated = "SL-duplicate-required"},
    {.name = "uri",
     .notation = quoted_string,
     .repeated = "SL-duplicate-required",
     .holds_semicolons = true},
    {.name = "response", .notation = quoted_string, .repeated = "SL-duplicate-required"},
    {.name = "cnonce", .notation = quoted_string},
    {.name = "opaque", .notation = quoted_string, .misquoted = "SL-unquoted-opaque"},
    {.name = "auts", .notation = quoted_string},
    {.name = "algorithm", .notation = token, .misquoted = "SL-quoted-algorithm"},
    {.name = "qop", .notation = token, .misquoted = "SL-quoted-qop"},
    {.name = "nc", .notation = token, .misquoted = "SL-quoted-nc"},
    {.name = "userhash", .notation = token, .misquoted = "SL-quoted-extension"},
    {.name = "integrity-protected"},
});

// Request-URI, `*`, or the path that HTTP has. What else is wrong with it is the Request-URI's.
bool is_like_uri(std::string_view uri) noexcept {
  const bool has_scheme = uri == "*" || uri.starts_with('/') || uri.contains(':');
  return has_scheme && uri.find_first_of(" \t<>") == std::string_view::npos;
}

void lint_presence(const Credentials& credentials, AuthParamsReader& reader) noexcept {
  const auto* extended = credentials.find("username*");
  if (!credentials.username()) {
    if (extended == nullptr) reader.report_missing("SL-missing-username");
  } else if (extended != nullptr) {
    reader.report("SL-two-usernames", extended->name);
  }
  if (!credentials.realm()) reader.report_missing("SL-missing-realm");
  if (!credentials.nonce()) reader.report_missing("SL-missing-nonce");
  if (const auto uri = credentials.uri(); !uri) {
    reader.report_missing("SL-missing-uri");
  } else if (uri->empty()) {
    reader.report("SL-empty-uri", *uri);
  } else if (!is_like_uri(*uri)) {
    reader.report("SL-digest-uri", *uri);
  }
}

// Empty is right while there was no challenge yet, so with an empty nonce (RFC 8760 2.7), and from
// an AKA client that could not verify the network.
void lint_response(const Credentials& credentials, std::optional<AlgorithmFacts> algorithm,
                   AuthParamsReader& reader) noexcept {
  const auto response = credentials.response();
  if (!response) {
    reader.report_missing("SL-missing-response");
    return;
  }
  const auto nonce = credentials.nonce();
  if (response->empty()) {
    const bool answers = nonce && !nonce->empty();
    if (answers && algorithm && !algorithm->aka) reader.report("SL-empty-response", *response);
    return;
  }
  if (nonce && nonce->empty()) reader.report("SL-empty-nonce", *nonce);
  lint_hex_digest(*response, reader);
  if (algorithm && response->size() != algorithm->hex_length) {
    reader.report("SL-response-length", *response);
  }
}

// With userhash=true the name is a hash, whatever else could be said of it (RFC 7616 3.4.4).
void lint_userhash(const Credentials& credentials, std::optional<AlgorithmFacts> algorithm,
                   AuthParamsReader& reader) noexcept {
  lint_boolean(credentials, "userhash", "SL-userhash-not-boolean", reader);
  const auto username = credentials.username();
  if (!username || !algorithm || !same(credentials.userhash().value_or(""), "true")) return;
  if (username->size() != algorithm->hex_length || !std::ranges::all_of(*username, is_hex)) {
    reader.report("SL-userhash-not-a-hash", *username);
  }
}

void lint_digest(const Credentials& credentials, AuthParamsReader& reader) noexcept {
  lint_presence(credentials, reader);
  const auto algorithm = lint_algorithm(credentials, reader);
  lint_response(credentials, algorithm, reader);
  if (const auto qop = credentials.qop();
      qop && !qop->empty() && !same(*qop, "auth") && !same(*qop, "auth-int")) {
    reader.report("SL-unknown-qop", *qop);
  }
  lint_qop_company(credentials, reader);
  lint_userhash(credentials, algorithm, reader);
}

}  // namespace

std::expected<Credentials, ParseError> Credentials::parse(std::string_view text,
                                                          Diagnostics& diagnostics) noexcept {
  std::expected<Credentials, ParseError> result;  // written in place: what it holds is long
  auto& credentials = *result;
  AuthParamsReader reader{text, 0, credentials, diagnostics};
  const auto scheme = reader.scheme("SL-merged-credentials");
  if (!scheme) return std::unexpected{scheme.error()};
  credentials.scheme_ = *scheme;

  if (same(*scheme, "Basic")) reader.report("SL-basic-sent", *scheme);
  const auto read = credentials.is_digest() ? reader.parameters(digest_parameters)
                                            : reader.parameters_of_other_scheme();
  if (!read) return std::unexpected{read.error()};
  if (credentials.is_digest()) lint_digest(credentials, reader);
  return result;
}

}  // namespace sipauth
