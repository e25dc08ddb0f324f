// The lint rules of messages, their URIs, addresses, Vias and CSeqs: the second half of `rules`.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "sipauth/rule.hpp"

namespace sipauth {

/// Examples are whole messages, and differ from one that is right in what they show.
namespace examples {

template <std::size_t size>
struct Literal {
  char text[size]{};

  consteval Literal(const char (&literal)[size]) {
    for (std::size_t i = 0; i < size; ++i) text[i] = literal[i];
  }

  [[nodiscard]] constexpr std::string_view view() const { return {text, size - 1}; }
};

template <Literal... parts>
struct Joined {
  char text[(parts.view().size() + ...)];

  consteval Joined() {
    std::size_t end = 0;
    for (const std::string_view part : {parts.view()...}) {
      for (const char byte : part) text[end++] = byte;
    }
  }
};

template <Literal... parts>
inline constexpr Joined<parts...> joined_bytes;

// Of a pointer and a size: each array that a view is made of as a range costs as much as a header.
template <Literal... parts>
inline constexpr std::string_view joined{static_cast<const char*>(joined_bytes<parts...>.text),
                                         sizeof joined_bytes<parts...>.text};

template <Literal start, Literal via, Literal from, Literal cseq, Literal more>
inline constexpr std::string_view message{
    joined<start, "Via: ", via, "\r\nFrom: ", from,
           "\r\nTo: <sip:bob@example.com>;tag=2\r\nCall-ID: 1@example.com\r\nCSeq: ", cseq, "\r\n",
           more>};

template <Literal start>
inline constexpr std::string_view start_line =
    message<start, "SIP/2.0/UDP example.com;branch=z9hG4bK1", "<sip:alice@example.com>;tag=1",
            "1 OPTIONS", "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n">;

template <Literal value>
inline constexpr std::string_view via =
    message<"SIP/2.0 200 OK\r\n", value, "<sip:alice@example.com>;tag=1", "1 OPTIONS",
            "Content-Length: 0\r\n\r\n">;

template <Literal value>
inline constexpr std::string_view from =
    message<"SIP/2.0 200 OK\r\n", "SIP/2.0/UDP example.com;branch=z9hG4bK1", value, "1 OPTIONS",
            "Content-Length: 0\r\n\r\n">;

template <Literal value>
inline constexpr std::string_view cseq =
    message<"SIP/2.0 200 OK\r\n", "SIP/2.0/UDP example.com;branch=z9hG4bK1",
            "<sip:alice@example.com>;tag=1", value, "Content-Length: 0\r\n\r\n">;

template <Literal rows_and_body>
inline constexpr std::string_view rows =
    message<"SIP/2.0 200 OK\r\n", "SIP/2.0/UDP example.com;branch=z9hG4bK1",
            "<sip:alice@example.com>;tag=1", "1 OPTIONS", rows_and_body>;

}  // namespace examples

inline constexpr auto message_rules = std::to_array<Rule>({
    {.name = "SL-leading-blank-line",
     .severity = Severity::note,
     .reference = "RFC 3261 7.5",
     .sentence = "Blank lines stand in front of the message; they are skipped.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"\r\nOPTIONS sip:bob@example.com SIP/2.0\r\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-start-line",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "The parts of the start line are separated by exactly one space each, and nothing "
                 "else stands around them.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS  sip:bob@example.com SIP/2.0\r\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-version",
     .severity = Severity::error,
     .reference = "RFC 3261 7.1",
     .sentence = "This is not SIP/2.0, the only version there is; peers answer 505.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS sip:bob@example.com SIP/7.0\r\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-version-case",
     .severity = Severity::warning,
     .reference = "RFC 3261 7.1",
     .sentence = "SIP must be sent in upper case here.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS sip:bob@example.com sip/2.0\r\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-bare-line-feed",
     .severity = Severity::warning,
     .reference = "RFC 3261 7",
     .sentence = "Lines end in CR LF; this one, and perhaps more of them, in LF alone. Some peers "
                 "see no message.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\n">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-nothing-to-continue",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "A row that begins with a blank continues the one before it, and there is none.",
     .example_of = ExampleOf::message,
     .wrong = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n ">,
     .right = examples::start_line<"OPTIONS sip:bob@example.com SIP/2.0\r\n">},
    {.name = "SL-no-colon",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "This row has no colon, so it is no header; it is skipped.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Supported path\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Supported: path\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-header-name",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "This name is empty or has a character that no header name has.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"X(1): a\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"X-1: a\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-space-before-colon",
     .severity = Severity::note,
     .reference = "RFC 3261 7.3.1",
     .sentence = "A blank in front of the colon is legal, but some peers do not know the header by "
                 "its name then.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Subject : a\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Subject: a\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-control-byte",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "A control byte may stand only in a quoted string, behind a backslash; peers "
                 "differ in where they see this text end.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Subject: a\001b\r\nContent-Length: 0\r\n\r\n">,
     .right = examples::rows<"Subject: ab\r\nContent-Length: 0\r\n\r\n">},
    {.name = "SL-no-end-of-headers",
     .severity = Severity::error,
     .reference = "RFC 3261 7",
     .sentence = "The blank line that ends the headers is missing, so peers take the message for "
                 "an incomplete one.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Length: 0\r\n">,
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-content-length-short",
     .severity = Severity::warning,
     .reference = "RFC 3261 18.3",
     .sentence = "More bytes follow than Content-Length says; what is beyond it is ignored.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nabc">,
     .right = examples::rows<"Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc">},
    {.name = "SL-content-length-long",
     .severity = Severity::error,
     .reference = "RFC 3261 18.3",
     .sentence = "Fewer bytes follow than Content-Length says; peers answer 400 or wait for more.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nabc">,
     .right = examples::rows<"Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc">},
    {.name = "SL-content-length-malformed",
     .severity = Severity::error,
     .reference = "RFC 3261 20.14",
     .sentence = "Content-Length is a decimal number, and below 2^32 for every peer.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Length: +0\r\n\r\n">,
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-content-length-duplicate",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "Content-Length was given before; peers that take another one see another body.",
     .example_of = ExampleOf::message,
     .wrong = examples::rows<"Content-Length: 0\r\nl: 0\r\n\r\n">,
     .right = examples::rows<"Content-Length: 0\r\n\r\n">},
    {.name = "SL-host-missing",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "A host must stand here.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"SIP/2.0/UDP ;branch=z9hG4bK1">,
     .right = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK1">},
    {.name = "SL-host-character",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "This is neither a host name nor an IPv4 address nor an IPv6 address in brackets.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@exam$ple.com>;tag=1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-host-underscore",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "Host names have no underscore; peers that check them refuse this one.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@my_pbx>;tag=1">,
     .right = examples::from<"<sip:alice@my-pbx>;tag=1">},
    {.name = "SL-host-bracket",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "The bracket of this IPv6 address is never closed.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@[2001:db8::1>;tag=1">,
     .right = examples::from<"<sip:alice@[2001:db8::1]>;tag=1">},
    {.name = "SL-port",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "A port is a decimal number up to 65535; an IPv6 address needs brackets.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com:65536>;tag=1">,
     .right = examples::from<"<sip:alice@example.com:5060>;tag=1">},
    {.name = "SL-uri-character",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "This must be escaped as %HH in this place of a URI.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice smith@example.com>;tag=1">,
     .right = examples::from<"<sip:alice%20smith@example.com>;tag=1">},
    {.name = "SL-uri-escape",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "Two hexadecimal digits must follow a percent sign.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice%4@example.com>;tag=1">,
     .right = examples::from<"<sip:alice%40@example.com>;tag=1">},
    {.name = "SL-uri-at-sign",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence =
         "A second @ must be escaped as %40; peers differ in where they see the host begin.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@home@example.com>;tag=1">,
     .right = examples::from<"<sip:alice%40home@example.com>;tag=1">},
    {.name = "SL-uri-user-missing",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "A user must stand in front of the @.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:@example.com>;tag=1">,
     .right = examples::from<"<sip:example.com>;tag=1">},
    {.name = "SL-uri-password",
     .severity = Severity::note,
     .reference = "RFC 3261 19.1.1",
     .sentence =
         "A password in a URI is readable to everybody on the way; its use is not recommended.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice:secret@example.com>;tag=1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-parameter-empty",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "A parameter must stand behind this semicolon.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=1;">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-parameter-name",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "The name of a parameter is empty or has a character that needs quotes.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=1;x(y)=1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1;x=1">},
    {.name = "SL-parameter-quote",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "This quote is never closed, so all that follows belongs to it.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=1;x=\"1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1;x=\"1\"">},
    {.name = "SL-parameter-value",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence =
         "The value of a parameter is empty or has a character that needs quotes around it.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=a@b">,
     .right = examples::from<"<sip:alice@example.com>;tag=ab">},
    {.name = "SL-parameter-repeated",
     .severity = Severity::error,
     .reference = "RFC 3261 7.3.1",
     .sentence = "This parameter was given before; some peers take the first, some the last.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com>;tag=1;tag=2">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-parameter-range",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "The value of this parameter is no number in the range that it has.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"SIP/2.0/UDP example.com;ttl=256;branch=z9hG4bK1">,
     .right = examples::via<"SIP/2.0/UDP example.com;ttl=255;branch=z9hG4bK1">},
    {.name = "SL-name-addr-quote",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "The quote of this display name is never closed.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"\"Alice <sip:alice@example.com>;tag=1">,
     .right = examples::from<"\"Alice\" <sip:alice@example.com>;tag=1">},
    {.name = "SL-name-addr-bracket",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "This bracket is never closed, so all that follows belongs to the URI.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com;tag=1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-name-addr-display",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "A display name with more than letters, digits and blanks must stand in quotes.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"Smith, Alice <sip:alice@example.com>;tag=1">,
     .right = examples::from<"\"Smith, Alice\" <sip:alice@example.com>;tag=1">},
    {.name = "SL-name-addr-blank",
     .severity = Severity::warning,
     .reference = "RFC 3261 25.1",
     .sentence = "No blank may stand next to the URI within its brackets.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"< sip:alice@example.com >;tag=1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-name-addr-text",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "Only parameters, each behind a semicolon, may follow an address.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"<sip:alice@example.com> tag=1">,
     .right = examples::from<"<sip:alice@example.com>;tag=1">},
    {.name = "SL-name-addr-brackets-needed",
     .severity = Severity::error,
     .reference = "RFC 3261 20.10",
     .sentence = "A URI with a question mark must stand in < >.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"sip:alice@example.com?subject=a;tag=1">,
     .right = examples::from<"<sip:alice@example.com?subject=a>;tag=1">},
    {.name = "SL-name-addr-parameter-outside",
     .severity = Severity::warning,
     .reference = "RFC 3261 20.10",
     .sentence = "Without < > round the URI this parameter belongs to the header, and says nothing "
                 "about the URI.",
     .example_of = ExampleOf::message,
     .wrong = examples::from<"sip:alice@example.com;transport=tcp;tag=1">,
     .right = examples::from<"<sip:alice@example.com;transport=tcp>;tag=1">},
    {.name = "SL-via-protocol",
     .severity = Severity::error,
     .reference = "RFC 3261 20.42",
     .sentence = "A Via begins with SIP/2.0.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"SIP/3.0/UDP example.com;branch=z9hG4bK1">,
     .right = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK1">},
    {.name = "SL-via-branch-missing",
     .severity = Severity::warning,
     .reference = "RFC 3261 8.1.1.7",
     .sentence = "The Via has no branch; only software older than RFC 3261 sends none.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"SIP/2.0/UDP example.com">,
     .right = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK1">},
    {.name = "SL-via-branch-cookie",
     .severity = Severity::warning,
     .reference = "RFC 3261 8.1.1.7",
     .sentence = "A branch begins with z9hG4bK; peers find the transaction by the rules of RFC "
                 "2543 otherwise.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"SIP/2.0/UDP example.com;branch=1">,
     .right = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK1">},
    {.name = "SL-via-branch-empty",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.7",
     .sentence = "Nothing stands behind z9hG4bK, so this branch is the same for every transaction.",
     .example_of = ExampleOf::message,
     .wrong = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK">,
     .right = examples::via<"SIP/2.0/UDP example.com;branch=z9hG4bK1">},
    {.name = "SL-cseq-range",
     .severity = Severity::error,
     .reference = "RFC 3261 8.1.1.5",
     .sentence = "The number of a CSeq must be below 2^31.",
     .example_of = ExampleOf::message,
     .wrong = examples::cseq<"2147483648 OPTIONS">,
     .right = examples::cseq<"2147483647 OPTIONS">},
    {.name = "SL-method",
     .severity = Severity::error,
     .reference = "RFC 3261 7.1",
     .sentence = "A method must stand here, of letters, digits and a few marks.",
     .example_of = ExampleOf::message,
     .wrong = examples::cseq<"1 OPT(IONS)">,
     .right = examples::cseq<"1 OPTIONS">},
    {.name = "SL-cseq-text",
     .severity = Severity::error,
     .reference = "RFC 3261 25.1",
     .sentence = "Nothing may follow the method of a CSeq.",
     .example_of = ExampleOf::message,
     .wrong = examples::cseq<"1 OPTIONS x">,
     .right = examples::cseq<"1 OPTIONS">},
});

}  // namespace sipauth
