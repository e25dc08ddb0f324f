// The whole catalogue against Kamailio, in each way that its auth module can be set up and that a
// script can use it. docs/verdicts.md tells where each line comes from.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>

#include "interop/golden.hpp"
#include "interop/kamailio.hpp"
#include "interop/kamailio_target.hpp"

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;

/// Kamailio as Debian ships it, its script with the flags of the examples: no qop, nonces of 300 s.
const Lines stock{
    {"SA-CH-06", "warn", "auth_challenge() offers qop only with flag 1"},
    {"SA-CH-17", "info", "it has one algorithm for all challenges"},
    {"SA-AUTH-16", "info", "www_authorize() wants the user of From, where the script asks so"},
    {"SA-AUTH-22", "info",
     "parse_digest_cred() keeps an unknown algorithm, and nobody asks for it"},
    {"SA-AUTH-25", "skip", "no qop is offered"},
    {"SA-AUTH-26", "skip", "no qop is offered"},
    {"SA-AUTH-27", "info", "the last of two parameters counts; a backslash is part of the nonce"},
    {"SA-AUTH-28", "warn", "username* is a parameter like any other that it does not know"},
    {"SA-NONCE-14", "info", "the first four bytes are the time of expiry"},
    {"SA-NONCE-13", "info",
     "calc_nonce() is a hash of seconds, so those of one second are the same"},
    {"SA-STALE-01", "skip", "left out by --no-wait"},
    {"SA-STALE-03", "skip", "left out by --no-wait"},
    {"SA-STALE-05", "skip", "no nonce was called stale"},
    {"SA-STALE-09", "skip", "no nonce was called stale"},
    {"SA-STALE-10", "skip", "nonces may be used again"},
    {"SA-STALE-12", "skip", "was not called stale"},
    {"SA-NC-*", "skip", "no qop is offered"},
};

/// With flag 1, and nothing counted.
const Lines qop_lines{
    {"SA-CH-06", "pass", "flag 1 offers qop=auth"},
    {"SA-AUTH-25", "pass", "with a qop it wants a cnonce"},
    {"SA-AUTH-26", "pass", "with a qop it wants an nc"},
    {"SA-NC-*", "pass", "cnonce, nc and qop go into the digest as they came"},
    {"SA-NC-01", "warn", "check_nonce() looks at nc only with nonce_count"},
    {"SA-NC-03", "warn", "as SA-NC-01"},
    {"SA-NC-07", "info", "as SA-NC-01"},
    {"SA-NC-09", "info", "as SA-NC-01"},
    {"SA-NC-12", "info", "as SA-NC-01"},
};

/// With a counter for each nonce. Its index stands behind the hash, which makes nonces of one
/// second differ; they are 29 bytes, and two bits of the last base64 character mean nothing.
const Lines counted_lines{
    {"SA-CH-06", "pass", "flag 1 offers qop=auth"},
    {"SA-AUTH-25", "pass", "with a qop it wants a cnonce"},
    {"SA-AUTH-26", "pass", "with a qop it wants an nc"},
    {"SA-NONCE-06", "info", "29 bytes: two spare bits at the end"},
    {"SA-NONCE-13", "pass", "each nonce has its own index"},
    {"SA-NC-*", "pass", "nc_check_val() takes what is above the last count and below 256"},
};

/// What a counted nonce is refused with where the script challenges without flag 16.
const Lines without_stale{
    {"SA-NC-01", "warn", "NC_REPLAY is called stale by check_nonce(), and only flag 16 says so"},
    {"SA-NC-03", "warn", "NC_REPLAY, as SA-NC-01"},
    {"SA-NC-05", "warn", "NC_TOO_BIG: nc_t is one byte, so 0x1000 is no count"},
    {"SA-NC-08", "warn", "NC_TOO_BIG at 0x100, the 256th use"},
    {"SA-NC-12", "warn", "NC_REPLAY: the cnonce does not matter"},
};

/// A nonce is refused when it comes again (otn_check_id).
const Lines used_up{
    {"SA-NONCE-01", "warn", "rc -6, which the script answers like a wrong password"},
    {"SA-NONCE-06", "info", "29 bytes: two spare bits at the end"},
    {"SA-NONCE-13", "pass", "each nonce has its own index"},
    {"SA-STALE-10", "warn", "rc -6 without flag 16"},
    {"SA-NC-05", "skip", "no qop is offered"},
    {"SA-NC-07", "skip", "no qop is offered"},
    {"SA-NC-09", "skip", "no qop is offered"},
    {"SA-NC-11", "skip", "no qop is offered"},
    {"SA-NC-*", "skip", "a nonce is good for one use here"},
};

