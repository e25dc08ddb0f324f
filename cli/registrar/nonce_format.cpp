#include "registrar/nonce_format.hpp"

#include <array>
#include <utility>

#include "sipauth/digest.hpp"
#include "sipauth/text.hpp"

namespace sipauth::registrar {
namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::size_t md5_hex = 32;
constexpr std::size_t md5_bytes = 16;

std::string md5(std::initializer_list<std::string_view> parts) {
  const auto made = hash_hex(Hash::md5, {parts.begin(), parts.size()});
  // Without libcrypto no digest fits anyway; the nonces only have to keep their shape.
  return made ? std::string{made->view()} : std::string(md5_hex, '0');
}

std::string bytes_of_hex(std::string_view hex) {
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  }
  return bytes;
}

std::string md5_raw(std::initializer_list<std::string_view> parts) {
  return bytes_of_hex(md5(parts));
}

// The low `size` bytes, the highest first.
std::string big_endian(std::uint64_t number, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = size; i-- > 0; number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// Formats without a meaning of their own.

std::string random_bytes(sip::Random& random, std::size_t size) {
  return bytes_of_hex(random.hex(2 * size));
}

std::string make_uuid(sip::Random& random) {
  auto text = random.hex(8) + '-' + random.hex(4) + "-4" + random.hex(3) + '-';
  text += random.text(1, "89ab");
  return text + random.hex(3) + '-' + random.hex(12);
}

// A time in decimal digits and an MD5 over it, in either order.

struct TimedLayout {
  char separator;
  bool time_first;
};

std::string join(TimedLayout layout, std::string_view time, std::string_view mac) {
  auto text = std::string{layout.time_first ? time : mac};
  text += layout.separator;
  return text.append(layout.time_first ? mac : time);
}

std::string timed_mac(std::string_view time, const NonceSource& source) {
  if (source.secret.empty()) return md5({time, source.bound_to});
  return md5({time, ":", source.secret, ":", source.bound_to});
}

std::string make_timed(TimedLayout layout, const NonceSource& source) {
  const auto time = std::to_string(source.now);
  return join(layout, time, timed_mac(time, source));
}

std::optional<NonceReading> read_timed(TimedLayout layout, std::string_view nonce,
                                       const NonceSource& source) {
  const auto at = nonce.find(layout.separator);
  if (at == std::string_view::npos) return std::nullopt;
  auto time = nonce.substr(0, at);
  auto mac = nonce.substr(at + 1);
  if (!layout.time_first) std::swap(time, mac);
  const auto seconds = number(time, 0xffff'ffff);
  if (!seconds) return std::nullopt;
  return NonceReading{.canonical = std::string{nonce},
                      .issued = *seconds,
                      .expires = std::nullopt,
                      .mac_right = equal_digests(mac, timed_mac(time, source))};
}

// Kamailio: expiry and start in network order, an MD5 over both and the secret, then
// what each variant adds. Order and lengths are those of version 5.6.3.

constexpr std::size_t kamailio_index_bytes = 5;  // a 32-bit index and the number of its pool
constexpr std::size_t kamailio_times = 8;

std::size_t kamailio_tail(NonceFormat format) {
  if (format == NonceFormat::kamailio_indexed) return kamailio_index_bytes;
  return format == NonceFormat::kamailio_bound ? md5_bytes : 0;
}

std::string kamailio_mac(NonceFormat format, std::string_view times, std::string_view tail,
                         const NonceSource& source) {
  const bool tail_counts = format == NonceFormat::kamailio_indexed;
  return md5_raw({times, tail_counts ? tail : std::string_view{}, source.secret});
}

std::string make_kamailio(NonceFormat format, const NonceSource& source) {
  const auto times = big_endian(static_cast<std::uint64_t>(source.now + source.lifetime), 4) +
                     big_endian(static_cast<std::uint64_t>(source.now), 4);
  std::string tail;
  if (format == NonceFormat::kamailio_indexed) tail = big_endian(source.serial, 4) + '\x40';
  if (format == NonceFormat::kamailio_bound) tail = md5_raw({source.bound_to, source.secret});
  return encode_base64(times + kamailio_mac(format, times, tail, source) + tail);
}

std::optional<NonceReading> read_kamailio(NonceFormat format, std::string_view nonce,
                                          const NonceSource& source) {
  const std::size_t length = kamailio_times + md5_bytes + kamailio_tail(format);
  const std::size_t characters = (length + 2) / 3 * 4;
  if (nonce.size() != characters) return std::nullopt;
  // The last character of the indexed form is looked at by nobody.
  if (format == NonceFormat::kamailio_indexed) nonce.remove_suffix(1);
  const auto bytes = decode_base64(nonce);
  if (!bytes || bytes->size() != length) return std::nullopt;

  const std::string_view all{*bytes};
  const auto times = all.substr(0, kamailio_times);
  const auto mac = all.substr(kamailio_times, md5_bytes);
  const auto tail = all.substr(kamailio_times + md5_bytes);
  bool right = equal_digests(mac, kamailio_mac(format, times, tail, source));
  if (format == NonceFormat::kamailio_bound) {
    right = right && equal_digests(tail, md5_raw({source.bound_to, source.secret}));
  }
  return NonceReading{.canonical = encode_base64(all),
                      .issued = static_cast<Seconds>(read_big_endian(times.substr(4))),
                      .expires = static_cast<Seconds>(read_big_endian(times.substr(0, 4))),
                      .mac_right = right};
}

// Sofia: time, count, next-nonce flag, the first bytes of an HMAC, four bytes of padding that
// nothing protects; what follows them is not read.

constexpr std::size_t sofia_signed = 14;
constexpr std::size_t sofia_mac_bytes = 6;
constexpr std::size_t sofia_padding = 4;
constexpr std::size_t sofia_characters = (sofia_signed + sofia_mac_bytes + sofia_padding) / 3 * 4;

std::string sofia_mac(std::string_view fields, const NonceSource& source) {
  return md5_raw({source.secret, fields, source.secret}).substr(0, sofia_mac_bytes);
}

std::string make_sofia(const NonceSource& source) {
  const auto fields = big_endian(static_cast<std::uint64_t>(source.now), 8) +
                      big_endian(source.serial, 4) + std::string(2, '\0');
  return encode_base64(fields + sofia_mac(fields, source) + std::string(sofia_padding, '\0'));
}

std::optional<NonceReading> read_sofia(std::string_view nonce, const NonceSource& source) {
  if (nonce.size() < sofia_characters) return std::nullopt;
  const auto bytes = decode_base64(nonce.substr(0, sofia_characters));
  if (!bytes) return std::nullopt;
  const std::string_view all{*bytes};
  if (all.size() != sofia_signed + sofia_mac_bytes + sofia_padding) return std::nullopt;
  const auto fields = all.substr(0, sofia_signed);
  const auto issued = read_big_endian(fields.substr(0, 8));
  if (issued > 0xffff'ffff) return std::nullopt;
  const auto protected_part = all.substr(0, sofia_signed + sofia_mac_bytes);
  return NonceReading{
      .canonical = encode_base64(std::string{protected_part} + std::string(sofia_padding, '\0')),
      .issued = static_cast<Seconds>(issued),
      .expires = std::nullopt,
      .mac_right = equal_digests(protected_part.substr(sofia_signed), sofia_mac(fields, source))};
}

// 128 random bits, and a MAC that shows they are ours after the list has forgotten them.

constexpr std::size_t random_digits = 32;
constexpr std::size_t random_mac_digits = 16;

std::string random_mac(std::string_view digits, const NonceSource& source) {
  return md5({digits, ":", source.secret, ":", source.bound_to}).substr(0, random_mac_digits);
}

std::string make_random_with_mac(const NonceSource& source) {
  const auto digits = source.random.hex(random_digits);
  return digits + random_mac(digits, source);
}

std::optional<NonceReading> read_random_with_mac(std::string_view nonce,
                                                 const NonceSource& source) {
  if (nonce.size() != random_digits + random_mac_digits) return std::nullopt;
  const auto mac = random_mac(nonce.substr(0, random_digits), source);
  return NonceReading{.canonical = std::string{nonce},
                      .issued = std::nullopt,
                      .expires = std::nullopt,
                      .mac_right = equal_digests(nonce.substr(random_digits), mac)};
}

std::string make_counter(const NonceSource& source) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto [number, i] = std::pair{source.serial, text.size()}; i-- > 0; number >>= 4) {
    text[i] = digits[number & 0xf];
  }
  return text;
}

NonceReading as_it_stands(std::string_view nonce) {
  return {.canonical = std::string{nonce},
          .issued = std::nullopt,
          .expires = std::nullopt,
          .mac_right = std::nullopt};
}

constexpr TimedLayout pjsip_layout{.separator = '/', .time_first = true};
constexpr TimedLayout resip_layout{.separator = ':', .time_first = true};
constexpr TimedLayout yate_layout{.separator = '.', .time_first = false};

}  // namespace

