// How a registrar behaves: a row of knobs, and the tables of registrars that exist or existed and
// of faults that can be put on any of them.
//
// The engine reads knobs only. Two registrars that differ are two rows here; what no knob can say
// needs a new knob, never the name of a profile in the engine.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"
#include "sipauth/write.hpp"

namespace sipauth::registrar {

/// The answer to one situation. 401 means a challenge: with `challenge_code` 407 it becomes one.
struct Reply {
  int status = 401;  ///< 0: no answer at all
  bool stale = false;
  std::string_view reason = {};   ///< instead of the usual phrase
  std::string_view warning = {};  ///< text of a Warning header
  bool bare = false;              ///< a 401 without a challenge

  friend bool operator==(const Reply&, const Reply&) = default;
};

namespace reply {
inline constexpr Reply accept{.status = 200};
inline constexpr Reply challenge{};
inline constexpr Reply stale{.stale = true};
inline constexpr Reply bare{.bare = true};
inline constexpr Reply bad_request{.status = 400};
inline constexpr Reply forbidden{.status = 403};
inline constexpr Reply not_found{.status = 404};
inline constexpr Reply server_error{.status = 500};
inline constexpr Reply silence{.status = 0};
}  // namespace reply

/// Where the answer depends on whether the digest fits the nonce that was sent.
struct ByDigest {
  Reply right;
  Reply wrong;
};

constexpr ByDigest either(Reply reply) { return {reply, reply}; }

/// What is answered when. `foreign` is a nonce that was never issued, was issued for something
/// else, or (where a Call-ID has one nonce) was replaced; `used` one that has had its turn.
struct Situations {
  Reply no_credentials = reply::challenge;
  Reply unknown_user_asks = reply::challenge;  ///< without credentials
  ByDigest foreign = either(reply::challenge);
  ByDigest expired = either(reply::challenge);
  ByDigest used = either(reply::challenge);
  ByDigest count_replayed = either(reply::challenge);
  Reply empty_nonce = reply::challenge;
  Reply malformed = reply::challenge;  ///< a parameter is missing
  Reply wrong_password = reply::challenge;
  Reply unknown_user = reply::challenge;
  Reply user_mismatch = reply::challenge;  ///< right credentials, but of another user than To's
  Reply right = reply::accept;
  Reply resynchronised = reply::challenge;  ///< an AUTS that is right
};

enum class NonceFormat : std::uint8_t {
  hex4,              ///< `3f2a`
  hex8,              ///< `397d281a`
  hex16_upper,       ///< `5C1F0A9B7734E2D6`
  hex32,             ///< a random hash
  uuid,              ///< `0b7e2d1c-...`, version 4
  opaque44,          ///< base64 of 32 bytes that say nothing to others
  time_slash_md5,    ///< `1767225600/md5`
  time_colon_md5,    ///< `1767225600:md5`
  md5_dot_time,      ///< `md5.1767225600`
  kamailio,          ///< base64 of expiry, start, MD5: 32 characters
  kamailio_indexed,  ///< the same with an index and a pool number: 40
  kamailio_bound,    ///< the same with a second MD5, over what it is bound to: 56
  sofia,             ///< base64 of time, count, HMAC: 32
  random_with_mac,   ///< 128 random bits and their MAC in hex
  aka,               ///< RAND and AUTN; of users without keys 32 bytes that look the same
};

/// What a nonce is good for, as bits of NonceRules::bound_to.
namespace bound {
inline constexpr std::uint8_t source = 1;
inline constexpr std::uint8_t call_id = 2;
inline constexpr std::uint8_t request_uri = 4;
inline constexpr std::uint8_t from_user = 8;
}  // namespace bound

enum class Scope : std::uint8_t {
  anywhere,  ///< every nonce stands alone
  call_id,   ///< each Call-ID has one nonce, kept for `state_ttl`
};

enum class Verify : std::uint8_t {
  issued,    ///< the nonce must be one of ours
  stored,    ///< the nonce of the request is never read: the Call-ID's goes into the digest
  inverted,  ///< of a Call-ID: the comparison is the wrong way round
  none,      ///< any nonce will do
};

/// When the time within a nonce is looked at, so what a made-up nonce looks like.
enum class TimeTest : std::uint8_t {
  after_mac,
  before_mac,  ///< what reads as old is expired, whoever made it
  /// What reads as made before the registrar began, or more than 3 s from now, is expired, whoever
  /// made it; the age is looked at after the MAC. So does Kamailio.
  start_before_mac,
};

enum class Burn : std::uint8_t { before_digest, after_digest };

struct NonceRules {
  NonceFormat format = NonceFormat::random_with_mac;
  Scope scope = Scope::anywhere;
  Verify verify = Verify::issued;
  std::uint8_t bound_to = 0;
  net::Duration lifetime{0};  ///< expired at this age and later; 0: never
  TimeTest time = TimeTest::after_mac;
  bool sliding = false;  ///< a success that counts (nc) begins the lifetime again, plus Expires
  bool one_time = false;
  Burn burn = Burn::after_digest;
  net::Duration one_time_after{0};  ///< since the start of the registrar
  bool ignores_case = false;
  std::size_t shortest = 0;      ///< shorter ones are answered as Situations::empty_nonce
  net::Duration reissue_for{0};  ///< the same nonce is handed out so long
  std::size_t pad_to = 0;        ///< lengthened to so many characters
  std::string_view suffix = {};  ///< put behind every nonce
  net::Duration state_ttl{0};    ///< of a Call-ID's state, begun again by each answer
  bool rekey_on_plain = true;    ///< of a Call-ID: 401 without stale=true brings a new nonce
  bool rekey_on_stale = true;    ///< else only when the present one was answered
  bool stale_repeats_nonce = false;
};

/// Passwords are computed from nonces with the keys of the accounts (RFC 3310, RFC 4169).
struct AkaRules {
  bool used = false;
  bool wrong_mac = false;   ///< of AUTN
  bool begins_old = false;  ///< SQN 0 until the card has resynchronised
};

struct CountRules {
  enum class Check : std::uint8_t { none, rising, window, next };  ///< next: no gap
  Check check = Check::none;
  std::uint32_t largest = 0xffff'ffff;  ///< Kamailio keeps 8 bits
  std::uint32_t window = 32;            ///< of Check::window, at most 64
  bool required = false;                ///< credentials without nc are malformed
  bool decimal = false;                 ///< nc is read in decimal: what has letters is 0
  bool keeps_cnonce = false;            ///< another cnonce on a nonce is answered as a replay
};

enum class Test : std::uint8_t { account, nonce, count, digest, user_match };
inline constexpr std::size_t test_count = 5;
using TestOrder = std::array<Test, test_count>;

/// One row of WWW-Authenticate.
struct ChallengeRow {
  std::string_view scheme = "Digest";
  std::string_view algorithm = {};  ///< empty: not written, and MD5
  bool offers_qop = true;           ///< when the profile has a qop
};

struct ChallengeStyle {
  /// Names of parameters parted by blanks; one that has no value at the time is left out.
  std::string_view order = "realm nonce opaque stale algorithm qop";
  std::string_view separator = ", ";
  std::optional<std::string_view> before_stale = std::nullopt;
  std::string_view trailing = {};
  std::string_view trailing_when_plain = {};
  std::string_view stale_true = "true";
  std::string_view stale_false = {};  ///< empty: not written
  Quoting realm = Quoting::as_due;
  Quoting nonce = Quoting::as_due;
  Quoting opaque = Quoting::as_due;
  Quoting stale = Quoting::as_due;
  Quoting algorithm = Quoting::as_due;
  Quoting qop = Quoting::as_due;
  std::string_view extra_name = {};  ///< a parameter `extra` of `order`
  std::string_view extra_value = {};
  Quoting extra = Quoting::as_due;
  bool merged = false;  ///< all rows in one
};

enum class Opaque : std::uint8_t { none, fixed, random };

/// What becomes of INVITE, SUBSCRIBE and the like.
enum class OtherMethods : std::uint8_t {
  refused,          ///< 405 or 501
  challenged,       ///< like REGISTER, then 405; OPTIONS gets its 200
  bare_when_stale,  ///< challenged, but a 401 that would say stale=true comes without a header
};

enum class ViaFault : std::uint8_t { none, sent_by, branch };

enum class AuthInfo : std::uint8_t {
  none,
  rspauth,
  next_nonce,  ///< nextnonce and rspauth, as Kamailio writes them
  wrong_rspauth,
  empty,
};

struct Profile {
  std::string_view name;
  std::string_view description;  ///< one line for --list-profiles

