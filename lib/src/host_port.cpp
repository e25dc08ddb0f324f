#include "host_port.hpp"

namespace sipauth::detail {
namespace {

// The underscore has a rule of its own.
constexpr CharacterSet of_host{"-._"};

constexpr bool is_ipv6(char c) { return is_hex(c) || c == ':' || c == '.'; }

void lint_host(std::string_view host, const Report& report) noexcept {
  if (host.empty()) {
    report("SL-host-missing", host);
  } else if (!std::ranges::all_of(host, of_host)) {
    report("SL-host-character", host);
  } else if (host.contains('_')) {
    report("SL-host-underscore", host);
  }
}

// `[2001:db8::1]`, or what there is of it.
std::string_view take_ipv6_reference(Cursor& cursor, const Report& report) noexcept {
  const auto begin = cursor.position();
  cursor.take('[');
  const auto address = cursor.take_while([](char c) { return c != ']'; });
  const bool closed = cursor.take(']');
  const auto host = cursor.since(begin);
  if (!closed) {
    report("SL-host-bracket", host.substr(0, 1));
  } else if (!std::ranges::all_of(address, is_ipv6) || std::ranges::count(address, ':') < 2) {
    report("SL-host-character", host);
  }
  return host;
}

}  // namespace

HostPort read_host_port(std::string_view text, const Report& report) noexcept {
  Cursor cursor{text};
  HostPort read;
  if (cursor.is_at('[')) {
    read.host = take_ipv6_reference(cursor, report);
    if (const auto behind = cursor.take_while([](char c) { return c != ':' && !is_lws(c); });
        !behind.empty()) {
      report("SL-host-character", behind);
    }
  } else {
    read.host = trim(cursor.take_while([](char c) { return c != ':'; }));
    lint_host(read.host, report);
  }

  cursor.skip_lws();
  if (cursor.at_end()) return read;
  if (!cursor.take(':')) {
    report("SL-host-character", cursor.rest());
    return read;
  }
  cursor.skip_lws();
  const auto digits = trim(cursor.rest());
  if (const auto port = number(digits, 65'535)) {
    read.port = static_cast<std::uint16_t>(*port);
  } else {
    report("SL-port", digits);
  }
  return read;
}

}  // namespace sipauth::detail
