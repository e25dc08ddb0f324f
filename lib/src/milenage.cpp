#include "milenage.hpp"

#include <algorithm>

#include "crypto.hpp"

namespace sipauth::milenage {
namespace {

Block operator^(const Block& a, const Block& b) noexcept {
  Block mixed;
  std::ranges::transform(a, b, mixed.begin(), [](unsigned char x, unsigned char y) {
    return static_cast<unsigned char>(x ^ y);
  });
  return mixed;
}

Block block_of(std::string_view bytes) noexcept {
  Block block{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), block.size()), block.begin());
  return block;
}

// Towards the most significant end. The constants r1 to r5 are whole bytes.
Block rotated(Block block, std::ptrdiff_t bytes) noexcept {
  std::ranges::rotate(block, block.begin() + bytes);
  return block;
}

Made temp_of(const Input& input) noexcept {
  return crypto::encrypt_block(input.k, input.rand ^ block_of(input.opc));
}

// OUT2 to OUT5, which differ in their constants alone.
Made out(const Input& input, std::ptrdiff_t rotation, unsigned char constant) noexcept {
  const auto temp = temp_of(input);
  if (!temp) return temp;
  const auto opc = block_of(input.opc);
  auto block = rotated(*temp ^ opc, rotation);
  block.back() = static_cast<unsigned char>(block.back() ^ constant);
  const auto made = crypto::encrypt_block(input.k, block);
  if (!made) return made;
  return *made ^ opc;
}

}  // namespace

Made opc_of(std::string_view k, std::string_view op) noexcept {
  const auto block = block_of(op);
  const auto made = crypto::encrypt_block(k, block);
  if (!made) return made;
  return *made ^ block;
}

Made out1(const Input& input, std::uint64_t sqn, std::uint16_t amf) noexcept {
  const auto temp = temp_of(input);
  if (!temp) return temp;
  Block in1;
  for (std::size_t i = 0; i < 6; ++i) {
    in1[i] = in1[i + 8] = static_cast<unsigned char>(sqn >> (40 - 8 * i));
  }
  in1[6] = in1[14] = static_cast<unsigned char>(amf >> 8);
  in1[7] = in1[15] = static_cast<unsigned char>(amf & 0xff);
  const auto opc = block_of(input.opc);
  const auto made = crypto::encrypt_block(input.k, *temp ^ rotated(in1 ^ opc, 8));
  if (!made) return made;
  return *made ^ opc;
}

Made out2(const Input& input) noexcept { return out(input, 0, 1); }
Made out3(const Input& input) noexcept { return out(input, 4, 2); }
Made out4(const Input& input) noexcept { return out(input, 8, 4); }
Made out5(const Input& input) noexcept { return out(input, 12, 8); }

}  // namespace sipauth::milenage
