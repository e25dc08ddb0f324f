// What was perhaps hashed instead, and its digest in three steps, so that a search computes each
// HA1 and each HA2 once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sipauth/digest.hpp"

namespace sipauth::explain {

/// How a hash is written where the next one takes it in.
enum class Spelling : std::uint8_t {
  lower_hex,  ///< as it should be
  upper_hex,
  bytes,
};

struct Candidate {
  DigestInput input = {};
  Spelling inner = Spelling::lower_hex;  ///< H(user:realm:password) in the A1 of -sess
  Spelling ha1 = Spelling::lower_hex;    ///< in the final string
  Spelling ha2 = Spelling::lower_hex;
  std::optional<std::string_view> qop_text = {};  ///< in the final string; absent: qop_name()
  // In A1 of -sess, when other than those of the final string.
  std::optional<std::string_view> session_nonce = {};
  std::optional<std::string_view> session_cnonce = {};
};

/// `a` with what `b` has other than `start`. Views are compared by where they lie: who varies a
/// member points it elsewhere.
[[nodiscard]] Candidate merged(const Candidate& start, const Candidate& a, const Candidate& b);

/// Of the algorithm that is hashed with; MD5 where none is said (RFC 7616 3.3).
[[nodiscard]] Hash hash_of(const Candidate& candidate) noexcept;
[[nodiscard]] bool is_session(const Candidate& candidate) noexcept;

[[nodiscard]] bool same_a1(const Candidate& a, const Candidate& b) noexcept;
[[nodiscard]] bool same_a2(const Candidate& a, const Candidate& b) noexcept;
/// Of the final string but for its hashes.
[[nodiscard]] bool same_rest(const Candidate& a, const Candidate& b) noexcept;

/// Every member by its bytes.
[[nodiscard]] bool same_bytes(const Candidate& a, const Candidate& b) noexcept;

/// Computes, and counts the bytes that went in.
class Hasher {
 public:
  using Hashed = std::optional<HexDigest>;

  /// H(A1) as the final string takes it in, before its spelling. nullopt where there is none: an
  /// HA1 that is none, a session without a cnonce.
  [[nodiscard]] Hashed a1(const Candidate& candidate);
  [[nodiscard]] Hashed a2(const Candidate& candidate);
  [[nodiscard]] Hashed response(const Candidate& candidate, const HexDigest& ha1,
                                const HexDigest& ha2);

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  template <typename... Parts>
  Hashed joined(Hash hash, std::string_view first, Parts... parts);

  std::size_t bytes_ = 0;
};

}  // namespace sipauth::explain