/// Without a transaction of its own it judges each copy of a request anew.
const Lines stateless{
    {"SA-TX-01", "warn", "the second copy is a replay to the nonce's counter"},
    {"SA-TX-02", "info", "each copy gets a challenge with a new index"},
};

/// What comes over a stream is not retransmitted, and answers have one way back.
const Lines stream{
    {"SA-TX-01", "skip", "nothing is retransmitted"},
    {"SA-TX-02", "skip", "nothing is retransmitted"},
    {"SA-TX-13", "skip", "keep to their connection"},
};

/// On a port of its own kind: where other transports would be is not known.
const Lines alone = joined(
    {
        {"SA-NONCE-11", "skip", "no port is known"},
        {"SA-TX-07", "skip", "no other way"},
        {"SA-TX-09", "skip", "no challenge came over UDP"},
    },
    stream);

/// Nonces of 3 s: every check that waits runs.
const Lines expired{
    {"SA-NONCE-15", "skip", "the lifetime was given"},
    {"SA-NONCE-16", "pass", "no use makes a nonce live longer"},
    {"SA-STALE-01", "warn", "rc -4 is no different from a wrong password without flag 16"},
    {"SA-STALE-03", "pass", "a plain 401"},
};

struct Row {
  Variant variant;
  Lines lines = {};
  std::vector<std::string> options = {"--no-wait"};
  int exit = 0;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.variant.name; }

const std::vector<std::string> known_lifetime{"--nonce-lifetime", "3"};

