#include "explain_causes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "explain_uri.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

using Text = std::string_view DigestInput::*;

// Each function below tries the other values of one member, in the manner of Cause::vary.

void with(const Candidate& candidate, Text member, std::string_view value, Sink& sink) {
  if (candidate.input.*member == value) return;
  Candidate other = candidate;
  other.input.*member = value;
  sink.take(other, value);
}

// A password has no name in an explanation, and nothing of it stays in memory.
void with_password(const Candidate& candidate, std::string value, Sink& sink) {
  if (candidate.input.ha1.empty() && candidate.input.password != value) {
    Candidate other = candidate;
    other.input.password = value;
    sink.take(other, {});
  }
  wipe_memory(value.data(), value.size());
}

// Who is who went into a given HA1 already.
bool is_hashed(const Candidate& candidate) { return !candidate.input.ha1.empty(); }

std::string mapped(std::string_view text, char (*change)(char)) {
  std::string other{text};
  std::ranges::transform(other, other.begin(), change);
  return other;
}

char to_lower(char c) { return lower(c); }
char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; }

void other_method(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  constexpr auto methods = std::to_array<std::string_view>(
      {"REGISTER", "INVITE", "SUBSCRIBE", "OPTIONS", "MESSAGE", "PUBLISH", "BYE", "ACK", "CANCEL",
       "NOTIFY", "REFER", "INFO", "UPDATE", "PRACK"});
  for (const auto method : methods) with(candidate, &DigestInput::method, method, sink);
}

void method_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with(candidate, &DigestInput::method, mapped(candidate.input.method, to_lower), sink);
  with(candidate, &DigestInput::method, mapped(candidate.input.method, to_upper), sink);
}

void no_method(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with(candidate, &DigestInput::method, "", sink);
}

template <auto Respell>
void uri(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  for (const auto& other : Respell(candidate.input, context)) {
    with(candidate, &DigestInput::uri, other, sink);
  }
}

void request_uri(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!context.request_uri.empty()) {
    with(candidate, &DigestInput::uri, context.request_uri, sink);
  }
}

void user_with_domain(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto& input = candidate.input;
  if (is_hashed(candidate) || input.username.contains('@')) return;
  const auto host = host_of(input.uri);
  std::string_view tried_before;
  for (const auto domain : {context.domain, host, input.realm}) {
    if (domain.empty() || domain == tried_before) continue;
    tried_before = domain;
    std::string user{input.username};
    with(candidate, &DigestInput::username, user.append(1, '@').append(domain), sink);
  }
}

void user_without_domain(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  const auto user = candidate.input.username;
  with(candidate, &DigestInput::username, user.substr(0, user.find('@')), sink);
}

void user_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  with(candidate, &DigestInput::username, mapped(candidate.input.username, to_lower), sink);
}

// RFC 2617 hashes the quoting backslashes, RFC 7616 does not.
void backslashes(const Candidate& candidate, Text member, std::string_view raw, Sink& sink) {
  if (is_hashed(candidate)) return;
  if (!raw.empty()) with(candidate, member, raw, sink);
  with(candidate, member, unquote(candidate.input.*member), sink);
}

void realm_backslashes(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  backslashes(candidate, &DigestInput::realm, context.raw_realm, sink);
}

void user_backslashes(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  backslashes(candidate, &DigestInput::username, context.raw_username, sink);
}

void realm_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  with(candidate, &DigestInput::realm, mapped(candidate.input.realm, to_lower), sink);
  with(candidate, &DigestInput::realm, mapped(candidate.input.realm, to_upper), sink);
}

void other_realm(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (is_hashed(candidate)) return;
  const auto host = host_of(candidate.input.uri);
  if (!context.domain.empty()) with(candidate, &DigestInput::realm, context.domain, sink);
  if (!host.empty() && host != context.domain) with(candidate, &DigestInput::realm, host, sink);
  with(candidate, &DigestInput::realm, "", sink);
}

void with_qop(const Candidate& candidate, Qop qop, std::string_view told, Sink& sink) {
  if (candidate.input.qop == qop) return;
  Candidate other = candidate;
  other.input.qop = qop;
  sink.take(other, told);
}

void qop_ignored(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_qop(candidate, Qop::none, "none", sink);
}

void other_qop(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (candidate.input.cnonce.empty() || candidate.input.nc.empty()) return;
  for (const auto qop : {Qop::auth, Qop::auth_int}) {
    with_qop(candidate, qop, qop_name(qop), sink);
  }
}

void body_ignored(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (candidate.input.qop == Qop::auth_int) with(candidate, &DigestInput::body, "", sink);
}

