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

/// What is answered when. `foreign` is a nonce that was never issued, or (where a Call-ID has one
/// nonce) was replaced; `misbound` one that was issued for something else (NonceRules::bound_to);
/// `used` one that has had its turn.
struct Situations {
  Reply no_credentials = reply::challenge;
  Reply unknown_user_asks = reply::challenge;  ///< without credentials
  ByDigest foreign = either(reply::challenge);
  std::optional<ByDigest> misbound = std::nullopt;  ///< nullopt: as foreign
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
  counter,           ///< 16 hex digits that count up from a random number
  aka,               ///< RAND and AUTN; of users without keys 32 bytes that look the same
};

/// What a nonce is good for, as bits of NonceRules::bound_to.
namespace bound {
inline constexpr std::uint8_t source = 1;
inline constexpr std::uint8_t call_id = 2;
inline constexpr std::uint8_t request_uri = 4;
inline constexpr std::uint8_t from_user = 8;
inline constexpr std::uint8_t source_port = 16;
inline constexpr std::uint8_t transport = 32;
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
  bool has_secret = true;          ///< else everybody can compute the MAC of time_*_md5 formats
  net::Duration lifetime{0};       ///< expired at this age and later; 0: never
  net::Duration used_lifetime{0};  ///< the same of one that was used; 0: no difference
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

/// How credentials are read, and where a digest is looked at less closely than it should.
struct CredentialRules {
  // Reading
  bool first_row_only = false;  ///< a row of another realm, or none we can read, hides the others
  bool refuses_contradictions = false;  ///< a parameter twice, username beside username*: malformed
  bool last_of_two_counts = false;      ///< of a parameter that comes twice; else the first
  bool reads_single_quotes = false;
  bool scheme_in_one_case = false;  ///< `Digest`, and not `digest`
  bool needs_cnonce = true;         ///< with qop
  bool needs_count = true;          ///< with qop
  bool needs_algorithm = false;     ///< even for MD5
  bool uri_must_match = false;      ///< 400 to a uri that is not the Request-URI
  bool uri_names_host = false;      ///< 400 to one of another host (RFC 8760 2.6 item 6)
  std::size_t dies_of = 0;          ///< rows of so many bytes: nothing is answered any more

  // Judging
  bool believes_realm = false;      ///< any realm will do, when the digest fits it
  bool any_algorithm = false;       ///< offered or not
  bool any_method = false;          ///< a digest of INVITE or OPTIONS is as good
  bool hashes_request_uri = false;  ///< the uri of the header is not read
  bool compares_prefix = false;     ///< as many digits as came
  bool takes_empty_password = false;
  bool takes_basic = false;
  bool takes_binary_session = false;  ///< sip/binary_session.hpp

  // Answers out of order; nullopt: there is no such thing
  std::optional<Reply> other_scheme = std::nullopt;
  std::optional<Reply> two_rows = std::nullopt;  ///< of our realm
  std::optional<Reply> odd_name = std::nullopt;  ///< user names with UTF-8 or quotation marks
  std::optional<Reply> session_not_offered = std::nullopt;
  std::optional<Reply> missing_qop = std::nullopt;
  std::optional<Reply> other_from = std::nullopt;  ///< From and To name different users
};

/// How a 200 tells of bindings.
enum class ContactRows : std::uint8_t {
  with_expiry,
  with_header,  ///< one Expires header instead of parameters
  none,
};

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

/// What is made of a request's place among others of its Call-ID. `accept`: it is judged like any.
struct SequenceRules {
  Reply same_cseq = reply::accept;  ///< to the CSeq of the one before, with another branch
  Reply other_from_tag = reply::accept;
  Reply to_with_tag = reply::accept;

  /// Of a change to a binding (RFC 3261 10.3, step 7).
  enum class OldCSeq : std::uint8_t { refused, kept, applied };
  OldCSeq old_cseq = OldCSeq::refused;  ///< kept: 200, and nothing changes
};

/// What becomes of a retransmission over datagrams.
struct RetransmissionRules {
  bool replays_challenges = true;              ///< it gets the same answer (RFC 3261 17.2.2)
  bool replays_answers = true;                 ///< the same for a request that has credentials
  std::optional<Reply> answer = std::nullopt;  ///< instead, to one that has credentials
  bool new_to_tag = false;                     ///< where it is judged as if it were new
};

/// Where answers to datagrams go (RFC 3261 18.2.2, RFC 3581 4).
struct ReturnRules {
  enum class To : std::uint8_t {
    source,    ///< always
    as_asked,  ///< with rport; without it to the port in Via
    via_port,  ///< always
  };
  To to = To::source;
  bool fills_in = true;         ///< rport and received
  bool from_elsewhere = false;  ///< from another port than the one that was asked
};

enum class ViaFault : std::uint8_t { none, sent_by, branch };

enum class AuthInfo : std::uint8_t {
  none,
  rspauth,
  next_nonce,       ///< nextnonce and rspauth, as Kamailio writes them
  next_nonce_only,  ///< as RFC 3261 20.6 prints it
  dead_next_nonce,  ///< as next_nonce, but the registrar does not know the nonce
  wrong_rspauth,
  other_cnonce,  ///< not the one of the request
  quoted_count,  ///< quotes round qop and nc
  no_count,      ///< nc is left out
  no_qop,        ///< qop is left out
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
  CredentialRules credentials = {};

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
  bool auth_info_on_refusal = false;  ///< nextnonce in a 401
  RetransmissionRules retransmission = {};
  SequenceRules sequence = {};
  ReturnRules returns = {};
  OtherMethods other_methods = OtherMethods::refused;

  // What faults need
  std::optional<Reply> after_stale = std::nullopt;  ///< to the right answer to a stale=true
  int silent_after = 0;     ///< so many refused credentials of one address: nothing more for it
  int locked_after = 0;     ///< so many refused credentials of one user: 403 to everything
  int loses_every = 0;      ///< every n-th final answer is lost once
  bool loses_long = false;  ///< each one above 1300 bytes is lost once, over datagrams
  /// To foreign nonces over streams, instead of what is answered over datagrams.
  std::optional<ByDigest> foreign_on_streams = std::nullopt;
  ContactRows contact_rows = ContactRows::with_expiry;
  bool unregisters_anybody = false;   ///< Expires: 0 needs no password
  net::Duration known_user_delay{0};  ///< of the answer to credentials, where To's user exists
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
