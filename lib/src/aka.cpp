#include "sipauth/aka.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base64.hpp"
#include "crypto.hpp"
#include "milenage.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

constexpr std::size_t block_bytes = 16;
constexpr std::size_t sqn_bytes = 6;
constexpr std::size_t amf_bytes = 2;
constexpr std::size_t mac_bytes = 8;
constexpr std::size_t auts_bytes = sqn_bytes + mac_bytes;

// TS 33.102 6.3.3: the AMF of a resynchronisation is zero.
constexpr std::uint16_t amf_of_auts = 0;

// RFC 4169 3, and case-sensitive.
constexpr std::string_view akav2_label = "http-digest-akav2-password";

using Mac = std::array<unsigned char, mac_bytes>;

std::unexpected<AkaError> error(AkaError::Kind kind) { return std::unexpected{AkaError{kind}}; }

std::unexpected<AkaError> error(DigestError reason) {
  return std::unexpected{AkaError{AkaError::Kind::crypto, reason}};
}

std::string_view text_of(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

milenage::Input input_of(const AkaKeys& keys, const AkaRand& rand) {
  return {.k = keys.k.reveal(), .opc = keys.opc.reveal(), .rand = rand};
}

std::uint64_t number_of(std::span<const unsigned char, sqn_bytes> bytes) {
  std::uint64_t number = 0;
  for (const auto byte : bytes) number = number << 8 | byte;
  return number;
}

void write_number(std::uint64_t number, std::span<unsigned char, sqn_bytes> bytes) {
  for (std::size_t i = 0; i < sqn_bytes; ++i) {
    bytes[i] = static_cast<unsigned char>(number >> (8 * (sqn_bytes - 1 - i)));
  }
}

// AK and AK* conceal an SQN by being added to it bit by bit.
std::uint64_t key_of(const milenage::Block& out) {
  return number_of(std::span{out}.first<sqn_bytes>());
}

Mac first_half(const milenage::Block& out) {
  Mac mac;
  std::copy_n(out.begin(), mac_bytes, mac.begin());
  return mac;
}

Mac second_half(const milenage::Block& out) {
  Mac mac;
  std::copy_n(out.end() - mac_bytes, mac_bytes, mac.begin());
  return mac;
}

// RES, CK and IK, for card and home network alike.
std::expected<AkaAnswer, AkaError> fresh_answer(const milenage::Input& input, std::uint64_t sqn,
                                                const milenage::Block& out2) {
  auto ck = milenage::out3(input);
  if (!ck) return error(ck.error());
  auto ik = milenage::out4(input);
  if (!ik) return error(ik.error());
  AkaAnswer answer{.outcome = AkaOutcome::fresh,
                   .sqn = sqn,
                   .res = Secret{text_of(std::span{out2}.last<mac_bytes>())},
                   .ck = Secret{text_of(*ck)},
                   .ik = Secret{text_of(*ik)}};
  for (auto* key : {&*ck, &*ik}) wipe_memory(key->data(), key->size());
  return answer;
}

// AUTS = (SQN xor AK*) MAC-S (TS 33.102 6.3.3).
std::expected<std::string, AkaError> make_auts(const milenage::Input& input,
                                               std::uint64_t highest) {
  const auto out5 = milenage::out5(input);
  if (!out5) return error(out5.error());
  const auto out1 = milenage::out1(input, highest, amf_of_auts);
  if (!out1) return error(out1.error());
  std::array<unsigned char, auts_bytes> auts;
  write_number(highest ^ key_of(*out5), std::span{auts}.first<sqn_bytes>());
  std::ranges::copy(second_half(*out1), auts.begin() + sqn_bytes);
  return base64::encode(auts);
}

std::expected<AkaKeys, AkaError> keys_of(std::string_view k, std::string_view opc) {
  if (k.size() != block_bytes || opc.size() != block_bytes) return error(AkaError::Kind::bad_key);
  return AkaKeys{.k = Secret{k}, .opc = Secret{opc}};
}

}  // namespace

std::optional<AkaAlgorithm> find_aka_algorithm(std::string_view name) noexcept {
  constexpr std::string_view prefix = "AKAv";
  constexpr std::size_t length = prefix.size() + 2;
  if (name.size() <= length || !same(name.substr(0, prefix.size()), prefix)) return std::nullopt;
  const char version = name[prefix.size()];
  if ((version != '1' && version != '2') || name[length - 1] != '-') return std::nullopt;
  const auto* const algorithm = find_algorithm(name.substr(length));
  if (algorithm == nullptr || algorithm->session) return std::nullopt;
  return AkaAlgorithm{.version = version - '0', .algorithm = algorithm};
}

std::string_view AkaError::sentence() const noexcept {
  switch (kind) {
    case Kind::not_base64:
      return "It is not base64 (RFC 3310 3.2).";
    case Kind::too_short:
      return "An AKA nonce holds RAND and AUTN, 32 bytes in base64, and this one is shorter (RFC "
             "3310 3.2).";
    case Kind::bad_auts:
      return "An AUTS has 14 bytes (3GPP TS 33.102 6.3.3).";
    case Kind::bad_key:
      return "K, OP and OPc have 16 bytes each, which is 32 hexadecimal digits.";
    case Kind::crypto:
      return reason.sentence();
  }
  std::unreachable();
}

std::expected<AkaKeys, AkaError> AkaKeys::from_op(std::string_view k, std::string_view op) {
  if (k.size() != block_bytes || op.size() != block_bytes) return error(AkaError::Kind::bad_key);
  auto opc = milenage::opc_of(k, op);
  if (!opc) return error(opc.error());
  auto keys = keys_of(k, text_of(*opc));
  wipe_memory(opc->data(), opc->size());
  return keys;
}