  NonceRules nonce = {};
  AkaRules aka = {};
  CountRules count = {};
  TestOrder order = {Test::nonce, Test::account, Test::count, Test::digest, Test::user_match};
  Situations on = {};

  // The account and the digest
  bool account_from_to = false;     ///< the user of To, not of the credentials, names the account
  bool reads_username = true;       ///< else whoever knows To's password may say any name
  bool checks_realm = true;         ///< else the first Digest row is taken, whatever its realm
  std::size_t compared_digits = 0;  ///< of the response; 0: all
  bool opaque_required = false;

  // The challenge
  /// A proxy before the registrar asks with 407, for a realm of its own and the same passwords.
  bool proxy_first = false;
  int challenge_code = 401;
  std::string_view challenge_header = {};  ///< instead of the one that goes with the code
  bool with_header = true;
  std::optional<std::string_view> realm = std::nullopt;  ///< nullopt: the host of the To URI
  bool realm_changes = false;
  std::vector<ChallengeRow> rows = {ChallengeRow{}};
  std::string_view qop = {};  ///< as written; empty: none
  Opaque opaque = Opaque::none;
  std::string_view opaque_text = {};
  ChallengeStyle style = {};

  // Around it
  std::string_view server = {};
  bool trying = false;  ///< 100 Trying comes first
  bool to_tag = true;   ///< in a challenge
  bool content_length = true;
  ViaFault via = ViaFault::none;
  AuthInfo auth_info = AuthInfo::none;
  bool replays_challenges = true;  ///< a retransmission gets the same answer (RFC 3261 17.2.2)
  bool replays_answers = true;     ///< the same for a request that has credentials
  bool refuses_merged = false;     ///< 482 to the same CSeq with another branch
  bool refuses_to_tag = false;     ///< 481 to a To with a tag
  OtherMethods other_methods = OtherMethods::refused;

  // What faults need
  std::optional<Reply> after_stale = std::nullopt;  ///< to the right answer to a stale=true
  int silent_after = 0;  ///< so many refused credentials of one address: nothing more for it
  int locked_after = 0;  ///< so many refused credentials of one user: 403 to everything
  int loses_every = 0;   ///< every n-th final answer is lost once
  net::Duration first_answer_delay{0};
};

/// In the order of --list-profiles.
[[nodiscard]] std::span<const Profile> profiles();
[[nodiscard]] const Profile* find_profile(std::string_view name);

/// Put on a profile, it does what its name says. Several may be put on, in any order.
struct Fault {
  std::string_view name;
  std::string_view description;
  void (*apply)(Profile&) = nullptr;
};

[[nodiscard]] std::span<const Fault> faults();
[[nodiscard]] const Fault* find_fault(std::string_view name);

/// The name in `names` that was most likely meant; empty when none is near.
[[nodiscard]] std::string_view nearest_name(std::string_view typed,
                                            std::span<const std::string_view> names);

/// The profile with its faults, or a sentence that says which name is unknown and which was meant.
[[nodiscard]] std::expected<Profile, std::string> make_profile(std::string_view name,
                                                               std::span<const std::string> faults);

}  // namespace sipauth::registrar
