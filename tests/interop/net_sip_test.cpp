// Net::SIP, whose Authorize keeps no nonce and looks at none: what must fail on a real registrar.

#include <gtest/gtest.h>

#include "interop/golden.hpp"
#include "interop/peer.hpp"

namespace sipauth::interop {
namespace {

const Lines lines{
    {"SA-CH-06", "warn", "Authorize::receive offers none and calls it RFC 2069 style"},
    {"SA-CH-16", "warn", "Packet::create_response copies To as it came"},
    {"SA-CH-17", "info", "MD5 is all that it knows"},
    {"SA-NONCE-02", "fail", "receive computes the digest with whatever nonce came"},
    {"SA-NONCE-03", "fail", "as SA-NONCE-02"},
    {"SA-NONCE-04", "fail", "as SA-NONCE-02"},
    {"SA-NONCE-05", "fail", "as SA-NONCE-02"},
    {"SA-NONCE-06", "warn", "as SA-NONCE-02"},
    {"SA-NONCE-07", "fail", "as SA-NONCE-02"},
    {"SA-AUTH-25", "skip", "no qop is offered"},
    {"SA-AUTH-26", "skip", "no qop is offered"},
    {"SA-AUTH-27", "info", "which of two parameters counts, and whether a backslash is read"},
    {"SA-AUTH-28", "warn", "username* is a parameter like any other that it does not know"},
    {"SA-ENUM-03", "skip", "is taken (SA-NONCE-02)"},
    {"SA-NONCE-11", "skip", "Nothing listens on tcp"},
    {"SA-TX-02", "info", "it keeps no transaction for a challenge"},
    {"SA-TX-07", "skip", "no other way"},
    {"SA-TX-08", "skip", "Nothing listens on tcp"},
    {"SA-TX-11", "skip", "no answer has a tag in its To"},
    {"SA-STALE-01", "skip", "left out by --no-wait"},
    {"SA-STALE-02", "skip", "no refusal brought a challenge"},
    {"SA-STALE-03", "skip", "left out by --no-wait"},
    {"SA-STALE-05", "skip", "no nonce was called stale"},
    {"SA-STALE-06", "skip", "brought no challenge"},
    {"SA-STALE-07", "skip", "nonces are not checked"},
    {"SA-STALE-08", "skip", "brought no challenge"},
    {"SA-STALE-09", "skip", "no nonce was called stale"},
    {"SA-STALE-10", "skip", "nonces may be used again"},
    {"SA-STALE-12", "skip", "was not called stale"},
    {"SA-NC-*", "skip", "no qop is offered"},
};

TEST(NetSip, TakesEveryNonce) {
  const Peer peer{{SIPAUTH_PERL, SIPAUTH_NET_SIP}};
  expect_verdicts({.arguments = peer.check({"--no-wait"}), .server = "", .exit = 1}, lines,
                  peer.log());
}

}  // namespace
}  // namespace sipauth::interop
