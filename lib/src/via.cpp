#include "host_port.hpp"
#include "parameters.hpp"
#include "sipauth/address.hpp"
#include "sipauth/limits.hpp"

// Via and CSeq (RFC 3261 20.42, 20.16 and 25.1):
//
//   via-parm = token SLASH token SLASH transport LWS sent-by *(SEMI parameter)
//   CSeq     = 1*DIGIT LWS Method

namespace sipauth {
namespace {

using detail::Cursor;
using detail::Report;

constexpr std::string_view magic_cookie = "z9hG4bK";

// Blanks round a slash are legal (SLASH).
bool take_slash(Cursor& cursor) {
  cursor.skip_lws();
  if (!cursor.take('/')) return false;
  cursor.skip_lws();
  return true;
}

void lint_branch(const Via& via, std::string_view value, const Report& report) {
  const auto branch = via.branch();
  if (!branch || branch->empty()) {
    const auto end = via.parameters.empty() ? via.host : via.parameters;
    report("SL-via-branch-missing",
           end.empty() ? value.substr(value.size()) : end.substr(end.size()));
  } else if (!same(branch->substr(0, magic_cookie.size()), magic_cookie)) {
    report("SL-via-branch-cookie", *branch);
  } else if (branch->size() == magic_cookie.size()) {
    report("SL-via-branch-empty", *branch);
  }
}

}  // namespace

std::expected<Via, ParseError> Via::parse(std::string_view value,
                                          Diagnostics& diagnostics) noexcept {
  const Report report{value, diagnostics};
  Cursor cursor{value};
  Via via;
  cursor.skip_lws();
  if (cursor.at_end()) return report.error(ParseError::Kind::empty, cursor.here());

  const auto begin = cursor.position();
  const auto name = cursor.take_token();
  if (name.empty() || !take_slash(cursor)) {
    return report.error(ParseError::Kind::not_a_via, cursor.here());
  }
  const auto version = cursor.take_token();
  via.protocol = cursor.since(begin);
  if (version.empty() || !take_slash(cursor)) {
    return report.error(ParseError::Kind::not_a_via, cursor.here());
  }
  if (!same(name, "SIP") || version != "2.0") report("SL-via-protocol", via.protocol);
  via.transport = cursor.take_token();
  if (via.transport.empty()) return report.error(ParseError::Kind::not_a_via, cursor.here());

  const auto sent_by = cursor.take_while([](char c) { return c != ';' && c != ','; });
  const auto [host, port] = detail::read_host_port(trim(sent_by), report);
  via.host = host;
  via.port = port;
  via.parameters = detail::take_header_parameters(cursor, report);
  lint_branch(via, value, report);
  if (cursor.take(',')) {
    via.rest = trim(cursor.rest());
    if (via.rest.empty()) report("SL-list-empty-element", cursor.rest());
  }
  return via;
}

std::expected<CSeq, ParseError> CSeq::parse(std::string_view value,
                                            Diagnostics& diagnostics) noexcept {
  const Report report{value, diagnostics};
  Cursor cursor{value};
  cursor.skip_lws();
  if (cursor.at_end()) return report.error(ParseError::Kind::empty, cursor.here());

  const auto digits = cursor.take_while(is_digit);
  if (digits.empty() || (!cursor.at_end() && cursor.skip_lws().empty())) {
    return report.error(ParseError::Kind::not_a_cseq, cursor.here());
  }
  const auto number = sipauth::number(digits, 0xffff'ffff);
  if (!number) return report.error(ParseError::Kind::not_a_number, digits);
  if (*number > limits::cseq) report("SL-cseq-range", digits);

  const auto method = cursor.take_while([](char c) { return !is_lws(c); });
  if (!is_token(method)) report("SL-method", method);
  cursor.skip_lws();
  if (!cursor.at_end()) report("SL-cseq-text", trim(cursor.rest()));
  return CSeq{.number = *number, .method = method};
}

}  // namespace sipauth