bool is_session(const Candidate& candidate) {
  return candidate.input.algorithm != nullptr && candidate.input.algorithm->session;
}

Hash hash_of(const Candidate& candidate) {
  return candidate.input.algorithm ? candidate.input.algorithm->hash : Hash::md5;
}

void with_algorithm(const Candidate& candidate, Hash hash, bool session, Sink& sink) {
  for (const auto& row : algorithms()) {
    if (row.hash != hash || row.session != session) continue;
    Candidate other = candidate;
    other.input.algorithm = &row;
    sink.take(other, row.name);
  }
}

void plain_instead_of_session(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!is_session(candidate) || candidate.binary_session) return;
  with_algorithm(candidate, hash_of(candidate), false, sink);
}

void session_instead_of_plain(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_session(candidate)) return;
  with_algorithm(candidate, hash_of(candidate), true, sink);
}

void binary_session(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!is_session(candidate)) return;
  Candidate other = candidate;
  other.binary_session = true;
  sink.take(other, candidate.input.algorithm->name);
}

void other_algorithm(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  for (const auto& row : algorithms()) {
    if (row.hash != hash_of(candidate)) with_algorithm(candidate, row.hash, row.session, sink);
  }
}

void password_newline(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  std::string password{candidate.input.password};
  with_password(candidate, password + '\n', sink);
  with_password(candidate, password + "\r\n", sink);
  with_password(candidate, password + '\r', sink);
  while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
  with_password(candidate, password, sink);
  wipe_memory(password.data(), password.size());
}

void password_space(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  std::string password{candidate.input.password};
  with_password(candidate, password + ' ', sink);
  with_password(candidate, ' ' + password, sink);
  with_password(candidate, std::string{trim(password)}, sink);
  wipe_memory(password.data(), password.size());
}

void password_empty(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_password(candidate, "", sink);
}

// The client took the HA1 for a password and hashed it once more ...
void hashed_twice(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const auto trace = compute_digest(candidate.input);
  if (!trace) return;
  Candidate other = candidate;
  other.input.ha1 = {};
  other.input.password = trace->ha1_first.view();
  sink.take(other, {});
}

// ... or what was given as the password is one already.
void given_is_hashed(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  Candidate other = candidate;
  other.input.ha1 = candidate.input.password;
  if (!other.input.ha1.empty()) sink.take(other, {});
}

