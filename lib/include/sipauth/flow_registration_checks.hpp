// Passive checks of what happens to a registration: deadlocks, loops, stale nonces, transactions.
#pragma once

#include <array>

#include "sipauth/flow_check.hpp"

namespace sipauth {

inline constexpr auto flow_registration_checks = std::to_array<FlowCheck>({
    {.id = "SP-DEAD-01",
     .title = "Registration deadlock",
     .right =
         "A nonce that is refused is answered with a new challenge (401, stale=true where only "
         "the nonce was too old); a phone that is refused starts again without credentials.",
     .failing = "Three requests or more with the same nonce, less than three minutes apart: each "
                "answered 403, 404, 400, 5xx or nothing, and no challenge in between; or each "
                "answered with a challenge whose new nonce the phone passes over.",
     .harm = "The phone repeats a dead nonce, mostly because the server never challenges again, "
             "and nobody can call it until one of them is restarted (the class of "
             "ASTERISK-04240).",
     .references = {"RFC 3261 22.1", "RFC 3261 21.4.4", "RFC 7616 3.3"},
     .fault = "either",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 403\n"
                  "9.0 > REGISTER cseq=3\n9.1 < 401 nonce=n2\n"
                  "9.2 > REGISTER cseq=4 nonce=n2 nc=1\n9.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 403\n"
                 "5.2 > REGISTER cseq=3 nonce=n1 nc=2\n5.3 < 403\n"
                 "10.2 > REGISTER cseq=4 nonce=n1 nc=3\n10.3 < 403\n"},
    {.id = "SP-DEAD-02",
     .title = "The nonce of a 403 is used again",
     .right = "After a 403 a phone sends no more credentials made from that nonce.",
     .failing = "A request with the nonce to which a 403 was the answer.",
     .harm = "The registrar refuses it again, and one that counts refusals bans the phone.",
     .references = {"RFC 3261 22.1", "RFC 3261 21.4.4"},
     .fault = "phone",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 403\n30.0 > REGISTER cseq=3\n"
                  "30.1 < 401 nonce=n2\n30.2 > REGISTER cseq=4 nonce=n2 nc=1\n30.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 403\n"
                 "30.0 > REGISTER cseq=3 nonce=n1 nc=2\n30.1 < 403\n"},
    {.id = "SP-LOOP-01",
     .title = "Challenges without end",
     .right = "A challenge that is answered is the last one, or the one after it, if a nonce was "
              "stale.",
     .failing = "Four challenges or more in a row in one Call-ID, each answered with its nonce.",
     .harm = "Phone and server exchange hundreds of requests a second, or the phone gives up.",
     .references = {"RFC 3261 22.1", "RFC 7616 3.3"},
     .fault = "either",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 401 nonce=n2 stale=true\n"
                  "0.4 > REGISTER cseq=3 nonce=n2 nc=1\n0.5 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 401 nonce=n2 stale=true\n"
                 "0.4 > REGISTER cseq=3 nonce=n2 nc=1\n0.5 < 401 nonce=n3 stale=true\n"
                 "0.6 > REGISTER cseq=4 nonce=n3 nc=1\n0.7 < 401 nonce=n4 stale=true\n"
                 "0.8 > REGISTER cseq=5 nonce=n4 nc=1\n0.9 < 401 nonce=n5 stale=true\n"},
    {.id = "SP-LOOP-02",
     .title = "Crossed challenges",
     .right = "A phone answers the latest challenge, and has one request under way at a time.",
     .failing = "Three times or more a challenge was answered after a later one had been sent.",
     .harm = "A registrar that knows its last nonce only refuses each answer; both go on for ever.",
     .references = {"RFC 3261 10.2", "RFC 3261 22.2"},
     .fault = "either",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 > REGISTER cseq=2\n"
                 "0.2 < 401 cseq=1 nonce=n1\n0.3 < 401 cseq=2 nonce=n2\n"
                 "0.4 > REGISTER cseq=3 nonce=n1 nc=1\n0.5 < 401 nonce=n3\n"
                 "0.6 > REGISTER cseq=4 nonce=n2 nc=1\n0.7 < 401 nonce=n4\n"
                 "0.8 > REGISTER cseq=5 nonce=n3 nc=1\n0.9 < 401 nonce=n5\n"},
    {.id = "SP-LOOP-03",
     .title = "Registers too fast",
     .right = "A phone that cannot register waits longer each time.",
     .failing =
         "More than ten REGISTER requests of one user within a minute, none of them accepted.",
     .harm = "The registrar is kept busy, and fail2ban locks the phone's address out.",
     .references = {"RFC 3261 10.2.7"},
     .fault = "phone",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 503\n30.0 > REGISTER cseq=2\n30.1 < 503\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 503\n2.0 > REGISTER cseq=2\n2.1 < 503\n"
                 "4.0 > REGISTER cseq=3\n4.1 < 503\n6.0 > REGISTER cseq=4\n6.1 < 503\n"
                 "8.0 > REGISTER cseq=5\n8.1 < 503\n10.0 > REGISTER cseq=6\n10.1 < 503\n"
                 "12.0 > REGISTER cseq=7\n12.1 < 503\n14.0 > REGISTER cseq=8\n14.1 < 503\n"
                 "16.0 > REGISTER cseq=9\n16.1 < 503\n18.0 > REGISTER cseq=10\n18.1 < 503\n"
                 "20.0 > REGISTER cseq=11\n20.1 < 503\n22.0 > REGISTER cseq=12\n22.1 < 503\n"},
    {.id = "SP-STALE-01",
     .title = "stale=true is missing",
     .right =
         "A nonce that was accepted before and is too old now is answered 401 with stale=true.",
     .failing = "A nonce was accepted, then refused without stale=true, and the same credentials "
                "were accepted with a new nonce.",
     .harm = "A phone that goes by the letter asks its user for the password, or stops.",
     .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
     .fault = "server",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                  "60.0 > REGISTER cseq=3 nonce=n1 nc=2\n60.1 < 401 nonce=n2 stale=true\n"
                  "60.2 > REGISTER cseq=4 nonce=n2 nc=1\n60.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                 "60.0 > REGISTER cseq=3 nonce=n1 nc=2\n60.1 < 401 nonce=n2\n"
                 "60.2 > REGISTER cseq=4 nonce=n2 nc=1\n60.3 < 200\n"},
    {.id = "SP-STALE-02",
     .title = "stale=true, and the credentials were wrong",
     .right = "stale=true says that all but the nonce was right, so the next answer is accepted.",
     .failing = "401 with stale=true, and the answer with the new nonce was refused without it.",
     .harm = "None for most phones: a wrong password shows one exchange later.",
     .references = {"RFC 2617 3.2.1"},
     .fault = "server",
     .worst = FlowVerdict::info,
     .passes_on = "0.0 > REGISTER cseq=1 nonce=n1 nc=9\n0.1 < 401 nonce=n2 stale=true\n"
                  "0.2 > REGISTER cseq=2 nonce=n2 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1 nonce=n1 nc=9\n0.1 < 401 nonce=n2 stale=true\n"
                 "0.2 > REGISTER cseq=2 nonce=n2 nc=1\n0.3 < 401 nonce=n3\n"},
    {.id = "SP-STALE-03",
     .title = "stale=true with the nonce that was refused",
     .right = "A challenge with stale=true brings a new nonce.",
     .failing = "401 with stale=true and the very nonce of the request.",
     .harm = "The phone computes the same answer again, and both go round for ever.",
     .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
     .fault = "server",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1 nonce=n1 nc=9\n0.1 < 401 nonce=n2 stale=true\n"
                  "0.2 > REGISTER cseq=2 nonce=n2 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1 nonce=n1 nc=9\n0.1 < 401 nonce=n1 stale=true\n"},
    {.id = "SP-STALE-04",
     .title = "stale=true to a request without credentials",
     .right = "stale is absent or false where there was no nonce that could be too old.",
     .failing = "401 with stale=true to a request without credentials.",
     .harm = "A phone believes that its password is right and never asks for another; it may loop.",
     .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
     .fault = "server",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1 stale=true\n"},
    {.id = "SP-TX-01",
     .title = "A retransmission is answered otherwise",
     .right = "The same request gets the same answer again, for 32 s over UDP.",
     .failing = "200 and then 401 or 403 to the same branch. Two 401 with different nonces to the "
                "same request without credentials are legal, and worth knowing.",
     .harm = "A phone whose 200 was lost takes the second answer for the truth, and stays off.",
     .references = {"RFC 3261 17.2.2", "RFC 3261 8.2.7"},
     .fault = "server",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1 nonce=n1 nc=1\n0.1 < 200\n"
                  "0.5 > REGISTER cseq=1 nonce=n1 nc=1 again\n0.6 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1 nonce=n1 nc=1\n0.1 < 200\n"
                 "0.5 > REGISTER cseq=1 nonce=n1 nc=1 again\n0.6 < 401 nonce=n2 stale=true\n"},
    {.id = "SP-TX-02",
     .title = "No answer to credentials",
     .right = "A request with credentials is answered.",
     .failing = "It was sent again and again until its transaction ended, after 32 s.",
     .harm = "The phone is not registered, and nothing tells it why.",
     .references = {"RFC 3261 17.1.2"},
     .fault = "server",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n"
                 "0.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "1.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "3.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "7.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "11.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "15.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "19.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "23.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "27.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"
                 "31.7 > REGISTER cseq=2 nonce=n1 nc=1 again\n"},
    {.id = "SP-TX-03",
     .title = "A branch is used twice",
     .right = "Each request has a Via branch of its own; only a retransmission repeats one.",
     .failing = "The answer to a challenge carries the branch of the request that was challenged.",
     .harm = "A server takes it for a retransmission and sends its old 401 again.",
     .references = {"RFC 3261 8.1.1.7", "RFC 3261 17.2.3"},
     .fault = "phone",
     .worst = FlowVerdict::fail,
     .passes_on = "0.0 > REGISTER cseq=1 branch=z9hG4bKa\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 branch=z9hG4bKb nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1 branch=z9hG4bKa\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 branch=z9hG4bKa nonce=n1 nc=1\n0.3 < 401 nonce=n1\n"},
    {.id = "SP-CSEQ-01",
     .title = "CSeq does not rise after a challenge",
     .right = "The request that answers a challenge has a higher CSeq than the one before.",
     .failing = "The same Call-ID, another branch, and a CSeq that is not higher.",
     .harm = "Registrars that look at it refuse the request or take it for a loop (482).",
     .references = {"RFC 3261 22.2", "RFC 3261 8.1.3.5"},
     .fault = "phone",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=1 nonce=n1 nc=1\n0.3 < 200\n"},
    {.id = "SP-CSEQ-02",
     .title = "Call-ID or From-tag changes with the credentials",
     .right = "The request that answers a challenge keeps Call-ID and From-tag.",
     .failing = "A nonce that was offered to one Call-ID and From-tag is answered under another.",
     .harm = "A registrar that keeps its nonces by Call-ID does not know this one.",
     .references = {"RFC 3261 8.1.3.5", "RFC 3261 10.2"},
     .fault = "phone",
     .worst = FlowVerdict::info,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1 call=c1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 call=c2 nonce=n1 nc=1\n0.3 < 200\n"},
    {.id = "SP-NAT-01",
     .title = "A nonce dies when the phone's address changes",
     .right = "A nonce is not bound to an address: requests of one phone may come by several ways.",
     .failing =
         "The same Call-ID and nonce from another address or port, answered with stale=true.",
     .harm = "Behind a NAT that changes ports each registration takes one exchange more.",
     .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
     .fault = "server",
     .worst = FlowVerdict::info,
     .passes_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                  "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                  "9.0 > REGISTER cseq=3 nonce=n1 nc=2 from=10.0.0.5:40000\n9.1 < 200\n",
     .fails_on = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
                 "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n"
                 "9.0 > REGISTER cseq=3 nonce=n1 nc=2 from=10.0.0.5:40000\n"
                 "9.1 < 401 nonce=n2 stale=true\n"},
    {.id = "SP-ENUM-01",
     .title = "User names can be found out",
     .right = "A request without credentials is challenged, whether its user exists or not.",
     .failing = "Some users of a domain are challenged, others get 404 or 403 at once.",
     .harm = "Whoever asks learns which users exist, and guesses their passwords only.",
     .references = {"RFC 3261 10.3"},
     .fault = "server",
     .worst = FlowVerdict::warn,
     .passes_on = "0.0 > REGISTER cseq=1 call=c1 aor=alice\n0.1 < 401 nonce=n1\n"
                  "1.0 > REGISTER cseq=1 call=c2 aor=bob\n1.1 < 401 nonce=n2\n",
     .fails_on = "0.0 > REGISTER cseq=1 call=c1 aor=alice\n0.1 < 401 nonce=n1\n"
                 "1.0 > REGISTER cseq=1 call=c2 aor=bob\n1.1 < 404\n"},
});

}  // namespace sipauth
