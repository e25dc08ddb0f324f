// Rules about what only the messages of a trace together show, or a challenge held against what is
// wise: which challenge a request answers, and whether an answer is the answer to its request.
#pragma once

#include <array>
#include <string_view>

#include "sipauth/rule.hpp"
#include "sipauth/rule_examples.hpp"

namespace sipauth {

namespace examples {

/// A REGISTER with these rows; the number is that of its CSeq and its branch.
template <Literal number, Literal rows>
inline constexpr auto register_numbered =
    literal<"REGISTER sip:r.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK-", number,
            "\r\nMax-Forwards: 70\r\nFrom: <sip:u@r.example>;tag=1\r\nTo: <sip:u@r.example>\r\n"
            "Call-ID: 1\r\nCSeq: ",
            number, " REGISTER\r\n", rows, "Content-Length: 0\r\n\r\n">;

/// The 401 to it, which came to this host, with this tag in its From and this challenge.
template <Literal number, Literal challenge, Literal host = "h", Literal from_tag = "1",
          Literal call_id = "1", Literal cseq = number>
inline constexpr auto unauthorized_numbered =
    literal<"SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP ", host, ";branch=z9hG4bK-", number,
            "\r\nFrom: <sip:u@r.example>;tag=", from_tag,
            "\r\nTo: <sip:u@r.example>;tag=2\r\nCall-ID: ", call_id, "\r\nCSeq: ", cseq,
            " REGISTER\r\nWWW-Authenticate: Digest ", challenge, "\r\nContent-Length: 0\r\n\r\n">;

/// Of 128 bits and with SHA, so that an example breaks no rule about those.
template <Literal realm, Literal more>
inline constexpr auto challenge =
    literal<"realm=\"", realm, "\", nonce=\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\", algorithm=SHA-256",
            more>;

inline constexpr auto good_challenge = challenge<"r.example", ", qop=\"auth\"">;

/// What answers it.
template <Literal more>
inline constexpr auto answer = literal<
    "Authorization: Digest username=\"u\", realm=\"r.example\", "
    "nonce=\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\", uri=\"sip:r.example\", "
    "algorithm=SHA-256, response=\"0123456789abcdef0123456789abcdef0123456789abcdef"
    "0123456789abcdef\"",
    more, "\r\n">;

inline constexpr auto good_answer = answer<", qop=auth, cnonce=\"c\", nc=00000001">;

template <Literal... messages>
inline constexpr std::string_view exchange{joined<messages...>};

inline constexpr std::string_view good_exchange =
    exchange<register_numbered<"1", "">, unauthorized_numbered<"1", good_challenge>,
             register_numbered<"2", good_answer>>;

}  // namespace examples

inline constexpr auto exchange_rules = std::to_array<Rule>({
    {.name = "SL-stale-at-first",
     .severity = Severity::warning,
     .reference = "RFC 7616 3.3",
     .sentence = "stale=true answers a request without credentials, so there was no nonce that "
                 "could be stale: a phone believes that its password was right.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<
             "1", examples::challenge<"r.example", ", qop=\"auth\", stale=true">>>,
     .right = examples::exchange<examples::register_numbered<"1", "">,
                                 examples::unauthorized_numbered<"1", examples::good_challenge>>},
    {.name = "SL-realm-changes",
     .severity = Severity::error,
     .reference = "RFC 3261 22.1",
     .sentence = "The registrar named another realm before: what a phone hashed for that one is "
                 "worth nothing here.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<"1", examples::good_challenge>,
         examples::register_numbered<"2", "">,
         examples::unauthorized_numbered<"2", examples::challenge<"s.example", ", qop=\"auth\"">>>,
     .right = examples::good_exchange},
    {.name = "SL-default-realm",
     .severity = Severity::note,
     .reference = "RFC 3261 22.1",
     .sentence = "Many servers have this realm by default; one that is a domain of its own tells "
                 "them apart.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::unauthorized_numbered<"1", examples::challenge<"asterisk", ", qop=\"auth\"">>>,
     .right = examples::good_exchange},
    {.name = "SL-short-nonce",
     .severity = Severity::warning,
     .reference = "RFC 7616 5.12",
     .sentence = "The nonce has room for less than 64 bits: too few to be sure that none comes "
                 "again.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<examples::unauthorized_numbered<
         "1", "realm=\"r.example\", nonce=\"0f1e2d3c\", algorithm=SHA-256, qop=\"auth\"">>,
     .right = examples::good_exchange},
    {.name = "SL-guessable-nonce",
     .severity = Severity::warning,
     .reference = "RFC 7616 5.12",
     .sentence = "The nonce has room for less than 32 bits: it can be guessed, and comes again.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<examples::unauthorized_numbered<
         "1", "realm=\"r.example\", nonce=\"1234567\", algorithm=SHA-256, qop=\"auth\"">>,
     .right = examples::good_exchange},
    {.name = "SL-md5-only",
     .severity = Severity::note,
     .reference = "RFC 8760 3",
     .sentence = "MD5 alone is offered, which is not recommended any more.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<examples::unauthorized_numbered<
         "1", "realm=\"r.example\", nonce=\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\", qop=\"auth\"">>,
     .right = examples::good_exchange},
    {.name = "SL-qop-not-offered",
     .severity = Severity::error,
     .reference = "RFC 2617 3.2.2",
     .sentence = "The challenge with this nonce did not offer this qop: the server computes "
                 "another digest, or answers 400.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<"1", examples::good_challenge>,
         examples::register_numbered<
             "2", examples::answer<", qop=auth-int, cnonce=\"c\", nc=00000001">>>,
     .right = examples::good_exchange},
    {.name = "SL-qop-left-out",
     .severity = Severity::warning,
     .reference = "RFC 3261 22.4",
     .sentence = "The challenge with this nonce offered a qop, and the answer has none.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<
             "1",
             "realm=\"r.example\", nonce=\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\", "
             "qop=\"auth\", "
             "algorithm=AKAv1-MD5">,
         examples::register_numbered<
             "2",
             "Authorization: Digest username=\"u\", realm=\"r.example\", uri=\"sip:r.example\", "
             "nonce=\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\", algorithm=AKAv1-MD5, "
             "response=\"0123456789abcdef0123456789abcdef\"\r\n">>,
     .right = examples::good_exchange},
    {.name = "SL-response-via",
     .severity = Severity::error,
     .reference = "RFC 3261 8.2.6.2",
     .sentence = "The request said another host or port in its Via: the answer is dropped, or "
                 "never arrives.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<"1", examples::good_challenge, "other.example">>,
     .right = examples::good_exchange},
    {.name = "SL-response-from",
     .severity = Severity::error,
     .reference = "RFC 3261 8.2.6.2",
     .sentence = "The request had another tag in its From: the client knows no such request.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<"1", examples::good_challenge, "h", "3">>,
     .right = examples::good_exchange},
    {.name = "SL-response-call-id",
     .severity = Severity::error,
     .reference = "RFC 3261 8.2.6.2",
     .sentence = "The request had another Call-ID: the client knows no such request.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<"1", examples::good_challenge, "h", "1", "2">>,
     .right = examples::good_exchange},
    {.name = "SL-response-cseq",
     .severity = Severity::error,
     .reference = "RFC 3261 8.2.6.2",
     .sentence = "The request had another CSeq: the client takes the answer for a late one of "
                 "another request.",
     .example_of = ExampleOf::exchange,
     .wrong = examples::exchange<
         examples::register_numbered<"1", "">,
         examples::unauthorized_numbered<"1", examples::good_challenge, "h", "1", "1", "7">>,
     .right = examples::good_exchange},
});

}  // namespace sipauth
