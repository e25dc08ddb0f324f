#include "sipauth/authentication_info.hpp"

#include <algorithm>
#include <array>

#include "auth_params.hpp"

namespace sipauth {
namespace {

using enum Notation;

// RFC 7616 3.5.
constexpr auto info_parameters = std::to_array<KnownParameter>({
    {.name = "nextnonce", .notation = quoted_string},
    {.name = "rspauth", .notation = quoted_string},
    {.name = "cnonce", .notation = quoted_string},
    {.name = "qop", .notation = token, .misquoted = "SL-quoted-qop"},
    {.name = "nc", .notation = token, .misquoted = "SL-quoted-nc"},
});

}  // namespace

std::expected<AuthenticationInfo, ParseError> AuthenticationInfo::parse(
    std::string_view text, Diagnostics& diagnostics) noexcept {
  std::expected<AuthenticationInfo, ParseError> result;  // written in place: what it holds is long
  auto& info = *result;
  AuthParamsReader reader{text, 0, info, diagnostics};
  if (const auto scheme = reader.other_scheme()) {
    reader.report("SL-other-scheme", *scheme);
    if (const auto read = reader.parameters_of_other_scheme(); !read) {
      return std::unexpected{read.error()};
    }
    return result;
  }
  if (const auto read = reader.parameters(info_parameters); !read) {
    return std::unexpected{read.error()};
  }

  if (info.parameters().empty() && trim(text).empty()) reader.report_missing("SL-empty-element");
  if (const auto next = info.nextnonce(); next && next->empty()) {
    reader.report("SL-empty-nonce", *next);
  }
  if (const auto rspauth = info.rspauth()) {
    lint_hex_digest(*rspauth, reader);
    const auto length = rspauth->size();
    const bool is_usual = length == 0 || length == 32 || length == 64;
    if (!is_usual && std::ranges::all_of(*rspauth, is_hex)) {
      reader.report("SL-response-length", *rspauth);
    }
  } else if (!info.qop().value_or("").empty()) {
    reader.report_missing("SL-missing-rspauth");
  }
  lint_qop_company(info, reader);
  return result;
}

}  // namespace sipauth
