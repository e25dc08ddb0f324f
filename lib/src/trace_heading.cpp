#include "trace_heading.hpp"

#include <algorithm>
#include <array>

#include "trace_lines.hpp"
#include "trace_time.hpp"

namespace sipauth::trace {
namespace {

// Lines behind which a heading no longer belongs to the next start line; a tree is longer.
constexpr std::size_t most_lines = 8;
constexpr std::size_t most_lines_of_tree = 200;

struct Word {
  std::string_view text;
  TraceDirection direction;
};

constexpr auto direction_words = std::to_array<Word>({
    {"received", TraceDirection::received},
    {"receive", TraceDirection::received},
    {"received:", TraceDirection::received},
    {"recv", TraceDirection::received},
    {"rcvd", TraceDirection::received},
    {"read", TraceDirection::received},
    {"rx", TraceDirection::received},
    {".rx", TraceDirection::received},
    {"incoming", TraceDirection::received},
    {"sent", TraceDirection::sent},
    {"sent:", TraceDirection::sent},
    {"send", TraceDirection::sent},
    {"sending", TraceDirection::sent},
    {"transmitting", TraceDirection::sent},
    {"retransmitting", TraceDirection::sent},
    {"tx", TraceDirection::sent},
    {".tx", TraceDirection::sent},
    {"outgoing", TraceDirection::sent},
});

struct Transport {
  std::string_view written;
  std::string_view name;
};

constexpr auto transports = std::to_array<Transport>({{"udp", "UDP"},
                                                      {"tcp", "TCP"},
                                                      {"tls", "TLS"},
                                                      {"wss", "WSS"},
                                                      {"ws", "WS"},
                                                      {"sctp", "SCTP"}});

constexpr bool is_host(char c) noexcept {
  return is_alpha(c) || is_digit(c) || c == '.' || c == '-';
}

std::optional<std::uint16_t> port_of(std::string_view digits) noexcept {
  const auto port = number(digits, 65'535);
  return port && digits.size() <= 5 ? std::optional{static_cast<std::uint16_t>(*port)}
                                    : std::nullopt;
}

std::string_view digits_at(std::string_view text) noexcept {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(0, end);
}

struct Found {
  TraceAddress address;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// `:5060`, `]:5060`, `.5060`; takes what it reads off `rest`.
std::uint16_t take_port(std::string_view text, std::size_t& end) noexcept {
  if (end >= text.size() || (text[end] != ':' && text[end] != '.')) return 0;
  const auto digits = digits_at(text.substr(end + 1));
  const auto port = port_of(digits);
  if (!port) return 0;
  end += 1 + digits.size();
  return *port;
}

// `[2001:db8::1]:5060`, `[10.0.0.1]:5060`
std::optional<Found> in_brackets(std::string_view line, std::size_t at) noexcept {
  const auto inside = line.substr(at + 1);
  std::size_t length = 0;
  while (length < inside.size() &&
         (is_hex(inside[length]) || inside[length] == ':' || inside[length] == '.')) {
    ++length;
  }
  const auto host = inside.substr(0, length);
  if (length == inside.size() || inside[length] != ']' ||
      std::ranges::count(host, '.') + std::ranges::count(host, ':') < 2) {
    return std::nullopt;
  }
  Found found{.address = {.host = host}, .begin = at, .end = at + length + 2};
  found.address.port = take_port(line, found.end);
  return found;
}

// `10.0.0.1`, `10.0.0.1:5060`, `10.0.0.1.5060`
std::optional<Found> ipv4(std::string_view line, std::size_t at) noexcept {
  auto end = at;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (end >= line.size() || line[end++] != '.')) return std::nullopt;
    const auto digits = digits_at(line.substr(end));
    if (!number(digits, 255) || digits.size() > 3) return std::nullopt;
    end += digits.size();
  }
  Found found{.address = {.host = line.substr(at, end - at)}, .begin = at, .end = end};
  found.address.port = take_port(line, found.end);
  return found;
}

// `2001:db8::1.5060` of tcpdump: with `::` or eight groups, so that no time is taken for one.
std::optional<Found> ipv6(std::string_view line, std::size_t at) noexcept {
  auto end = at;
  while (end < line.size() && (is_hex(line[end]) || line[end] == ':')) ++end;
  const auto host = line.substr(at, end - at);
  if (!host.contains("::") && std::ranges::count(host, ':') != 7) return std::nullopt;
  if (host.size() < 3) return std::nullopt;
  Found found{.address = {.host = host}, .begin = at, .end = end};
  if (end < line.size() && line[end] == '.') found.address.port = take_port(line, found.end);
  return found;
}

// `pbx.example.com:5060`: a name with a letter and a port.
std::optional<Found> host_name(std::string_view line, std::size_t at) noexcept {
  auto end = at;
  while (end < line.size() && is_host(line[end])) ++end;
  const auto host = line.substr(at, end - at);
  if (!host.contains('.') || !std::ranges::any_of(host, is_alpha)) return std::nullopt;
  Found found{.address = {.host = host}, .begin = at, .end = end};
  found.address.port = take_port(line, found.end);
  return found.address.port > 0 ? std::optional{found} : std::nullopt;
}

std::optional<Found> address_at(std::string_view line, std::size_t at) noexcept {
  if (line[at] == '[') return in_brackets(line, at);
  if (at > 0 && (is_host(line[at - 1]) || line[at - 1] == '@')) return std::nullopt;
  if (is_digit(line[at])) {
    if (const auto found = ipv4(line, at)) return found;
  }
  if (is_hex(line[at]) || line[at] == ':') {
    if (at == 0 || line[at - 1] != ':') {
      if (const auto found = ipv6(line, at)) return found;
    }
  }
  return is_alpha(line[at]) || is_digit(line[at]) ? host_name(line, at) : std::nullopt;
}

// The last word of what stands in front of an address, without `udp:`, `udp/`, `UDP://`.
std::string_view word_before(std::string_view before) noexcept {
  before = trim_blanks_at_end(before);
  const auto blank = before.find_last_of(" \t");
  const auto word = blank == std::string_view::npos ? before : before.substr(blank + 1);
  const bool is_transport =
      std::ranges::any_of(transports, [&](const Transport& one) { return same(one.name, word); });
  if (!is_transport && word.find_first_of(":/[") == std::string_view::npos) return word;
  if (blank == std::string_view::npos) return {};
  return word_before(before.substr(0, blank));
}

// The same time but for quarters of an hour and what stands behind the seconds.
bool differ_by_zone(const TraceMoment& a, const TraceMoment& b) noexcept {
  constexpr std::int64_t second = 1'000'000;
  constexpr std::int64_t quarter = 900;
  return a.microseconds / second % quarter == b.microseconds / second % quarter;
}

}  // namespace

void Heading::read(std::string_view line) noexcept {
  constexpr std::size_t longest = 1024;
  if (line.size() > longest) line = line.substr(line.size() - longest);
  if (trim(line).empty()) return;
  if (++age_ > (is_tree_ ? most_lines_of_tree : most_lines)) *this = {};
  if (line.starts_with("Frame ")) is_tree_ = true;
  time_of(line);
  named_values(line);
  addresses(line);
  words(line);
}

void Heading::tell(TracedMessage& message) const noexcept {
  message.direction = direction_;
  message.transport = transport_;
  message.source = source_;
  message.destination = destination_;
  message.time = time_;
  message.moment = moment_;
}

void Heading::time_of(std::string_view line) noexcept {
  const auto time = find_time(line);
  if (!time) return;
  age_ = 0;
  // Sipdump and Wireshark tell one time in several ways: the one with a zone says most.
  if (moment_ && moment_->zone && !time->moment.zone && differ_by_zone(*moment_, time->moment)) {
    return;
  }
  time_ = time->text;
  moment_ = time->moment;
}

void Heading::addresses(std::string_view line) noexcept {
  std::optional<Found> first;
  for (std::size_t at = 0; at < line.size();) {
    const auto found = address_at(line, at);
    if (!found) {
      ++at;
      continue;
    }
    at = found->end;
    if (!first) {
      first = found;
      continue;
    }
    const auto between = line.substr(first->end, found->begin - first->end);
    if (between.size() > 40) continue;
    if (between.contains('>') || between.contains("→") || between.contains(" to ")) {
      source_ = first->address;
      destination_ = found->address;
    } else if (between.contains("<-")) {
      source_ = found->address;
      destination_ = first->address;
    } else {
      continue;
    }
    age_ = 0;
    return;
  }
  if (first) one_address(line, word_before(line.substr(0, first->begin)), first->address);
}

void Heading::one_address(std::string_view line, std::string_view before,
                          TraceAddress address) noexcept {
  if (same(before, "from") || line.contains("IN:")) {
    source_ = address;
    destination_ = {};
    direction_ = TraceDirection::received;
  } else if (same(before, "to") || line.contains("OUT:")) {
    destination_ = address;
    source_ = {};
    direction_ = TraceDirection::sent;
  } else {
    return;
  }
  age_ = 0;
}

void Heading::words(std::string_view line) noexcept {
  if (line.starts_with("U ") || line.starts_with("T ")) {
    transport_ = line.starts_with('U') ? "UDP" : "TCP";
  }
  for (std::size_t at = 0; at < line.size();) {
    const auto end = std::min(line.find_first_of(" \t:/[(,;-", at), line.size());
    const auto word = line.substr(at, end - at);
    for (const auto& [text, direction] : direction_words) {
      if (!same(word, text)) continue;
      if (age_ > 0) direction_ = direction;
      if (direction_ == TraceDirection::unknown) direction_ = direction;
      age_ = 0;
    }
    for (const auto& [written, name] : transports) {
      if (same(word, written)) transport_ = name;
    }
    at = end + 1;
  }
}

// Wireshark's trees, and the dumps of Kamailio's sipdump.
void Heading::named_values(std::string_view line) noexcept {
  struct Name {
    std::string_view text;
    std::string_view TraceAddress::* host = nullptr;
    std::uint16_t TraceAddress::* port = nullptr;
    bool is_source = false;
  };
  static constexpr auto names = std::to_array<Name>({
      {"Src: ", &TraceAddress::host, nullptr, true},
      {"Dst: ", &TraceAddress::host, nullptr, false},
      {"Src Port: ", nullptr, &TraceAddress::port, true},
      {"Dst Port: ", nullptr, &TraceAddress::port, false},
      {"srcip: ", &TraceAddress::host, nullptr, true},
      {"dstip: ", &TraceAddress::host, nullptr, false},
      {"srcport: ", nullptr, &TraceAddress::port, true},
      {"dstport: ", nullptr, &TraceAddress::port, false},
  });
  // Of the link layer, whose addresses are no hosts.
  if (line.starts_with("Ethernet")) return;
  for (const auto& name : names) {
    const auto at = line.find(name.text);
    if (at == std::string_view::npos) continue;
    const auto rest = line.substr(at + name.text.size());
    const auto value = rest.substr(0, rest.find_first_of(", ("));
    auto& address = name.is_source ? source_ : destination_;
    if (name.host != nullptr) address.*name.host = value;
    if (name.port != nullptr) address.*name.port = port_of(value).value_or(0);
    is_tree_ = true;
    age_ = 0;
  }
}

}  // namespace sipauth::trace
