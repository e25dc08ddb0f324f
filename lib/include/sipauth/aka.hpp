// Digest with AKA (RFC 3310, RFC 4169; 3GPP TS 33.102 6.3, TS 35.206): the password of a digest is
// computed from the nonce of the challenge and from keys that the card in a phone shares with its
// home network.
//
//   nonce = base64(RAND(16) AUTN(16) [server data])   AUTN = (SQN xor AK)(6) AMF(2) MAC(8)
//   password: RES as bytes in AKAv1; base64(HMAC(RES IK CK, "http-digest-akav2-password")) in AKAv2
//
// Both sides are here: the card answers, the home network challenges and reads resynchronisations.
// Neither keeps anything: who calls keeps the SQN. Results own their bytes; nothing here throws but
// for want of memory. All functions may be called from several threads.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sipauth/digest.hpp"
#include "sipauth/export.hpp"
#include "sipauth/secret.hpp"

namespace sipauth {

/// `AKAv1-MD5` as a version and the algorithm that its digest hashes with.
struct AkaAlgorithm {
  int version = 1;                       ///< 1: RFC 3310, 2: RFC 4169
  const Algorithm* algorithm = nullptr;  ///< never null in what find_aka_algorithm returns
};

/// In any case; nullopt when it is no AKA algorithm, or one over a hash that is not ours.
[[nodiscard]] SIPAUTH_API std::optional<AkaAlgorithm> find_aka_algorithm(
    std::string_view name) noexcept;

struct AkaError {
  enum class Kind : std::uint8_t {
    not_base64,  ///< the nonce, or an AUTS
    too_short,   ///< the nonce has no room for RAND and AUTN
    bad_auts,    ///< an AUTS has 14 bytes
    bad_key,     ///< K, OP and OPc have 16 bytes
    crypto,      ///< libcrypto: see `reason`
  };
  Kind kind = Kind::crypto;
  DigestError reason = {};

  [[nodiscard]] SIPAUTH_API std::string_view sentence() const noexcept;
};

/// What a card and its home network share.
struct AkaKeys {
  Secret k = {};    ///< 16 bytes
  Secret opc = {};  ///< 16 bytes

  /// From OP, which all cards of an operator share, as bytes.
  [[nodiscard]] SIPAUTH_API static std::expected<AkaKeys, AkaError> from_op(std::string_view k,
                                                                            std::string_view op);
  [[nodiscard]] SIPAUTH_API static std::expected<AkaKeys, AkaError> from_opc(std::string_view k,
                                                                             std::string_view opc);
};

using AkaRand = std::array<unsigned char, 16>;
using AkaAutn = std::array<unsigned char, 16>;

/// The largest SQN: it has 48 bits.
inline constexpr std::uint64_t max_aka_sqn = (std::uint64_t{1} << 48U) - 1;

/// The nonce of a challenge, read (RFC 3310 3.2).
struct AkaChallenge {
  AkaRand rand{};
  AkaAutn autn{};
  std::string server_data = {};  ///< what follows them, as bytes

  [[nodiscard]] SIPAUTH_API static std::expected<AkaChallenge, AkaError> parse(
      std::string_view nonce);
  [[nodiscard]] SIPAUTH_API std::string nonce() const;
  /// The AMF, which is sent in the clear.
  [[nodiscard]] SIPAUTH_API std::uint16_t amf() const noexcept;
};

enum class AkaOutcome : std::uint8_t {
  fresh,  ///< answer with password()
  /// The MAC is right and the SQN is not higher than the card's: answer over an empty password,
  /// with `auts` (RFC 3310 3.4).
  sqn_out_of_range,
  /// Not made with these keys: whoever sent it has not proved to be the home network. There is no
  /// RES, and RFC 3310 defines no answer; 3GPP TS 24.229 lets a phone send an empty response
  /// without auts.
  wrong_mac,
};

/// What a card makes of a challenge.
struct AkaAnswer {
  AkaOutcome outcome = AkaOutcome::wrong_mac;
  std::uint64_t sqn = 0;  ///< of AUTN; says nothing with a wrong MAC
  Secret res = {};        ///< 8 bytes; empty unless fresh, as are the next two
  Secret ck = {};
  Secret ik = {};
  std::string auts = {};  ///< base64, when the SQN is out of range

  /// What goes into the digest: RES, or what RFC 4169 3 makes of it. Empty unless fresh.
  [[nodiscard]] SIPAUTH_API std::expected<Secret, AkaError> password(
      const AkaAlgorithm& algorithm) const;
};

/// The card's side. `highest` is the highest SQN that it has taken: a fresh one is higher
/// (TS 33.102 C.2, without its optional limits), and is then the caller's to keep.
[[nodiscard]] SIPAUTH_API std::expected<AkaAnswer, AkaError> answer_aka(
    const AkaChallenge& challenge, const AkaKeys& keys, std::uint64_t highest);

/// A challenge and its right answer, as the home network makes them.
struct AkaVector {
  AkaChallenge challenge = {};
  AkaAnswer expected = {};  ///< XRES, CK, IK
};

/// The home network's side. RAND is the caller's to draw.
[[nodiscard]] SIPAUTH_API std::expected<AkaVector, AkaError> make_aka_vector(const AkaKeys& keys,
                                                                             const AkaRand& rand,
                                                                             std::uint64_t sqn,
                                                                             std::uint16_t amf);

/// The card's SQN out of an AUTS in base64 that answers a challenge with `rand` (TS 33.102 6.3.5);
/// nullopt when its MAC is wrong.
[[nodiscard]] SIPAUTH_API std::expected<std::optional<std::uint64_t>, AkaError> read_auts(
    std::string_view auts, const AkaKeys& keys, const AkaRand& rand);

}  // namespace sipauth
