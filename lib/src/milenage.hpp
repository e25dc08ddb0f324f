// Milenage, the example set of authentication functions (3GPP TS 35.206 4.1), with its own
// constants c1 to c5 and r1 to r5.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string_view>

#include "sipauth/digest.hpp"

namespace sipauth::milenage {

using Block = std::array<unsigned char, 16>;
using Made = std::expected<Block, DigestError>;

/// K, OPc and RAND, 16 bytes each.
struct Input {
  std::string_view k;
  std::string_view opc;
  const Block& rand;
};

/// OPc of OP.
[[nodiscard]] Made opc_of(std::string_view k, std::string_view op) noexcept;

/// OUT1: f1 in its first 8 bytes, f1* in its last 8. `sqn` has 48 bits.
[[nodiscard]] Made out1(const Input& input, std::uint64_t sqn, std::uint16_t amf) noexcept;

/// OUT2: f5 (AK) in its first 6 bytes, f2 (RES) in its last 8.
[[nodiscard]] Made out2(const Input& input) noexcept;
/// f3 (CK).
[[nodiscard]] Made out3(const Input& input) noexcept;
/// f4 (IK).
[[nodiscard]] Made out4(const Input& input) noexcept;
/// OUT5: f5* (AK of a resynchronisation) in its first 6 bytes.
[[nodiscard]] Made out5(const Input& input) noexcept;

}  // namespace sipauth::milenage
