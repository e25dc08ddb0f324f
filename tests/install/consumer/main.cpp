// A project that knows sipauth only as installed: answers the challenge of RFC 2617 3.5.

#include <cstdio>
#include <string_view>

#include "sipauth/challenge.hpp"
#include "sipauth/digest.hpp"

int main() {
  constexpr std::string_view text =
      R"(Digest realm="testrealm@host.com", qop="auth,auth-int", )"
      R"(nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41")";
  sipauth::Diagnostics diagnostics;
  const auto challenge = sipauth::Challenge::parse(text, diagnostics);
  if (!challenge || !challenge->realm() || !challenge->nonce()) {
    std::puts("the challenge was not understood");
    return 1;
  }

  const auto digest = sipauth::compute_digest({.qop = sipauth::Qop::auth,
                                               .username = "Mufasa",
                                               .realm = *challenge->realm(),
                                               .password = "Circle Of Life",
                                               .method = "GET",
                                               .uri = "/dir/index.html",
                                               .nonce = *challenge->nonce(),
                                               .nc = "00000001",
                                               .cnonce = "0a4f113b"});
  if (!digest || digest->response.view() != "6629fae49393a05397450978507c4ef1") {
    std::puts("the digest is not the one of RFC 2617 3.5");
    return 1;
  }
  return 0;
}
