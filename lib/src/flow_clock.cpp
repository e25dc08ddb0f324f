// Servers that write the time into their nonces tell how their clock stands.

#include <array>
#include <cstdlib>
#include <optional>

#include "base64.hpp"
#include "flow_analysis.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace flow;

namespace {

constexpr std::size_t md5_digits = 32;
constexpr std::size_t time_digits = 10;  // until the year 2286

bool is_hexadecimal(std::string_view text) {
  for (const char c : text) {
    if (!is_hex(c)) return false;
  }
  return true;
}

std::optional<std::int64_t> decimal_time(std::string_view digits) {
  const auto seconds = digits.size() == time_digits ? number(digits, 0xffff'ffff) : std::nullopt;
  return seconds ? std::optional<std::int64_t>{*seconds} : std::nullopt;
}

// `1700000000/MD5` of Asterisk's pjsip, `1700000000:MD5` of reSIProcate.
std::optional<std::int64_t> time_first(std::string_view nonce) {
  if (nonce.size() != time_digits + 1 + md5_digits) return std::nullopt;
  const char separator = nonce[time_digits];
  if ((separator != '/' && separator != ':') || !is_hexadecimal(nonce.substr(time_digits + 1))) {
    return std::nullopt;
  }
  return decimal_time(nonce.substr(0, time_digits));
}

// `MD5.1700000000` of Yate.
std::optional<std::int64_t> time_last(std::string_view nonce) {
  if (nonce.size() != md5_digits + 1 + time_digits || nonce[md5_digits] != '.') return std::nullopt;
  if (!is_hexadecimal(nonce.substr(0, md5_digits))) return std::nullopt;
  return decimal_time(nonce.substr(md5_digits + 1));
}

// base64 of Kamailio: when it expires, when it was made, and hashes.
std::optional<std::int64_t> time_in_base64(std::string_view nonce) {
  constexpr std::size_t shortest = 32;
  constexpr std::int64_t longest_life = 7 * 86'400;
  if (nonce.size() < shortest) return std::nullopt;
  const auto bytes = base64::decode(nonce);
  if (!bytes || bytes->size() < 24) return std::nullopt;
  const auto at = [&](std::size_t place) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8 | static_cast<unsigned char>((*bytes)[place + i]);
    }
    return value;
  };
  const auto expires = at(0);
  const auto made = at(4);
  constexpr std::int64_t year_2001 = 978'307'200;
  if (made < year_2001 || expires < made || expires - made > longest_life) return std::nullopt;
  return made;
}

std::optional<std::int64_t> time_in(std::string_view nonce) {
  for (const auto read : {time_first, time_last, time_in_base64}) {
    if (const auto seconds = read(nonce)) return seconds;
  }
  return std::nullopt;
}

// What is left of it when the log's zone, which nobody knows, is one that there is: whole quarters
// of an hour.
std::int64_t but_for_zone(std::int64_t difference) {
  constexpr std::int64_t quarter = 900;
  constexpr std::int64_t farthest = 14 * 3600 + quarter / 2;
  if (std::abs(difference) > farthest) return difference;
  const auto rest = difference % quarter;
  if (rest > quarter / 2) return rest - quarter;
  return rest < -quarter / 2 ? rest + quarter : rest;
}

}  // namespace

void FlowAnalysis::Implementation::judge_clock(const Flow& flow, const Event& event,
                                               std::string_view nonce) {
  constexpr std::int64_t year_2001 = 978'307'200;
  constexpr std::int64_t tolerated = 5;
  const auto seen = event.seen->time / second;
  if (event.seen->clock == FlowClock::any || seen < year_2001) return;
  const auto made = time_in(nonce);
  if (!made) return;
  findings_.judged("SP-TIME-01");
  const bool has_zone = event.seen->clock == FlowClock::utc;
  const auto ahead = has_zone ? *made - seen : but_for_zone(*made - seen);
  auto& server = server_of(flow);
  if (server.told_clock || std::abs(ahead) <= tolerated) return;
  server.told_clock = true;
  findings_.report(
      "SP-TIME-01", FlowVerdict::info, flow, event.seen->time, event.seen->number, [&] {
        return joined({"The time in the nonce ", nonce_tail(nonce), " is ",
                       duration_text(std::abs(ahead) * second), ahead > 0 ? " ahead of" : " behind",
                       " that of the capture", has_zone ? "." : ", in whichever zone that is."});
      });
}

}  // namespace sipauth
