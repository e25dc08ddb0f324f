#include "fuzz/aka_target.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "fuzz/oracle.hpp"
#include "sipauth/aka.hpp"

namespace sipauth::fuzz {
namespace {

constexpr std::string_view k = "0123456789abcdef";
constexpr std::string_view op = "fedcba9876543210";

// The card takes what its network made, once; a second time it asks to resynchronise.
void require_dialogue(const AkaKeys& keys, const AkaRand& rand) {
  std::uint64_t sqn = 0;
  for (std::size_t i = 0; i < 6; ++i) sqn = sqn << 8U | rand[i];
  sqn = std::max<std::uint64_t>(sqn, 1);
  const auto vector = make_aka_vector(keys, rand, sqn, 0x8000);
  require(vector.has_value(), "the network makes a challenge of any RAND");
  const auto received = AkaChallenge::parse(vector->challenge.nonce());
  require(received.has_value() && received->amf() == 0x8000, "its nonce can be read");

  const auto fresh = answer_aka(*received, keys, sqn - 1);
  require(fresh.has_value() && fresh->outcome == AkaOutcome::fresh && fresh->sqn == sqn,
          "a challenge of the network is fresh");
  for (const auto* name : {"AKAv1-MD5", "AKAv2-MD5", "AKAv2-SHA-256"}) {
    const auto algorithm = find_aka_algorithm(name);
    const auto sent = fresh->password(*algorithm);
    const auto expected = vector->expected.password(*algorithm);
    require(sent.has_value() && expected.has_value() && sent->reveal() == expected->reveal(),
            "card and network have the same password");
  }

  const auto again = answer_aka(*received, keys, sqn);
  require(again.has_value() && again->outcome == AkaOutcome::sqn_out_of_range,
          "a challenge is fresh once");
  const auto without_res = again->password(*find_aka_algorithm("AKAv1-MD5"));
  require(without_res.has_value() && without_res->empty(), "such an answer has no password");
  const auto told = read_auts(again->auts, keys, rand);
  require(told.has_value() && *told == sqn, "the network reads the card's SQN");
}

// OPc is made of OP; keys of any other length are none.
void require_keys(const AkaKeys& keys) {
  const auto same_keys = AkaKeys::from_opc(k, keys.opc.reveal());
  require(same_keys.has_value() && same_keys->k.reveal() == keys.k.reveal() &&
              same_keys->opc.reveal() == keys.opc.reveal(),
          "keys are the same, of OP and of OPc");
  const auto none =
      std::to_array({AkaKeys::from_op(k, op.substr(1)), AkaKeys::from_op(op.substr(1), op),
                     AkaKeys::from_opc(k, op.substr(1)), AkaKeys::from_opc(op.substr(1), op)});
  for (const auto& other : none) {
    require(!other.has_value() && !other.error().sentence().empty(), "keys have 16 bytes");
  }
}

// What is an algorithm of AKA begins as one, and hashes as the algorithm behind it does.
void require_algorithm(std::string_view name) {
  const auto found = find_aka_algorithm(name);
  if (!found) return;
  constexpr std::size_t prefix = std::string_view{"AKAv1-"}.size();
  require(found->algorithm != nullptr && !found->algorithm->session &&
              find_algorithm(name.substr(prefix)) == found->algorithm,
          "an algorithm of AKA hashes with one of ours");
  require(name[prefix - 2] - '0' == found->version, "an algorithm of AKA has its version");
}

}  // namespace

void aka(std::string_view input) {
  const auto keys = AkaKeys::from_op(k, op);
  require(keys.has_value(), "keys of 16 bytes are keys");
  require_algorithm(input);
  const auto challenge = AkaChallenge::parse(input);
  if (!challenge) {
    require(!challenge.error().sentence().empty(), "an error has a sentence");
    const auto none = read_auts(input, *keys, AkaRand{});
    require(none.has_value() ? !none->has_value() : !none.error().sentence().empty(),
            "what the card did not make is no AUTS");
    return;
  }
  const auto again = AkaChallenge::parse(challenge->nonce());
  require(again.has_value() && again->rand == challenge->rand && again->autn == challenge->autn &&
              again->server_data == challenge->server_data,
          "a nonce is read again");
  const auto answer = answer_aka(*challenge, *keys, 0);
  require(answer.has_value() && answer->outcome == AkaOutcome::wrong_mac &&
              answer->res.reveal().empty() && answer->auts.empty(),
          "a nonce that the network did not make is not answered");
  if (!is_due_for_costly_claims(input)) return;
  require_keys(*keys);
  require_dialogue(*keys, challenge->rand);
}

}  // namespace sipauth::fuzz