const std::vector<Row> rows{
    {.variant = {.name = "Stock"}},
    {.variant = {.name = "StockOverTcp"},
     .lines = stream,
     .options = {"--no-wait", "--transport", "tcp"}},
    {.variant = {.name = "Qop", .qop = true}, .lines = qop_lines},

    {.variant = {.name = "Expire3", .nonce_lifetime = 3s},
     .lines = expired,
     .options = known_lifetime},
    {.variant = {.name = "Expire3Stale16",
                 .nonce_lifetime = 3s,
                 .stale_when_old = true,
                 .stale_when_used = true},
     .lines = {{"SA-NONCE-15", "skip", "the lifetime was given"},
               {"SA-NONCE-16", "pass", "no use makes a nonce live longer"},
               {"SA-STALE-01", "pass", "flag 16"},
               {"SA-STALE-03", "warn", "check_nonce() comes before the digest is looked at"},
               {"SA-STALE-05", "pass", "flag 16"},
               {"SA-STALE-09", "pass", "flag 16"},
               {"SA-STALE-12", "pass", "flag 16"}},
     .options = known_lifetime},

    {.variant = {.name = "NonceCount", .qop = true, .nonce_count = true},
     .lines = joined(without_stale, counted_lines)},
    {.variant = {.name = "NonceCountStateless", .qop = true, .nonce_count = true, .absorbs = false},
     .lines = joined(stateless, joined(without_stale, counted_lines))},
    {.variant = {.name = "NonceCountStale16",
                 .qop = true,
                 .stale_when_old = true,
                 .stale_when_used = true,
                 .nonce_count = true},
     .lines = joined({{"SA-STALE-05", "pass", "flag 16 for a count that came before"},
                      {"SA-STALE-09", "pass", "as SA-STALE-05"},
                      {"SA-STALE-12", "pass", "as SA-STALE-05"}},
                     counted_lines)},

    {.variant = {.name = "OneTimeNonce", .one_time_nonce = true}, .lines = used_up},
    {.variant = {.name = "OneTimeNonceStateless", .one_time_nonce = true, .absorbs = false},
     .lines = joined(stateless, used_up)},
    {.variant = {.name = "OneTimeNonceStale16", .stale_when_used = true, .one_time_nonce = true},
     .lines = joined({{"SA-NONCE-01", "pass", "flag 16 for rc -6"},
                      {"SA-STALE-05", "pass", "flag 16 for rc -6"},
                      {"SA-STALE-09", "pass", "flag 16 for rc -6"},
                      {"SA-STALE-10", "pass", "flag 16 for rc -6"}},
                     used_up)},
    {.variant = {.name = "AuthenticationInfo",
                 .qop = true,
                 .one_time_nonce = true,
                 .authentication_info = true},
     .lines = joined({{"SA-CH-06", "pass", "flag 1 offers qop=auth"},
                      {"SA-AUTH-25", "pass", "with a qop it wants a cnonce"},
                      {"SA-AUTH-26", "pass", "with a qop it wants an nc"},
                      {"SA-INFO-01", "pass", "it computes rspauth"},
                      {"SA-INFO-02", "pass", "all is there"},
                      {"SA-INFO-03", "warn", "it writes the whole list for a client without qop"},
                      {"SA-INFO-04", "pass", "nextnonce is one of its nonces"},
                      {"SA-INFO-05", "info", "the row is added before the reply is known"},
                      {"SA-NC-05", "pass", "the first use, whatever its count"},
                      {"SA-NC-07", "info", "nothing is counted without nonce_count"},
                      {"SA-NC-09", "info", "nothing is counted without nonce_count"},
                      {"SA-NC-11", "skip", "so another one tells nothing"}},
                     used_up)},

    {.variant = {.name = "Sha256", .qop = true, .algorithm = "SHA-256"},
     .lines = joined({{"SA-CH-17", "pass", "modparam algorithm"}}, qop_lines)},
    {.variant = {.name = "AuthChecksAndSanity", .qop = true, .bound_nonce = true, .sane = true},
     .lines = joined({{"SA-NONCE-08", "warn", "AUTH_CHECK_CALLID"},
                      {"SA-TX-05", "warn", "AUTH_CHECK_CALLID"},
                      {"SA-NONCE-06", "info", "40 bytes: four spare bits at the end"},
                      {"SA-NONCE-13", "pass", "Call-ID is part of the nonce (AUTH_CHECK_CALLID)"}},
                     qop_lines)},

    // What a script does that answers every refusal with 403: the deadlock, on a registrar of
    // today.
    {.variant = {.name = "ForbiddenForAllThatIsRefused",
                 .nonce_lifetime = 3s,
                 .forbid_refused = true},
     .lines = {{"SA-AUTH-05", "warn", "403 to whatever is no digest"},
               {"SA-AUTH-09", "info", "digits are compared as they are"},
               {"SA-AUTH-16", "pass", "403, as to any refusal"},
               {"SA-AUTH-14", "info", "a realm is compared as it is"},
               {"SA-AUTH-17", "info", "a user name is looked up as it is"},
               {"SA-NONCE-15", "skip", "the lifetime was given"},
               {"SA-NONCE-16", "pass", "no use makes a nonce live longer"},
               {"SA-NONCE-02", "fail", "403 for rc -4, which is every nonce it did not make"},
               {"SA-NONCE-03", "fail", "as SA-NONCE-02"},
               {"SA-NONCE-04", "fail", "as SA-NONCE-02"},
               {"SA-NONCE-05", "fail", "as SA-NONCE-02"},
               {"SA-NONCE-06", "warn", "as SA-NONCE-02"},
               {"SA-NONCE-07", "warn", "as SA-NONCE-02"},
               {"SA-STALE-01", "fail", "403 for rc -4"},
               {"SA-STALE-02", "skip", "no refusal brought a challenge"},
               {"SA-STALE-03", "info", "403 for rc -4, whatever the password"},
               {"SA-STALE-06", "skip", "brought no challenge"},
               {"SA-STALE-07", "fail", "403 each time"},
               {"SA-STALE-08", "skip", "brought no challenge"}},
     .options = known_lifetime,
     .exit = 1},
    {.variant = {.name = "ForbiddenForAWrongPassword", .nonce_lifetime = 3s, .forbid_wrong = true},
     .lines = joined({{"SA-AUTH-09", "info", "digits are compared as they are"},
                      {"SA-AUTH-16", "pass", "403, as to any refusal"},
                      {"SA-AUTH-14", "info", "a realm is compared as it is"},
                      {"SA-AUTH-17", "info", "a user name is looked up as it is"},
                      {"SA-ENUM-01", "warn", "the script answers an unknown user with 404"},
                      {"SA-STALE-11", "info", "the script answers an unknown user with 404"}},
                     expired),
     .options = known_lifetime},

    {.variant = {.name = "Tls", .tls = true},
     .lines = joined({{"SA-TX-10", "pass", "its certificate names 127.0.0.1"}}, alone)},
#ifdef SIPAUTH_TEST_WEBSOCKET
    {.variant = {.name = "WebSocket", .websocket = true},
     .lines = joined({{"SA-TX-12", "pass", "websocket.so keeps to RFC 7118"}}, alone)},
    {.variant = {.name = "SecureWebSocket", .tls = true, .websocket = true},
     .lines = joined({{"SA-TX-10", "pass", "its certificate names 127.0.0.1"},
                      {"SA-TX-12", "pass", "websocket.so keeps to RFC 7118"}},
                     alone)},
#endif
};

class CheckTest : public testing::TestWithParam<Row> {};

TEST_P(CheckTest, GivesTheVerdictsOfTheTable) {
  const auto& [variant, lines, options, exit] = GetParam();
  const Kamailio kamailio{variant};
  expect_verdicts({.arguments = arguments("check", kamailio, variant, options),
                   .server = "kamailio",
                   .exit = exit},
                  joined(lines, stock), kamailio.log());
}

INSTANTIATE_TEST_SUITE_P(Kamailio, CheckTest, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.variant.name}; });

}  // namespace
}  // namespace sipauth::interop
