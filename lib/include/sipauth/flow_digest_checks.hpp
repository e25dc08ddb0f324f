// Passive checks of challenges, credentials, nonces and digests.
#pragma once

#include <array>

#include "sipauth/flow_check.hpp"

namespace sipauth {

inline constexpr auto flow_digest_checks = std::to_array<FlowCheck>({
    {.id = "SP-CH-01",
     .title = "Challenges are well written",
     .right = "Every challenge follows the grammar.",
     .failing = "An error of the lint rules (fail) or a warning of theirs (warn) in a 401 or 407.",
     .harm = "Some phones see no challenge at all; others answer what was not meant.",
     .references = {"RFC 3261 25.1", "RFC 7616 3.3"},
     .fault = "server",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n",
     .fails_on = "0.0 > REGISTER cseq=1\n"
                 "0.1 < 401 header=Digest_realm=\"example.com\",_nonce=\"n1\"_stale=true\n"},
    {.id = "SP-CH-02",
     .title = "401 or 407 without a challenge",
     .right = "A 401 carries WWW-Authenticate, a 407 Proxy-Authenticate.",
     .failing = "Neither of them is there.",
     .harm = "A phone has no nonce to answer: it gives up, or asks again at once and floods.",
     .references = {"RFC 3261 22.2", "RFC 3261 22.3"},
     .fault = "server",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 bare\n"},
    {.id = "SP-CH-03",
     .title = "A challenge is ignored",
     .right = "A phone answers every challenge that it can answer.",
     .failing = "A phone that answers such challenges elsewhere meets one with silence, or asks "
                "again without credentials.",
     .harm = "It stays unregistered there, though its password is right.",
     .references = {"RFC 3261 22.2"},
     .fault = "phone",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                 "60.0 > REGISTER cseq=3\n60.1 < 401 nonce=n2 realm=other.example\n"
                 "65.0 > REGISTER cseq=4\n65.1 < 401 nonce=n3 realm=other.example\n"},
    {.id = "SP-NC-01",
     .title = "The nonce count is not counted",
     .right = "nc counts the requests with one nonce, in eight hexadecimal digits, from 00000001.",
     .failing = "Repeated, back to 1 with the same nonce, or the same nonce, nc and cnonce under "
                "another branch (fail); falling, decimal, or not 1 with a new nonce (warn).",
     .harm = "A registrar that looks at it takes the request for a replay and refuses it.",
     .references = {"RFC 7616 3.4", "RFC 2617 3.2.2"},
     .fault = "phone",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                  "9.0 > REGISTER cseq=3 nonce=n1 nc=2 cnonce=c2\n9.1 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1 cnonce=c1\n0.3 < 200\n"
                 "9.0 > REGISTER cseq=3 nonce=n1 nc=1 cnonce=c2\n9.1 < 401 nonce=n2\n"},
    {.id = "SP-DIG-01",
     .title = "Digests are right",
     .right = "The response is the digest of the user's password.",
     .failing = "It is not; where one usual mistake or two reproduce it, they are named.",
     .harm = "The registrar refuses the phone, and says no more than 401 or 403.",
     .references = {"RFC 7616 3.4", "RFC 2617 3.2.2", "RFC 8760 2.6"},
     .fault = "phone",
     .worst = FlowVerdict::fail,
     .needs_accounts = true,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1 hashed-method=INVITE\n0.3 < 403\n"},
    {.id = "SP-DIG-02",
     .title = "A right digest is refused",
     .right = "Right credentials made from the nonce just offered are accepted.",
     .failing =
         "403, or 401 without stale=true to the first use of a fresh nonce, though the digest "
         "is right.",
     .harm = "The phone is told that its password is wrong.",
     .references = {"RFC 3261 22.1", "RFC 7616 3.3"},
     .fault = "server",
     .worst = FlowVerdict::fail,
     .needs_accounts = true,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 403\n"},
    {.id = "SP-TIME-01",
     .title = "How long nonces live, and the server's clock",
     .right = "A nonce lives longer than the answer takes; the time within it is the server's.",
     .failing = "The time in a nonce is more than 5 s away from that of the capture.",
     .harm = "Where clocks differ, logs cannot be held against the capture.",
     .references = {"RFC 7616 3.3"},
     .fault = "server",
     .worst = FlowVerdict::info,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "1700000000.0 > REGISTER cseq=1\n"
                 "1700000000.1 < 401 nonce=1700000060/0123456789abcdef0123456789abcdef\n"},
    {.id = "SP-TIME-02",
     .title = "Nonces of all phones go stale together",
     .right = "Nonces grow old one by one.",
     .failing = "More than half of all users, and three at least, were answered stale=true within "
                "10 s.",
     .harm = "The registrar was restarted or changed its secret: all phones come at once.",
     .references = {"RFC 7616 3.3"},
     .fault = "server",
     .worst = FlowVerdict::info,
     .passes_on =
         "0.0 > REGISTER cseq=1 call=a aor=a\n0.1 < 401 nonce=n1\n"
         "1.0 > REGISTER cseq=1 call=b aor=b\n1.1 < 401 nonce=n2\n"
         "2.0 > REGISTER cseq=1 call=c aor=c nonce=n0 nc=9\n2.1 < 401 nonce=n3 stale=true\n",
     .fails_on =
         "0.0 > REGISTER cseq=1 call=a aor=a nonce=o1 nc=9\n0.1 < 401 nonce=n1 stale=true\n"
         "1.0 > REGISTER cseq=1 call=b aor=b nonce=o2 nc=9\n1.1 < 401 nonce=n2 stale=true\n"
         "2.0 > REGISTER cseq=1 call=c aor=c nonce=o3 nc=9\n2.1 < 401 nonce=n3 stale=true\n"},
    {.id = "SP-NONCE-01",
     .title = "One nonce is offered again",
     .right = "Every challenge has a nonce of its own.",
     .failing = "One nonce offered to several users more than 2 s apart (warn); to one user again "
                "after more than 2 s, or to several within them (info).",
     .harm = "What one phone answered can be replayed for as long as the nonce lives.",
     .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
     .fault = "server",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1 call=a aor=a\n0.1 < 401 nonce=n1\n"
                  "9.0 > REGISTER cseq=1 call=b aor=b\n9.1 < 401 nonce=n2\n",
     .fails_on = "0.0 > REGISTER cseq=1 call=a aor=a\n0.1 < 401 nonce=n1\n"
                 "9.0 > REGISTER cseq=1 call=b aor=b\n9.1 < 401 nonce=n1\n"},
    {.id = "SP-QOP-01",
     .title = "qop was offered and not used",
     .right = "A phone sends qop, nc and cnonce when the challenge offers qop.",
     .failing = "Credentials without qop for a challenge with it.",
     .harm = "Nothing guards against a replay; strict servers refuse it.",
     .references = {"RFC 3261 22.4", "RFC 8760 2.6"},
     .fault = "phone",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 qop=-\n0.3 < 200\n"},
    {.id = "SP-ALG-01",
     .title = "A weaker algorithm than offered",
     .right = "The topmost algorithm that the phone can compute; the server takes what it offered.",
     .failing =
         "An algorithm that no challenge offered, and 200 to it (fail); MD5 from a phone that "
         "answered SHA in this realm before (warn); MD5 though SHA was offered, or MD5 above "
         "SHA (info).",
     .harm = "An attacker between them who takes a row out, or reads the digest, guesses faster.",
     .references = {"RFC 8760 2.4", "RFC 8760 2.3"},
     .fault = "either",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1 algorithm=SHA-256,MD5\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1 algorithm=SHA-256\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1 algorithm=SHA-256\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1 algorithm=MD5\n0.3 < 200\n"},
    {.id = "SP-SEC-01",
     .title = "How the password is guarded",
     .right = "Digest with qop and SHA-256, or TLS; never Basic.",
     .failing =
         "Basic (fail: the password is readable in this capture); Digest without qop, or MD5 "
         "alone over UDP (info).",
     .harm = "Who reads the traffic has the password, or guesses it at leisure.",
     .references = {"RFC 3261 22", "RFC 8760 2.6"},
     .fault = "either",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1 algorithm=SHA-256\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1 algorithm=SHA-256\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 header=Basic_realm=\"example.com\"\n"},
    {.id = "SP-SEC-02",
     .title = "Credentials are handed to the other party of a call",
     .right = "A phone answers challenges of its own servers only.",
     .failing =
         "A 401 or 407 to a request within a call, from an address or for a realm that never "
         "challenged this phone outside of one, was answered with credentials.",
     .harm = "The other party has a digest of the password, and guesses at leisure.",
     .references = {"RFC 3261 22.1", "RFC 3261 26.1"},
     .fault = "phone",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > INVITE cseq=1\n0.1 < 407 nonce=n1\n"
                  "0.2 > INVITE cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                  "9.0 > BYE cseq=3 totag=z\n9.1 < 407 nonce=n2\n"
                  "9.2 > BYE cseq=4 totag=z nonce=n2 nc=1\n9.3 < 200\n",
     .fails_on = "0.0 > INVITE cseq=1\n0.3 < 200\n"
                 "9.0 > BYE cseq=2 totag=z\n9.1 < 407 nonce=n2\n"
                 "9.2 > BYE cseq=3 totag=z nonce=n2 nc=1\n9.3 < 200\n"},
});

}  // namespace sipauth
