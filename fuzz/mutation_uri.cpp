#include "fuzz/mutation_uri.hpp"

#include <algorithm>

#include "fuzz/mutation.hpp"
#include "fuzz/mutation_table.hpp"
#include "sipauth/uri.hpp"

namespace sipauth::fuzz {
namespace {

constexpr auto parameter_ends = std::to_array<std::string_view>({";",
                                                                 ";;",
                                                                 "; ",
                                                                 "=",
                                                                 ";=",
                                                                 ";x=",
                                                                 ";x=\"",
                                                                 ";x=\"\\",
                                                                 ";lr=",
                                                                 ";x=a=b",
                                                                 ";x;x;x",
                                                                 ":",
                                                                 "@",
                                                                 ",",
                                                                 ", ",
                                                                 "\"",
                                                                 ";x=\"a,b;c\"",
                                                                 ";\xc3\xa9=1",
                                                                 ";x=%",
                                                                 ">",
                                                                 "<",
                                                                 ";transport=tcp;transport=udp"});

HostPort host_port_of_uri(std::string_view uri) {
  const auto at = uri.find('@');
  const auto colon = uri.find(':');
  return host_port_at(uri, at != std::string_view::npos      ? at + 1
                           : colon != std::string_view::npos ? colon + 1
                                                             : 0);
}

std::string uri_host(std::string_view uri, Random& random) {
  return replaced(uri, host_port_of_uri(uri).host, drawn(odd_hosts, random));
}

std::string uri_port(std::string_view uri, Random& random) {
  return replaced(uri, host_port_of_uri(uri).port, joined({":", drawn(odd_numbers, random)}));
}

std::string uri_scheme(std::string_view uri, Random& random) {
  constexpr auto schemes = std::to_array<std::string_view>(
      {"sip:", "sips:",    "SIP:", "tel:",  "urn:",  "http://", "mailto:",
       "",     ":",        "/",    "sip",   "sip::", "s ip:",   "sip :",
       "x:",   "sip:sip:", "1:",   "sip:;", "sip:?", "sip:@",   "\xc3\xa9:"});
  const auto colon = uri.find(':');
  const auto rest = uri.substr(colon == std::string_view::npos ? uri.size() : colon + 1);
  return joined({drawn(schemes, random), rest});
}

std::string uri_user(std::string_view uri, Random& random) {
  constexpr auto users = std::to_array<std::string_view>(
      {"@",         "%@",      "%4@",     "a%00b@", "a%zz@",  "a:b@",      "a:@",
       ":@",        "a b@",    "a@b@",    "\"a\"@", "a;b=c@", "a?b@",      "<a>@",
       "\xc3\xa9@", "%c3%a9@", "+1-201@", "*@",     "",       "a;b?c@d;e@"});
  const auto at = uri.find('@');
  const auto colon = uri.find(':');
  const auto begin = colon == std::string_view::npos ? 0 : colon + 1;
  if (at == std::string_view::npos || at < begin) return inserted(uri, begin, drawn(users, random));
  return replaced(uri, uri.substr(begin, at + 1 - begin), drawn(users, random));
}

std::string uri_escape(std::string_view uri, Random& random) {
  constexpr auto escapes = std::to_array<std::string_view>(
      {"%", "%4", "%zz", "%00", "%0d%0a", "%25", "%%", "%u0041", "%c3", "%ff"});
  const auto escape = drawn(escapes, random);
  return random.one_in(2) ? joined({uri, escape}) : inserted_anywhere(uri, escape, random);
}

std::string uri_headers(std::string_view uri, Random& random) {
  constexpr auto headers =
      std::to_array<std::string_view>({"?", "?a", "?a=", "?a=b&", "?=&=", "?a=b?c=d", "?a=%",
                                       "?Authorization=Digest", "?&&&", "?a=b;c=d"});
  return joined({uri, drawn(headers, random)});
}

std::string another_uri(std::string_view, Random& random) {
  constexpr auto uris = std::to_array<std::string_view>({"/",
                                                         "*",
                                                         "",
                                                         "%",
                                                         "%4",
                                                         "sip:",
                                                         "sips:",
                                                         "tel:",
                                                         "urn:",
                                                         "urn:x",
                                                         "tel:+1;phone-context=",
                                                         "http://example.com/a?b",
                                                         "sip:[::1]:5060",
                                                         "sip:@",
                                                         "sip:a@",
                                                         "<>",
                                                         "<sip:a@b>",
                                                         "sip:a b",
                                                         "sip:a:b:c@d:5060",
                                                         "//",
                                                         "data:,"});
  return std::string{drawn(uris, random)};
}

constexpr auto uri_transports = std::to_array<std::string_view>(
    {"tcp", "udp", "TCP", "", "ws", "tls", "sctp", "\"tcp\"", "x", "tcp,udp"});
constexpr Spellings transport_parameter{"transport", uri_transports};

constexpr auto uri_rows = std::to_array<Mutation>({
    {"uri-scheme", "another scheme, or none", uri_scheme},
    {"uri-user", "a user that is empty, escaped, doubled or needs quotes", uri_user},
    {"uri-host", "a host that is none, or an odd one", uri_host},
    {"uri-port", "a port at a boundary", uri_port},
    {"uri-escape", "an escape that is cut, broken or means a control", uri_escape},
    {"uri-headers", "headers behind a question mark", uri_headers},
    {"uri-transport", "a transport parameter", with_parameter<transport_parameter>},
    {"uri-ttl", "a ttl at a boundary", with_parameter<ttl_parameter>},
    {"uri-maddr", "a maddr parameter", with_parameter<maddr_parameter>},
    {"another-uri", "a URI of another kind", another_uri},
    {"odd-end", "a delimiter with nothing behind it", with_an_odd_end},
    {"grown", "longer by up to 65000 bytes", made_long},
});

constexpr auto of_uri = concatenated(uri_rows, text_rows);

}  // namespace

// From the first semicolon behind the bracket, if there is one.
std::string_view semicolon_parameters(std::string_view text) {
  const auto bracket = text.rfind('>');
  const auto begin = text.find(';', bracket == std::string_view::npos ? 0 : bracket);
  return begin == std::string_view::npos ? text.substr(text.size()) : text.substr(begin);
}

std::string with_notation(std::string_view text, Random& random, const Spellings& spellings) {
  const auto notation = drawn(spellings.notations, random);
  const auto value = find_parameter(semicolon_parameters(text), spellings.name);
  if (!value || random.one_in(4)) return joined({text, ";", spellings.name, "=", notation});
  if (value->empty()) return inserted(text, span_of(*value, text).offset, joined({"=", notation}));
  return replaced(text, *value, notation);
}

// Between `@`, the scheme or the transport, and the first delimiter behind.
HostPort host_port_at(std::string_view text, std::size_t begin) {
  const auto end = std::min(text.find_first_of(";?> ,", begin), text.size());
  const auto whole = text.substr(begin, end - begin);
  const auto bracket = whole.rfind(']');
  const auto colon = whole.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {whole, whole.substr(whole.size())};
  return {whole.substr(0, colon), whole.substr(colon)};
}

std::string with_an_odd_end(std::string_view text, Random& random) {
  return joined({text, drawn(parameter_ends, random)});
}

std::string made_long(std::string_view text, Random& random) {
  return inserted_anywhere(text, std::string(drawn_length(random), 'a'), random);
}

std::span<const Mutation> uri_mutations() noexcept { return of_uri; }

}  // namespace sipauth::fuzz
