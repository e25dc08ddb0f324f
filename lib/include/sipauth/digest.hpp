// Digest access authentication: A1, A2, the response and rspauth (RFC 2069 2.1.2, RFC 2617 3.2.2,
// RFC 7616 3.4, RFC 8760 2.6).
//
//   response = H(H(A1) ":" nonce [":" nc ":" cnonce ":" qop] ":" H(A2))
//   A1       = user ":" realm ":" password         -sess: H(that) ":" nonce ":" cnonce
//   A2       = method ":" uri                      auth-int: ... ":" H(body)
//
// Inputs are views that must live through the call; values are hashed exactly as given, so
// unquote() them first (see DigestInput::realm about backslashes). Nothing here throws. The first
// digest of a process opens libcrypto and fetches its hashes; later ones allocate nothing but the
// small state that libcrypto takes from malloc for every hash. All functions may be called from
// several threads.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sipauth/export.hpp"

namespace sipauth {

enum class Hash : std::uint8_t { md5, sha256, sha512_256 };

/// A row of the algorithm table.
struct Algorithm {
  std::string_view name = {};  ///< as it stands in a header
  Hash hash = Hash::md5;
  bool session = false;          ///< -sess: A1 takes nonce and cnonce in
  std::uint8_t hex_length = 32;  ///< of a digest
};

/// MD5, SHA-256, SHA-512-256 and their -sess forms (RFC 7616 6.1).
[[nodiscard]] SIPAUTH_API std::span<const Algorithm> algorithms() noexcept;

/// In any case; nullptr when it is none of ours. An empty name is MD5, as is an absent one.
[[nodiscard]] SIPAUTH_API const Algorithm* find_algorithm(std::string_view name) noexcept;

/// Lower-case hexadecimal digits, in place.
class HexDigest {
 public:
  [[nodiscard]] std::string_view view() const noexcept { return {digits_.data(), size_}; }
  friend bool operator==(const HexDigest& a, const HexDigest& b) noexcept {
    return a.view() == b.view();
  }

 private:
  friend class DigestMaker;  // lib/src/digest.cpp
  std::array<char, 64> digits_{};
  std::uint8_t size_ = 0;
};

enum class Qop : std::uint8_t { none, auth, auth_int };

/// `auth` or `auth-int`; empty for none.
[[nodiscard]] SIPAUTH_API std::string_view qop_name(Qop qop) noexcept;

struct DigestInput {
  const Algorithm* algorithm = nullptr;  ///< nullptr is MD5
  Qop qop = Qop::none;
  std::string_view username = {};
  /// Unquoted. RFC 2617 keeps the quoting backslashes in the hash, RFC 7616 drops them: both are
  /// defensible, so a verifier tries both.
  std::string_view realm = {};
  std::string_view password = {};
  /// Hex of H(user:realm:password), instead of the password when not empty. For -sess it is the
  /// hash of the first part, as a server stores it.
  std::string_view ha1 = {};
  std::string_view method = {};  ///< empty for rspauth
  std::string_view uri = {};
  std::string_view nonce = {};
  std::string_view nc = {};  ///< as written, 8 hex digits
  std::string_view cnonce = {};
  std::string_view body = {};  ///< of the message, for auth-int
};

/// Each step, so that it can be shown and searched.
struct DigestTrace {
  HexDigest ha1;        ///< of what goes into the response: for -sess the session's
  HexDigest ha1_first;  ///< H(user:realm:password); equal to ha1 without -sess
  HexDigest ha2;
  HexDigest response;
};

struct DigestError {
  enum class Kind : std::uint8_t {
    no_libcrypto,  ///< libcrypto.so.3 could not be opened
    no_hash,       ///< it refuses this hash (FIPS builds have no MD5)
    no_cipher,     ///< it refuses AES-128, or the key has not 16 bytes
    bad_ha1,       ///< not hexadecimal, or of the wrong length for the algorithm
    session_needs_cnonce,
  };
  Kind kind = Kind::no_libcrypto;

  [[nodiscard]] SIPAUTH_API std::string_view sentence() const noexcept;
};

/// The response to a challenge. Without a qop the form of RFC 2069 is used for every algorithm.
[[nodiscard]] SIPAUTH_API std::expected<DigestTrace, DigestError> compute_digest(
    const DigestInput& input) noexcept;

/// rspauth of a success: the same with an empty method, and the body of the response (RFC 7616
/// 3.5). `input.method` is not looked at.
[[nodiscard]] SIPAUTH_API std::expected<DigestTrace, DigestError> compute_rspauth(
    DigestInput input) noexcept;

/// H(user ":" realm), the user name sent with userhash=true (RFC 7616 3.4.4).
[[nodiscard]] SIPAUTH_API std::expected<HexDigest, DigestError> compute_userhash(
    const Algorithm& algorithm, std::string_view username, std::string_view realm) noexcept;

/// H(text), lower-case hex.
[[nodiscard]] SIPAUTH_API std::expected<HexDigest, DigestError> hash_hex(
    Hash hash, std::span<const std::string_view> parts) noexcept;

/// Equal without telling by its time where they differ.
[[nodiscard]] SIPAUTH_API bool equal_digests(std::string_view a, std::string_view b) noexcept;

/// Version text of the libcrypto in use, or an empty text when there is none.
[[nodiscard]] SIPAUTH_API std::string_view crypto_version() noexcept;

}  // namespace sipauth
