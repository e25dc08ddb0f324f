// The lint rules about what only a whole message shows: headers that are missing or cannot be read,
// and challenges that do not go together.
#pragma once

#include <array>
#include <string_view>

#include "sipauth/rule.hpp"
#include "sipauth/rule_examples.hpp"

namespace sipauth {

namespace examples {

/// A request without the rows that the example is about.
template <Literal rows>
inline constexpr std::string_view request{
    joined<"REGISTER sip:example.com SIP/2.0\r\n", rows, "Content-Length: 0\r\n\r\n">};

template <Literal rows>
inline constexpr std::string_view unauthorized =
    message<"SIP/2.0 401 Unauthorized\r\n", "SIP/2.0/UDP example.com;branch=z9hG4bK1",
            "<sip:alice@example.com>;tag=1", "1 REGISTER", rows>;

template <Literal rows>
inline constexpr std::string_view proxy_unauthorized =
    message<"SIP/2.0 407 Proxy Authentication Required\r\n",
            "SIP/2.0/UDP example.com;branch=z9hG4bK1", "<sip:alice@example.com>;tag=1", "1 OPTIONS",
            rows>;

/// One more than limits::challenges.
inline constexpr std::string_view thirteen_challenges = unauthorized<
    literal<repeated<"WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\"\r\n", 13>,
            "Content-Length: 0\r\n\r\n">>;

}  // namespace examples

inline constexpr auto lint_rules = std::to_array<Rule>({
    // Headers that must be there.
    {.name = "SL-missing-via",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.7",
     .sentence = "There is no Via: nobody knows where an answer goes.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Max-Forwards: 70\r\nFrom: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\n"
                                "Call-ID: 1\r\nCSeq: 1 REGISTER\r\n">,
     .right = examples::request<"Max-Forwards: 70\r\nFrom: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\n"
                                "Call-ID: 1\r\nCSeq: 1 REGISTER\r\n"
                                "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n">},
    {.name = "SL-missing-from",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.3",
     .sentence = "There is no From.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "To: <sip:u@r>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n">,
     .right = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "To: <sip:u@r>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
                                "From: <sip:u@r>;tag=1\r\n">},
    {.name = "SL-missing-to",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.2",
     .sentence = "There is no To.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n">,
     .right = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
                                "To: <sip:u@r>\r\n">},
    {.name = "SL-missing-call-id",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.4",
     .sentence = "There is no Call-ID.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCSeq: 1 REGISTER\r\n">,
     .right = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCSeq: 1 REGISTER\r\n"
                                "Call-ID: 1\r\n">},
    {.name = "SL-missing-cseq",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.5",
     .sentence = "There is no CSeq.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCall-ID: 1\r\n">,
     .right = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCall-ID: 1\r\n"
                                "CSeq: 1 REGISTER\r\n">},
    {.name = "SL-missing-max-forwards",
     .severity = Severity::warning,
     .reference = "RFC 3261 8.1.1.6",
     .sentence = "The request has no Max-Forwards; only software older than RFC 3261 sends none.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:u@r>;tag=1\r\n"
                                "To: <sip:u@r>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n">,
     .right = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:u@r>;tag=1\r\n"
                                "To: <sip:u@r>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
                                "Max-Forwards: 70\r\n">},
    {.name = "SL-missing-from-tag",
     .severity = Severity::warning,
     .reference = "RFC 3261 8.1.1.3",
     .sentence = "The From has no tag; only software older than RFC 3261 sends none.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-missing-to-tag",
     .severity = Severity::warning,
     .reference = "RFC 3261 8.2.6.2",
     .sentence = "A final response needs a tag in its To.",
     .example_of = ExampleOf::message,
     .wrong = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:u@r>;tag=1\r\n"
              "To: <sip:u@r>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     .right = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:u@r>;tag=1\r\n"
              "To: <sip:u@r>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n"},
    {.name = "SL-401-without-challenge",
     .severity = Severity::error,
     .reference = "RFC 3261 22.2",
     .sentence = "A 401 without WWW-Authenticate: the client has no nonce and gives up, or loops.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<"Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-407-without-challenge",
     .severity = Severity::error,
     .reference = "RFC 3261 22.3",
     .sentence =
         "A 407 without Proxy-Authenticate: the client has no nonce and gives up, or loops.",
     .example_of = ExampleOf::message,
     .wrong = examples::proxy_unauthorized<"Content-Length: 0\r\n\r\n">,
     .right = examples::proxy_unauthorized<
         "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    // Headers that must be there once, and fit.
    {.name = "SL-repeated-header",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "This header may stand once only; peers differ in which one they believe.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"t: <sip:eve@example.com>;tag=3\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-cseq-method",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.5",
     .sentence = "The method of the CSeq is not that of the request.",
     .example_of = ExampleOf::message,
     .wrong = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCall-ID: 1\r\n"
                                "CSeq: 1 INVITE\r\n">,
     .right = examples::request<"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                                "From: <sip:u@r>;tag=1\r\nTo: <sip:u@r>\r\nCall-ID: 1\r\n"
                                "CSeq: 1 REGISTER\r\n">},
    {.name = "SL-one-value-only",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "This header has one value; what follows the comma is ignored.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=1, <sip:bob@example.com>">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    // Values that cannot be read at all.
    {.name = "SL-unreadable-value",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "Nothing stands here that could be read.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Authorization:\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-not-a-uri",
     .severity = Severity::error,
     .reference = "RFC 3261 19.1",
     .sentence = "A URI with its scheme must stand here.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS / SIP/2.0\r\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-not-an-address",
     .severity = Severity::error,
     .reference = "RFC 3261 20.10",
     .sentence = "An address such as <sip:alice@example.com> must stand here.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Contact: \"Alice\"\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Contact: \"Alice\" <sip:alice@example.com>\r\n"
                             "Content-Length: 0\r\n\r\n">},
    {.name = "SL-not-a-via",
     .severity = Severity::error,
     .reference = "RFC 3261 20.42",
     .sentence = "A Via such as SIP/2.0/UDP host;branch=z9hG4bK1 must stand here.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"example.com">,
     .right = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK1">},
    {.name = "SL-not-a-cseq",
     .severity = Severity::error,
     .reference = "RFC 3261 20.16",
     .sentence = "A CSeq is a number, a blank and a method.",
     .example_of = ExampleOf::message,
     .wrong = examples::cseq<"OPTIONS 1">,
     .right = examples::cseq<"1 OPTIONS">},
    {.name = "SL-not-a-number",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "A decimal number in the range of this header must stand here.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Expires: -1\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Expires: 1\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-not-a-scheme",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "An authentication scheme such as Digest must stand here.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<"WWW-Authenticate: realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
                                     "Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-too-many-parameters",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "No peer sends so many parameters; from here on nothing is read.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Authorization: X a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1,l=1,m=1,"
                             "n=1,o=1,p=1,q=1,r=1,s=1,t=1,u=1,v=1,w=1,x=1,y=1\r\n"
                             "Content-Length: 0\r\n\r\n">,
     .right = examples::rows<"Authorization: X a=1,b=1\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-too-many-challenges",
     .severity = Severity::error,
     .reference = "RFC 8760 2.3",
     .sentence = "No server sends so many challenges; from here on none is read.",
     .example_of = ExampleOf::message,
     .wrong = examples::thirteen_challenges,
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-status-code",
     .severity = Severity::error,
     .reference = "RFC 3261 7.2",
     .sentence = "A status code is three digits, from 100 to 699; without one nobody can tell what "
                 "the response says.",
     .example_of = ExampleOf::message,
     .wrong = "SIP/2.0 4294967496 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\r\n",
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-request-uri-headers",
     .severity = Severity::error,
     .reference = "RFC 3261 19.1.1",
     .sentence = "A Request-URI has no headers; peers answer 400 or leave them out.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS sip:bob@example.com?Subject=a SIP/2.0\r\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    // Challenges that do not go together.
    {.name = "SL-same-challenge-twice",
     .severity = Severity::warning,
     .reference = "RFC 8760 2.3",
     .sentence =
         "Two challenges have the same realm and algorithm: legal only where a forking proxy "
         "merged the answers of two servers.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\", "
         "algorithm=MD5\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-md5-first",
     .severity = Severity::warning,
     .reference = "RFC 8760 2.4",
     .sentence = "MD5 stands above SHA: a client that takes the topmost challenge uses MD5.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
         "algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n">,
     .right =
         examples::unauthorized<"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
                                "algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-sha-first",
     .severity = Severity::note,
     .reference = "RFC 8760 2.4",
     .sentence =
         "SHA stands above MD5, as it should; phones that read the first challenge only and "
         "know MD5 alone cannot register.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
         "algorithm=SHA-256\r\n"
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
    {.name = "SL-several-realms",
     .severity = Severity::note,
     .reference = "RFC 3261 22.3",
     .sentence = "Challenges of several realms: a client answers those it has a password for.",
     .example_of = ExampleOf::message,
     .wrong = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "WWW-Authenticate: Digest realm=\"s\", nonce=\"m\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">,
     .right = examples::unauthorized<
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
         "Content-Length: 0\r\n\r\n">},
});

}  // namespace sipauth
