#include "sipauth/digest.hpp"

#include <algorithm>
#include <utility>

#include "crypto.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

constexpr auto algorithm_table = std::to_array<Algorithm>({
    {.name = "MD5", .hash = Hash::md5, .session = false, .hex_length = 32},
    {.name = "MD5-sess", .hash = Hash::md5, .session = true, .hex_length = 32},
    {.name = "SHA-256", .hash = Hash::sha256, .session = false, .hex_length = 64},
    {.name = "SHA-256-sess", .hash = Hash::sha256, .session = true, .hex_length = 64},
    {.name = "SHA-512-256", .hash = Hash::sha512_256, .session = false, .hex_length = 64},
    {.name = "SHA-512-256-sess", .hash = Hash::sha512_256, .session = true, .hex_length = 64},
});

}  // namespace

// The only one who fills a HexDigest.
class DigestMaker {
 public:
  using Made = std::expected<HexDigest, DigestError>;

  static Made hash(Hash hash, std::span<const std::string_view> parts) noexcept {
    std::array<unsigned char, crypto::max_digest_bytes> bytes;
    const auto length = crypto::hash(hash, parts, bytes);
    if (!length) return std::unexpected{length.error()};
    HexDigest made;
    for (std::size_t i = 0; i < *length; ++i) {
      constexpr std::string_view digits = "0123456789abcdef";
      made.digits_[2 * i] = digits[bytes[i] >> 4];
      made.digits_[2 * i + 1] = digits[bytes[i] & 0xf];
    }
    made.size_ = static_cast<std::uint8_t>(2 * *length);
    return made;
  }

  // An HA1 as somebody wrote it down: upper case is the same number, any other length is not.
  static Made given(std::string_view hex, const Algorithm& algorithm) noexcept {
    if (hex.size() != algorithm.hex_length || !std::ranges::all_of(hex, is_hex)) {
      return std::unexpected{DigestError{DigestError::Kind::bad_ha1}};
    }
    HexDigest made;
    std::ranges::transform(hex, made.digits_.begin(), lower);
    made.size_ = algorithm.hex_length;
    return made;
  }
};

namespace {

using Made = DigestMaker::Made;

// H of the parts with a colon between every two. No part is copied.
template <typename... Parts>
Made hash_joined(Hash hash, std::string_view first, Parts... parts) noexcept {
  const std::array<std::string_view, 1 + 2 * sizeof...(parts)> joined = [&] {
    std::array<std::string_view, 1 + 2 * sizeof...(parts)> all{first};
    std::size_t next = 1;
    ((all[next++] = ":", all[next++] = parts), ...);
    return all;
  }();
  return DigestMaker::hash(hash, joined);
}

Made hash_a1_first(const DigestInput& input, const Algorithm& algorithm) noexcept {
  if (!input.ha1.empty()) return DigestMaker::given(input.ha1, algorithm);
  return hash_joined(algorithm.hash, input.username, input.realm, input.password);
}

// RFC 7616 3.4.2: a session hashes the first hash once more, as hex digits.
Made hash_a1(const DigestInput& input, const Algorithm& algorithm,
             const HexDigest& first) noexcept {
  if (!algorithm.session) return first;
  return hash_joined(algorithm.hash, first.view(), input.nonce, input.cnonce);
}

Made hash_a2(const DigestInput& input, Hash hash) noexcept {
  if (input.qop != Qop::auth_int) return hash_joined(hash, input.method, input.uri);
  const auto body = DigestMaker::hash(hash, std::span{&input.body, 1});
  if (!body) return body;
  return hash_joined(hash, input.method, input.uri, body->view());
}

Made hash_response(const DigestInput& input, Hash hash, const HexDigest& ha1,
                   const HexDigest& ha2) noexcept {
  if (input.qop == Qop::none) return hash_joined(hash, ha1.view(), input.nonce, ha2.view());
  return hash_joined(hash, ha1.view(), input.nonce, input.nc, input.cnonce, qop_name(input.qop),
                     ha2.view());
}

}  // namespace

std::span<const Algorithm> algorithms() noexcept { return algorithm_table; }

const Algorithm* find_algorithm(std::string_view name) noexcept {
  if (name.empty()) return &algorithm_table.front();
  const auto found = std::ranges::find_if(
      algorithm_table, [name](const Algorithm& row) { return same(row.name, name); });
  return found == algorithm_table.end() ? nullptr : &*found;
}

std::string_view qop_name(Qop qop) noexcept {
  constexpr auto names = std::to_array<std::string_view>({"", "auth", "auth-int"});
  return names[std::to_underlying(qop)];
}

std::expected<DigestTrace, DigestError> compute_digest(const DigestInput& input) noexcept {
  const Algorithm& algorithm = input.algorithm ? *input.algorithm : algorithm_table.front();
  if (algorithm.session && input.cnonce.empty()) {
    return std::unexpected{DigestError{DigestError::Kind::session_needs_cnonce}};
  }
  const auto first = hash_a1_first(input, algorithm);
  if (!first) return std::unexpected{first.error()};
  const auto ha1 = hash_a1(input, algorithm, *first);
  if (!ha1) return std::unexpected{ha1.error()};
  const auto ha2 = hash_a2(input, algorithm.hash);
  if (!ha2) return std::unexpected{ha2.error()};
  const auto response = hash_response(input, algorithm.hash, *ha1, *ha2);
  if (!response) return std::unexpected{response.error()};
  return DigestTrace{.ha1 = *ha1, .ha1_first = *first, .ha2 = *ha2, .response = *response};
}

std::expected<DigestTrace, DigestError> compute_rspauth(DigestInput input) noexcept {
  input.method = {};
  return compute_digest(input);
}

std::expected<HexDigest, DigestError> compute_userhash(const Algorithm& algorithm,
                                                       std::string_view username,
                                                       std::string_view realm) noexcept {
  return hash_joined(algorithm.hash, username, realm);
}

std::expected<HexDigest, DigestError> hash_hex(Hash hash,
                                               std::span<const std::string_view> parts) noexcept {
  return DigestMaker::hash(hash, parts);
}

bool equal_digests(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  volatile unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = difference | static_cast<unsigned>(a[i] ^ b[i]);
  }
  return difference == 0;
}

std::string_view crypto_version() noexcept { return crypto::version(); }

std::string_view DigestError::sentence() const noexcept {
  switch (kind) {
    case Kind::no_libcrypto:
      return "libcrypto.so.3 could not be opened: install OpenSSL 3 (Debian: libssl3).";
    case Kind::no_hash:
      return "libcrypto refuses this hash; builds for FIPS have no MD5.";
    case Kind::no_cipher:
      return "libcrypto refuses AES-128, which AKA is computed with.";
    case Kind::bad_ha1:
      return "The HA1 is not hexadecimal or not as long as a digest of this algorithm.";
    case Kind::session_needs_cnonce:
      return "A -sess algorithm hashes the cnonce, and there is none.";
  }
  std::unreachable();
}

}  // namespace sipauth
