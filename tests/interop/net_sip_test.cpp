// Net::SIP, whose Authorize keeps no nonce and looks at none: what must fail on a real registrar.

#include <gtest/gtest.h>

#include "interop/golden.hpp"
#include "interop/peer.hpp"

namespace sipauth::interop {
namespace {

const Lines lines{};

TEST(NetSip, TakesEveryNonce) {
  const Peer peer{{SIPAUTH_PERL, SIPAUTH_NET_SIP}};
  expect_verdicts({.arguments = peer.check({"--no-wait"}), .server = "", .exit = 1}, lines,
                  peer.log());
}

}  // namespace
}  // namespace sipauth::interop
