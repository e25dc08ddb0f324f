#include "net/target.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "net/find_server.hpp"
#include "net/uri_user.hpp"
#include "sipauth/text.hpp"

// TARGET, from left to right:
//
//   [scheme:][//][user@]host[:port][;parameter]...[?headers]
//   ws[s]://[user@]host[:port][/path][?query]
//
// Where people type what no grammar knows, and there is only one thing they can mean, it is read
// so: a pasted <sip:...>, sip://host, ::1 without brackets, an unescaped @ in the user part.

namespace sipauth::net {
namespace {

using Error = std::unexpected<std::string>;

enum class Scheme { sip, sips, transport, builtin, foreign };

struct SchemeRow {
  std::string_view name;
  Scheme scheme;
  TransportKind transport = TransportKind::udp;
};

constexpr auto schemes = std::to_array<SchemeRow>({
    {"sip", Scheme::sip},
    {"sips", Scheme::sips, TransportKind::tls},
    {"udp", Scheme::transport, TransportKind::udp},
    {"tcp", Scheme::transport, TransportKind::tcp},
    {"tls", Scheme::transport, TransportKind::tls},
    {"builtin", Scheme::builtin, TransportKind::builtin},
    {"ws", Scheme::transport, TransportKind::ws},
    {"wss", Scheme::transport, TransportKind::wss},
    {"http", Scheme::foreign},
    {"https", Scheme::foreign},
    {"tel", Scheme::foreign},
});

bool is_websocket(TransportKind kind) {
  return kind == TransportKind::ws || kind == TransportKind::wss;
}

const SchemeRow* find_scheme(std::string_view name) {
  const auto row = std::ranges::find_if(schemes, [&](const auto& s) { return same(s.name, name); });
  return row == schemes.end() ? nullptr : &*row;
}

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_ipv4(const std::string& text) {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

// 0 of a port means "any" to the system, so nobody listens there.
std::expected<std::uint16_t, std::string> port_of(std::string_view digits) {
  const auto port = number(digits, 65'535);
  if (!port || *port == 0) {
    return Error{fmt::format(
        "\"{}\" is not a port: type a number from 1 to 65535 behind the colon.", digits)};
  }
  return static_cast<std::uint16_t>(*port);
}

std::expected<void, std::string> check_host(const std::string& host) {
  if (host.empty()) return Error{"There is no host: type sip:USER@HOST, HOST or HOST:PORT."};
  if (host.size() > 253) return Error{"The host name is longer than 253 characters."};
  for (const char c : host) {
    if (is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_') continue;
    if (static_cast<unsigned char>(c) >= 0x80) {
      return Error{"Write a host name with letters beyond ASCII in its xn-- form."};
    }
    return Error{fmt::format("\"{}\" is not a host name: '{}' cannot be part of one.", host, c)};
  }
  const bool numeric = std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
  if (numeric && !is_ipv4(host)) {
    return Error{
        fmt::format("\"{}\" is not an IPv4 address: that is four numbers up to 255, as in "
                    "127.0.0.1.",
                    host)};
  }
  return {};
}

class Reader {
 public:
  explicit Reader(std::string_view input) {
    target_.input = input;
    rest_ = trim(input);
    if (rest_.size() > 2 && rest_.front() == '<' && rest_.back() == '>') {
      rest_ = rest_.substr(1, rest_.size() - 2);
    }
  }

  std::expected<Target, std::string> target() {
    if (rest_.empty()) return Error{"There is no target: type sip:USER@HOST, or builtin:strict."};
    if (std::ranges::any_of(rest_, [](char c) { return is_control(c) || c == ' '; })) {
      return Error{
          "The target holds a blank or a control character: put each target in quotes and "
          "write blanks of a user name as %20."};
    }
    for (const auto step :
         {&Reader::scheme, &Reader::user, &Reader::host_and_port, &Reader::parameters}) {
      if (auto done = (this->*step)(); !done) return Error{std::move(done.error())};
      if (target_.is_builtin()) break;
    }
    return std::move(target_);
  }

 private:
  using Step = std::expected<void, std::string>;

  Step scheme() {
    const auto colon = rest_.find(':');
    const auto* row =
        colon == std::string_view::npos ? nullptr : find_scheme(rest_.substr(0, colon));
    if (!row) return {};
    if (row->scheme == Scheme::foreign) {
      return Error{fmt::format("{}: does not name a SIP server: type sip:USER@HOST.", row->name)};
    }
    scheme_ = row;
    target_.transport = row->transport;
    target_.transport_was_named = row->scheme == Scheme::transport;
    target_.secure_scheme = row->scheme == Scheme::sips;
    rest_.remove_prefix(colon + 1);
    if (row->scheme == Scheme::builtin) return builtin();
    if (rest_.starts_with("//")) rest_.remove_prefix(2);
    return is_websocket(row->transport) ? path() : Step{};
  }

  // RFC 6455 3. Taken off first: an @ in it begins no host, and it goes to the server as it is.
  Step path() {
    const auto begin = std::min(rest_.find_first_of("/?#"), rest_.size());
    const auto path = rest_.substr(begin);
    rest_ = rest_.substr(0, begin);
    if (path.contains('#')) {
      return Error{"The path of a WebSocket has no #: leave it out, or write %23."};
    }
    if (std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      return Error{"Write letters beyond ASCII in the path as %XX."};
    }
    target_.path = path.starts_with('/') ? std::string{path} : '/' + std::string{path};
    return {};
  }

  // The name itself is looked up by whoever owns the profiles.
  Step builtin() {
    const auto end = std::min(rest_.find(';'), rest_.size());
    const auto profile = rest_.substr(0, end);
    if (!is_token(profile)) {
      return Error{
          "builtin: wants the name of a profile, as in builtin:strict; sipauth serve "
          "--list-profiles shows them."};
    }
    auto list = rest_.substr(end);
    while (!list.empty()) {
      const auto [name, value] = next_parameter(list);
      if (same(name, "fault") && is_token(value)) {
        target_.builtin_fault = value;
      } else if (same(name, "transport") && same(value, "udp")) {
        continue;
      } else if (same(name, "transport") && same(value, "tcp")) {
        target_.transport = TransportKind::tcp;
      } else if (same(name, "transport")) {
        return Error{"A built-in registrar is reached over udp or tcp."};
      } else if (!name.empty()) {
        return Error{
            fmt::format("builtin: knows no \"{}\": type builtin:PROFILE;fault=NAME.", name)};
      }
    }
    target_.builtin_profile = profile;
    target_.host = "127.0.0.1";
    return {};
  }

  Step user() {
    const auto at = rest_.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto written = rest_.substr(0, at);
    if (written.contains(':')) {
      return Error{
          "A password in the target can be read by everybody on this host: leave it out and "
          "use --password-file FILE or the prompt."};
    }
    target_.user = unescape_user(written);
    if (std::ranges::any_of(target_.user, [](char c) { return is_control(c); })) {
      return Error{"The user part holds a control character."};
    }
    rest_.remove_prefix(at + 1);
    return {};
  }

  Step host_and_port() {
    const auto end = std::min(rest_.find_first_of(";?/"), rest_.size());
    auto place = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (place.starts_with('[')) return ipv6_reference(place);
    if (std::ranges::count(place, ':') > 1) return bare_ipv6(place);

    const auto colon = place.find(':');
    target_.host = place.substr(0, colon);
    if (auto good = check_host(target_.host); !good) return good;
    return colon == std::string_view::npos ? Step{} : port(place.substr(colon + 1));
  }

  Step ipv6_reference(std::string_view place) {
    const auto end = place.find(']');
    const std::string address{place.substr(1, end == std::string_view::npos ? end : end - 1)};
    if (end == std::string_view::npos || !is_ipv6(address)) return not_ipv6(place);
    target_.host = place.substr(0, end + 1);
    place.remove_prefix(end + 1);
    if (place.empty()) return {};
    return place.front() == ':' ? port(place.substr(1)) : not_ipv6(place);
  }

  // ::1 can only be an address; in 2001:db8::1:5060 the end may be a port as well.
  Step bare_ipv6(std::string_view place) {
    const std::string address{place};
    if (!is_ipv6(address)) return not_ipv6(place);
    const auto last = place.rfind(':');
    if (number(place.substr(last + 1), 65'535) && is_ipv6(address.substr(0, last))) {
      return Error{fmt::format("{0} can be read in two ways: type [{0}] or [{1}]:{2}.", place,
                               place.substr(0, last), place.substr(last + 1))};
    }
    target_.host = '[' + address + ']';
    return {};
  }

  static Step not_ipv6(std::string_view place) {
    return Error{fmt::format(
        "\"{}\" is not an IPv6 address: type it in brackets, as in [::1]:5060.", place)};
  }

  Step port(std::string_view digits) {
    auto port = port_of(digits);
    if (!port) return Error{std::move(port.error())};
    target_.port = *port;
    return {};
  }

  // Parameters of URIs that say nothing about where to send are ignored (RFC 3261 19.1.1).
  Step parameters() {
    if (rest_.starts_with('/')) rest_.remove_prefix(std::min(rest_.find(';'), rest_.size()));
    auto list = rest_.substr(0, rest_.find('?'));
    bool chosen = false;
    while (!list.empty()) {
      const auto [name, value] = next_parameter(list);
      if (same(name, "maddr")) {
        return Error{"maddr is not followed: say --connect HOST:PORT to send elsewhere."};
      }
      if (!same(name, "transport")) continue;
      const auto before = target_.transport;
      if (auto good = transport(value); !good) return good;
      if (chosen && before != target_.transport) {
        return Error{"The target names two transports: keep one ;transport=."};
      }
      chosen = true;
      target_.transport_was_named = true;
    }
    return {};
  }

  Step transport(std::string_view value) {
    const auto* row = find_transport(value);
    if (!row) {
      return Error{fmt::format("transport={} is not known: type {}.", value, transport_choice)};
    }
    if (target_.secure_scheme) {
      // RFC 3261 26.2.2: sips with transport=tcp is TLS over TCP; with transport=ws it is WSS (RFC
      // 7118 5.2.2).
      if (row->kind == TransportKind::udp) {
        return Error{"sips: is never sent over udp: leave transport=udp out, or type sip:."};
      }
      target_.transport = row->secure_form;
      return {};
    }
    if (scheme_ && scheme_->scheme == Scheme::transport && row->kind != scheme_->transport) {
      return Error{fmt::format("The target says {}: and transport={}: keep one of them.",
                               scheme_->name, value)};
    }
    target_.transport = row->kind;
    return {};
  }

  // Takes `;name=value` off the front of `list`.
  static std::pair<std::string_view, std::string_view> next_parameter(std::string_view& list) {
    list.remove_prefix(1);
    const auto end = std::min(list.find(';'), list.size());
    const auto parameter = list.substr(0, end);
    list.remove_prefix(end);
    const auto equal = std::min(parameter.find('='), parameter.size());
    return {parameter.substr(0, equal), parameter.substr(std::min(equal + 1, parameter.size()))};
  }

  Target target_;
  std::string_view rest_;
  const SchemeRow* scheme_ = nullptr;
};

}  // namespace

bool Target::is_loopback() const {
  return is_builtin() || same(host, "localhost") || host == "[::1]" ||
         (host.starts_with("127.") && is_ipv4(host));
}

bool Target::is_a_domain() const {
  return !is_builtin() && !host.starts_with('[') &&
         needs_records(
             {.host = host, .port = port, .transport = transport, .secure = secure_scheme});
}

std::uint16_t Target::port_or_default() const {
  return port.value_or(transport_row(transport).port);
}

std::string Target::request_uri() const {
  return port ? fmt::format("sip:{}:{}", host, *port) : "sip:" + host;
}

std::string Target::domain() const { return host; }

std::string Target::understood() const {
  if (is_builtin()) {
    return fmt::format("the built-in registrar {}{}{}", builtin_profile,
                       builtin_fault.empty() ? "" : " with fault " + builtin_fault,
                       transport == TransportKind::tcp ? " over TCP" : "");
  }
  const auto uri = fmt::format("{}:{}{}{}", secure_scheme ? "sips" : "sip", escape_user(user),
                               user.empty() ? "" : "@", host);
  const auto& row = transport_row(transport);
  const auto over = fmt::format(" over {}{}", row.via,
                                is_websocket(transport) && path != "/" ? " at " + path : "");
  if (!is_a_domain()) return fmt::format("{}:{}{}", uri, port_or_default(), over);
  return uri + (transport_was_named || secure_scheme ? over : ", found by DNS");
}

std::expected<Target, std::string> parse_target(std::string_view text) {
  return Reader{text}.target();
}

}  // namespace sipauth::net
