// libcrypto, opened at the first digest. Nothing else in the project knows its symbols, and what
// computes no digest never loads it: linking it costs every start several milliseconds.
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string_view>

#include "sipauth/digest.hpp"

namespace sipauth::crypto {

/// SHA-512 cut to 256 bits, which is another function than SHA-512/256: no algorithm hashes with
/// it, but the values that RFC 7616 3.9.2 prints do (erratum 4897), and so do stacks.
inline constexpr Hash sha512_cut{3};

/// The longest digest of algorithms(), in bytes.
inline constexpr std::size_t max_digest_bytes = 32;

/// The digest of `parts`, one after another, into `out`; its length.
[[nodiscard]] std::expected<std::size_t, DigestError> hash(
    Hash hash, std::span<const std::string_view> parts,
    std::span<unsigned char, max_digest_bytes> out) noexcept;

/// HMAC (RFC 2104) of `text`, into `out`; its length.
[[nodiscard]] std::expected<std::size_t, DigestError> hmac(
    Hash hash, std::string_view key, std::string_view text,
    std::span<unsigned char, max_digest_bytes> out) noexcept;

/// One block of AES-128 without chaining. `key` has 16 bytes.
[[nodiscard]] std::expected<std::array<unsigned char, 16>, DigestError> encrypt_block(
    std::string_view key, const std::array<unsigned char, 16>& block) noexcept;

/// As `openssl version` prints it; empty when there is no libcrypto.
[[nodiscard]] std::string_view version() noexcept;

}  // namespace sipauth::crypto