std::string count(std::uint32_t value, int base, std::size_t width) {
  std::array<char, 10> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  std::string text{digits.data(), end};
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

std::optional<std::uint32_t> read_count(std::string_view nc, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(nc.data(), nc.data() + nc.size(), value, base);
  if (error != std::errc{} || end != nc.data() + nc.size()) return std::nullopt;
  return value;
}

constexpr std::size_t nc_width = 8;

void nc_decimal(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (const auto value = read_count(candidate.input.nc, 16)) {
    with(candidate, &DigestInput::nc, count(*value, 10, nc_width), sink);
  }
  if (const auto value = read_count(candidate.input.nc, 10)) {
    with(candidate, &DigestInput::nc, count(*value, 16, nc_width), sink);
  }
}

void nc_zeros(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (const auto value = read_count(candidate.input.nc, 16)) {
    with(candidate, &DigestInput::nc, count(*value, 16, 1), sink);
    with(candidate, &DigestInput::nc, count(*value, 16, nc_width), sink);
  }
}

void nc_off_by_one(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (const auto value = read_count(candidate.input.nc, 16)) {
    with(candidate, &DigestInput::nc, count(*value + 1, 16, nc_width), sink);
    with(candidate, &DigestInput::nc, count(*value - 1, 16, nc_width), sink);
  }
}

// Text in UTF-8 whose characters all are in Latin-1, in one byte each; nullopt for any other.
std::optional<std::string> latin1_of(std::string_view text) {
  std::string latin1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      latin1 += text[i];
      continue;
    }
    if ((byte != 0xc2 && byte != 0xc3) || i + 1 == text.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(text[++i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    latin1 += static_cast<char>((byte & 0x03) << 6 | (next & 0x3f));
  }
  return latin1;
}

void user_latin1(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_hashed(candidate)) return;
  if (const auto user = latin1_of(candidate.input.username)) {
    with(candidate, &DigestInput::username, *user, sink);
  }
}

void password_latin1(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (auto password = latin1_of(candidate.input.password)) {
    with_password(candidate, std::move(*password), sink);
  }
}

constexpr auto cause_table = std::to_array<Cause>({
    {"other-method", "method", "The digest was made for the method {}.", true, other_method},
    {"uri-with-port", "uri", "The digest was made for {}, with a port in it.", true,
     uri<uri_with_port>},
    {"uri-without-port", "uri", "The digest was made for {}, without the port.", true,
     uri<uri_without_port>},
    {"uri-without-parameters", "uri", "The digest was made for {}, without the parameters.", true,
     uri<uri_without_parameters>},
    {"request-uri", "uri", "The digest was made for the Request-URI, {}.", true, request_uri},
    {"uri-without-user", "uri", "The digest was made for {}, without the user.", true,
     uri<uri_without_user>},
    {"uri-with-user", "uri", "The digest was made for {}, with a user in it.", true,
     uri<uri_with_user>},
    {"uri-scheme", "uri", "The digest was made for {}, with the other scheme.", true,
     uri<uri_scheme>},
    {"uri-with-parameters", "uri", "The digest was made for {}, with a parameter more.", false,
     uri<uri_with_parameters>},
    {"uri-without-scheme", "uri", "The digest was made for {}, without sip: in front.", false,
     uri<uri_without_scheme>},
    {"uri-in-brackets", "uri", "The digest was made for {}, angle brackets included.", false,
     uri<uri_in_brackets>},
    {"uri-case", "uri", "The digest was made for {}, in lower case.", false, uri<uri_case>},
    {"user-with-domain", "username", "The user name that was hashed is {}, with a domain.", true,
     user_with_domain},
    {"user-without-domain", "username", "The user name that was hashed is {}, without the domain.",
     true, user_without_domain},
    {"qop-ignored", "qop",
     "The qop was sent but not hashed: this is the short form of RFC 2069, without nc and cnonce.",
     true, qop_ignored},
    {"other-qop", "qop", "The digest was made for qop={}.", false, other_qop},
    {"body-ignored", "body", "The digest was made for an empty body.", false, body_ignored},
    {"plain-instead-of-session", "algorithm",
     "The digest was made with {}: the nonce and cnonce of -sess are not in A1.", true,
     plain_instead_of_session},
    {"session-instead-of-plain", "algorithm",
     "The digest was made with {}: nonce and cnonce were hashed into A1.", true,
     session_instead_of_plain},
    {"binary-session", "algorithm",
     "The inner hash of {} went into A1 as bytes; it belongs there as hex digits.", true,
     binary_session},
    {"other-algorithm", "algorithm", "The digest was made with {}.", false, other_algorithm},
    {"realm-backslashes", "realm",
     "The realm that was hashed is {}: RFC 2617 keeps the quoting backslashes and RFC 7616 drops "
     "them, so neither side is wrong.",
     true, realm_backslashes},
    {"user-backslashes", "username",
     "The user name that was hashed is {}: RFC 2617 keeps the quoting backslashes and RFC 7616 "
     "drops them, so neither side is wrong.",
     true, user_backslashes},
    {"realm-case", "realm", "The realm that was hashed is {}; its case counts.", true, realm_case},
    {"other-realm", "realm", "The realm that was hashed is \"{}\".", false, other_realm},
    {"user-case", "username", "The user name that was hashed is {}; its case counts.", false,
     user_case},
    {"password-newline", "password",
     "The password that was hashed differs from the given one by a line end.", true,
     password_newline},
    {"password-space", "password",
     "The password that was hashed differs from the given one by a blank at an end.", true,
     password_space},
    {"password-empty", "password", "The password that was hashed is empty.", false, password_empty},
    {"password-latin1", "password", "The password was hashed in Latin-1; RFC 7616 4 wants UTF-8.",
     false, password_latin1},
    {"user-latin1", "username", "The user name was hashed in Latin-1; RFC 7616 4 wants UTF-8.",
     false, user_latin1},
    {"ha1-as-password", "password",
     "The HA1 was hashed as if it were the password: the client was given the HA1.", true,
     hashed_twice},
    {"ha1-as-password", "password",
     "What was given as the password is the HA1 itself: give it as an HA1.", false,
     given_is_hashed},
    {"nc-decimal", "nc", "The nc that was hashed is {}: one side counts in decimal.", false,
     nc_decimal},
    {"nc-zeros", "nc", "The nc that was hashed is {}; eight digits are due.", false, nc_zeros},
    {"nc-off-by-one", "nc", "The nc that was hashed is {}.", false, nc_off_by_one},
    {"method-case", "method", "The method that was hashed is {}; its case counts.", false,
     method_case},
    {"no-method", "method", "The digest was made without a method, as an rspauth is.", false,
     no_method},
});

}  // namespace

std::span<const Cause> causes() noexcept { return cause_table; }

}  // namespace sipauth::explain
