// Rules about the other headers that a registration uses, and about what two of them say together.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "sipauth/lint_rules.hpp"
#include "sipauth/rule.hpp"

namespace sipauth {

namespace examples {

/// A REGISTER that is right, with these rows behind the others.
template <Literal rows>
inline constexpr std::string_view registering{
    joined<"REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
           "Max-Forwards: 70\r\nFrom: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCall-ID: 1\r\n"
           "CSeq: 1 REGISTER\r\n",
           rows, "Content-Length: 0\r\n\r\n">};

/// A 401 of more than 1300 bytes.
template <Literal row>
inline constexpr std::string_view long_unauthorized =
    unauthorized<literal<repeated<row, 1300 / row.view().size()>,
                         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
                         "Content-Length: 0\r\n\r\n">>;

}  // namespace examples

inline constexpr auto header_rules = std::to_array<Rule>({
    {.name = "SL-misplaced-header",
     .severity = Severity::warning,
     .reference = "RFC 3261 20",
     .sentence = "Answers carry challenges, and requests do not: peers pass over this header.",
     .example_of = ExampleOf::message,
     .wrong = examples::registering<"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", "
                                    "qop=\"auth\"\r\n">,
     .right = examples::registering<"">},
    {.name = "SL-call-id",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "A Call-ID is not empty and has no blank, no comma and one @ at most.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCall-ID: a b\r\n"
                                "CSeq: 1 REGISTER\r\n">,
     .right = examples::registering<"">},
    {.name = "SL-list-empty-element",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "A comma leads, trails or stands twice in this list.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Allow: INVITE, ACK,\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Allow: INVITE, ACK\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-list-word",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "The words of this list have no blanks in them; commas stand between them.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Supported: path outbound\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Supported: path, outbound\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-product",
     .severity = Severity::note,
     .reference = "RFC 3261 20.41",
     .sentence = "A product is written as name/version, and what else is said of it in brackets.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Server: My PBX (5.1\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Server: My PBX (5.1)\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-date",
     .severity = Severity::warning,
     .reference = "RFC 3261 20.17",
     .sentence = "A Date is written as Sat, 13 Nov 2010 23:29:00 GMT.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Date: 2010-11-13 23:29:00\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Date: Sat, 13 Nov 2010 23:29:00 GMT\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-content-type",
     .severity = Severity::error,
     .reference = "RFC 3261 20.15",
     .sentence = "A Content-Type is written as type/subtype.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Type: text\r\nContent-Length: 1\r\n\r\na">,
     .right = examples::rows<"Content-Type: text/plain\r\nContent-Length: 1\r\n\r\na">},
    {.name = "SL-route-brackets",
     .severity = Severity::error,
     .reference = "RFC 3261 20.34",
     .sentence = "The URI of a route must stand in < >.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Path: sip:edge.example.com\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Path: <sip:edge.example.com;lr>\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-value-alphabet",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "The value has a character of base64 that needs quotes; few peers mind it.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=a/b==">,
     .right = examples::from<"<sip:alice@example.com>;tag=ab">},
    // What two headers, or a header and the start line, say together.
    {.name = "SL-wildcard-contact",
     .severity = Severity::error,
     .reference = "RFC 3261 10.2.2",
     .sentence = "Contact: * removes all bindings, and needs Expires: 0 and no other Contact.",
     .example_of = ExampleOf::message,
     .wrong = examples::registering<"Contact: *\r\n">,
     .right = examples::registering<"Contact: *\r\nExpires: 0\r\n">},
    {.name = "SL-to-tag-in-register",
     .severity = Severity::warning,
     .reference = "RFC 3261 8.1.1.2",
     .sentence = "The To of a REGISTER has no tag; some registrars answer 481 to one.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>;tag=2\r\nCall-ID: 1\r\n"
                                "CSeq: 1 REGISTER\r\n">,
     .right = examples::registering<"">},
    {.name = "SL-register-uri-user",
     .severity = Severity::note,
     .reference = "RFC 3261 10.2",
     .sentence = "The Request-URI of a REGISTER names a domain, without a user.",
     .example_of = ExampleOf::message,
     .wrong = "REGISTER sip:u@r SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\n"
              "Call-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     .right = examples::registering<"">},
    {.name = "SL-digest-uri-differs",
     .severity = Severity::note,
     .reference = "RFC 3261 22.4",
     .sentence = "The uri is not the Request-URI: a proxy may have changed that one; a strict "
                 "server refuses the digest.",
     .example_of = ExampleOf::message,
     .wrong = examples::registering<
         "Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", "
         "response=\"0123456789abcdef0123456789abcdef\"\r\n">,
     .right = examples::registering<
         "Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:example.com\", "
         "response=\"0123456789abcdef0123456789abcdef\"\r\n">},
    {.name = "SL-407-to-register",
     .severity = Severity::warning,
     .reference = "RFC 3261 22.2",
     .sentence = "A registrar challenges with 401: some phones answer a 407 to a REGISTER in the "
                 "wrong header, or not at all.",
     .example_of = ExampleOf::message,
     .wrong = examples::message<"SIP/2.0 407 Proxy Authentication Required\r\n",
                                "SIP/2.0/UDP example.com;branch=z9hG4bK1",
                                "<sip:alice@example.com>;tag=1", "1 REGISTER",
                                "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", "
                                "qop=\"auth\"\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-423-without-min-expires",
     .severity = Severity::error,
     .reference = "RFC 3261 21.4.17",
     .sentence = "A 423 without Min-Expires: the client cannot know what to ask for.",
     .example_of = ExampleOf::message,
     .wrong = examples::message<
         "SIP/2.0 423 Interval Too Brief\r\n", "SIP/2.0/UDP example.com;branch=z9hG4bK1",
         "<sip:alice@example.com>;tag=1", "1 REGISTER", "Content-Length: 0\r\n\r\n">,
     .right = examples::message<"SIP/2.0 423 Interval Too Brief\r\n",
                                "SIP/2.0/UDP example.com;branch=z9hG4bK1",
                                "<sip:alice@example.com>;tag=1", "1 REGISTER",
                                "Min-Expires: 60\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-420-without-unsupported",
     .severity = Severity::error,
     .reference = "RFC 3261 8.2.2.3",
     .sentence = "A 420 without Unsupported: the client cannot know which extension to leave out.",
     .example_of = ExampleOf::message,
     .wrong = examples::message<
         "SIP/2.0 420 Bad Extension\r\n", "SIP/2.0/UDP example.com;branch=z9hG4bK1",
         "<sip:alice@example.com>;tag=1", "1 REGISTER", "Content-Length: 0\r\n\r\n">,
     .right = examples::message<"SIP/2.0 420 Bad Extension\r\n",
                                "SIP/2.0/UDP example.com;branch=z9hG4bK1",
                                "<sip:alice@example.com>;tag=1", "1 REGISTER",
                                "Unsupported: gruu\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-folded-challenge",
     .severity = Severity::warning,
     .reference = "RFC 3261 7.3.1",
     .sentence =
         "The challenge goes on in another line: legal, and some phones read the first line "
         "only.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\",\r\n nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-blank-behind-challenge",
     .severity = Severity::note,
     .reference = "RFC 3261 7.3.1",
     .sentence = "A blank stands behind the challenge: legal, and of no use.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\" \r\n"
         "Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-long-challenge",
     .severity = Severity::note,
     .reference = "RFC 3261 18.1.1",
     .sentence = "Over UDP a message of more than 1300 bytes may come in fragments, which many "
                 "firewalls drop.",
     .example_of = ExampleOf::message,
     .wrong = examples::long_unauthorized<"X: 1\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-both-challenges",
     .severity = Severity::note,
     .reference = "RFC 3261 22.3",
     .sentence = "Challenges of a proxy and of a server stand in one answer: legal where a proxy "
                 "merged two, and some phones answer one of them only.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Proxy-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-missing-content-type",
     .severity = Severity::warning,
     .reference = "RFC 3261 20.15",
     .sentence = "There is a body, and no Content-Type says what it is.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Length: 1\r\n\r\na">,
     .right = examples::rows<"Content-Type: text/plain\r\nContent-Length: 1\r\n\r\na">},
    {.name = "SL-missing-content-length",
     .severity = Severity::warning,
     .reference = "RFC 3261 20.14",
     .sentence = "Over a stream a message must say how long its body is.",
     .example_of = ExampleOf::message,
     .wrong = examples::message<"SIP/2.0 200 OK\r\n", "SIP/2.0/TCP example.com;branch=z9hG4bK1",
                                "<sip:alice@example.com>;tag=1", "1 OPTIONS", "\r\n">,
     .right = examples::message<"SIP/2.0 200 OK\r\n", "SIP/2.0/TCP example.com;branch=z9hG4bK1",
                                "<sip:alice@example.com>;tag=1", "1 OPTIONS",
                                "Content-Length: 0\r\n\r\n">},
});

}  // namespace sipauth