std::expected<AkaKeys, AkaError> AkaKeys::from_opc(std::string_view k, std::string_view opc) {
  return keys_of(k, opc);
}

std::expected<AkaChallenge, AkaError> AkaChallenge::parse(std::string_view nonce) {
  const auto bytes = base64::decode(nonce);
  if (!bytes) return error(AkaError::Kind::not_base64);
  if (bytes->size() < 2 * block_bytes) return error(AkaError::Kind::too_short);
  AkaChallenge challenge{.server_data = bytes->substr(2 * block_bytes)};
  const auto to_byte = [](char c) { return static_cast<unsigned char>(c); };
  const auto autn = bytes->begin() + block_bytes;
  std::transform(bytes->begin(), autn, challenge.rand.begin(), to_byte);
  std::transform(autn, autn + block_bytes, challenge.autn.begin(), to_byte);
  return challenge;
}

std::string AkaChallenge::nonce() const {
  std::string bytes{text_of(rand)};
  bytes.append(text_of(autn)).append(server_data);
  return base64::encode({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::uint16_t AkaChallenge::amf() const noexcept {
  return static_cast<std::uint16_t>(autn[sqn_bytes] << 8 | autn[sqn_bytes + 1]);
}

std::expected<Secret, AkaError> AkaAnswer::password(const AkaAlgorithm& algorithm) const {
  if (outcome != AkaOutcome::fresh) return Secret{};
  if (algorithm.version == 1) return res.duplicate();
  std::array<char, mac_bytes + 2 * block_bytes> key;
  auto end = std::ranges::copy(res.reveal(), key.begin()).out;
  end = std::ranges::copy(ik.reveal(), end).out;
  std::ranges::copy(ck.reveal(), end);
  std::array<unsigned char, crypto::max_digest_bytes> made;
  const auto length =
      crypto::hmac(algorithm.algorithm->hash, {key.data(), key.size()}, akav2_label, made);
  wipe_memory(key.data(), key.size());
  if (!length) return error(length.error());
  auto text = base64::encode(std::span{made}.first(*length));
  Secret password{text};
  wipe_memory(text.data(), text.size());
  return password;
}

std::expected<AkaAnswer, AkaError> answer_aka(const AkaChallenge& challenge, const AkaKeys& keys,
                                              std::uint64_t highest) {
  const auto input = input_of(keys, challenge.rand);
  const auto out2 = milenage::out2(input);
  if (!out2) return error(out2.error());
  const std::span autn{challenge.autn};
  const auto sqn = number_of(autn.first<sqn_bytes>()) ^ key_of(*out2);
  const auto out1 = milenage::out1(input, sqn, challenge.amf());
  if (!out1) return error(out1.error());
  if (!equal_digests(text_of(first_half(*out1)), text_of(autn.last<mac_bytes>()))) {
    return AkaAnswer{.outcome = AkaOutcome::wrong_mac};
  }
  if (sqn > highest) return fresh_answer(input, sqn, *out2);
  auto auts = make_auts(input, highest);
  if (!auts) return std::unexpected{auts.error()};
  return AkaAnswer{.outcome = AkaOutcome::sqn_out_of_range, .sqn = sqn, .auts = *std::move(auts)};
}

std::expected<AkaVector, AkaError> make_aka_vector(const AkaKeys& keys, const AkaRand& rand,
                                                   std::uint64_t sqn, std::uint16_t amf) {
  const auto input = input_of(keys, rand);
  const auto out1 = milenage::out1(input, sqn, amf);
  if (!out1) return error(out1.error());
  const auto out2 = milenage::out2(input);
  if (!out2) return error(out2.error());
  auto expected = fresh_answer(input, sqn, *out2);
  if (!expected) return std::unexpected{expected.error()};
  AkaVector vector{.challenge = {.rand = rand}, .expected = *std::move(expected)};
  const std::span autn{vector.challenge.autn};
  write_number(sqn ^ key_of(*out2), autn.first<sqn_bytes>());
  autn[sqn_bytes] = static_cast<unsigned char>(amf >> 8);
  autn[sqn_bytes + 1] = static_cast<unsigned char>(amf & 0xff);
  std::ranges::copy(first_half(*out1), autn.begin() + sqn_bytes + amf_bytes);
  return vector;
}

std::expected<std::optional<std::uint64_t>, AkaError> read_auts(std::string_view auts,
                                                                const AkaKeys& keys,
                                                                const AkaRand& rand) {
  const auto bytes = base64::decode(auts);
  if (!bytes) return error(AkaError::Kind::not_base64);
  if (bytes->size() != auts_bytes) return error(AkaError::Kind::bad_auts);
  const auto input = input_of(keys, rand);
  const auto out5 = milenage::out5(input);
  if (!out5) return error(out5.error());
  std::array<unsigned char, sqn_bytes> concealed;
  std::transform(bytes->begin(), bytes->begin() + sqn_bytes, concealed.begin(),
                 [](char c) { return static_cast<unsigned char>(c); });
  const auto sqn = number_of(concealed) ^ key_of(*out5);
  const auto out1 = milenage::out1(input, sqn, amf_of_auts);
  if (!out1) return error(out1.error());
  const auto mac = std::string_view{*bytes}.substr(sqn_bytes);
  if (!equal_digests(text_of(second_half(*out1)), mac)) return std::nullopt;
  return sqn;
}

}  // namespace sipauth