std::string make_nonce(NonceFormat format, const NonceSource& source) {
  switch (format) {
    case NonceFormat::hex4:
      return source.random.hex(4);
    case NonceFormat::hex8:
      return source.random.hex(8);
    case NonceFormat::hex16_upper:
      return source.random.text(16, "0123456789ABCDEF");
    case NonceFormat::hex32:
      return source.random.hex(md5_hex);
    case NonceFormat::uuid:
      return make_uuid(source.random);
    case NonceFormat::opaque44:
    case NonceFormat::aka:
      return encode_base64(random_bytes(source.random, 32));
    case NonceFormat::time_slash_md5:
      return make_timed(pjsip_layout, source);
    case NonceFormat::time_colon_md5:
      return make_timed(resip_layout, source);
    case NonceFormat::md5_dot_time:
      return make_timed(yate_layout, source);
    case NonceFormat::kamailio:
    case NonceFormat::kamailio_indexed:
    case NonceFormat::kamailio_bound:
      return make_kamailio(format, source);
    case NonceFormat::sofia:
      return make_sofia(source);
    case NonceFormat::random_with_mac:
      return make_random_with_mac(source);
    case NonceFormat::counter:
      return make_counter(source);
  }
  std::unreachable();
}

std::optional<NonceReading> read_nonce(NonceFormat format, std::string_view nonce,
                                       const NonceSource& source) {
  switch (format) {
    case NonceFormat::hex4:
    case NonceFormat::hex8:
    case NonceFormat::hex16_upper:
    case NonceFormat::hex32:
    case NonceFormat::uuid:
    case NonceFormat::opaque44:
    case NonceFormat::counter:
    case NonceFormat::aka:
      return as_it_stands(nonce);
    case NonceFormat::time_slash_md5:
      return read_timed(pjsip_layout, nonce, source);
    case NonceFormat::time_colon_md5:
      return read_timed(resip_layout, nonce, source);
    case NonceFormat::md5_dot_time:
      return read_timed(yate_layout, nonce, source);
    case NonceFormat::kamailio:
    case NonceFormat::kamailio_indexed:
    case NonceFormat::kamailio_bound:
      return read_kamailio(format, nonce, source);
    case NonceFormat::sofia:
      return read_sofia(nonce, source);
    case NonceFormat::random_with_mac:
      return read_random_with_mac(nonce, source);
  }
  std::unreachable();
}

std::string encode_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto group = bytes.substr(i, 3);
    const auto bits = read_big_endian(group) << (8 * (3 - group.size()));
    for (std::size_t sextet = 0; sextet < 4; ++sextet) {
      text += sextet <= group.size() ? base64_alphabet[bits >> (18 - 6 * sextet) & 0x3f] : '=';
    }
  }
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  std::uint32_t count = 0;
  for (const char c : text) {
    const auto sextet = base64_alphabet.find(c);
    if (sextet == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(sextet)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
    }
  }
  return bytes;
}

}  // namespace sipauth::registrar
