// What the examples of lint rules are put together from, while compiling.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>

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

// Nothing here is a range: each array that a view is made of costs a file as much as a header, and
// nearly all files include the rules.

template <Literal... parts>
inline constexpr auto literal = []() consteval {
  char text[(parts.view().size() + ... + 1)]{};
  std::size_t end = 0;
  for (const std::string_view part : {parts.view()...}) {
    for (const char byte : part) text[end++] = byte;
  }
  return Literal{text};
}();

template <Literal part, std::size_t count>
inline constexpr auto repeated = []() consteval {
  char text[count * part.view().size() + 1]{};
  std::size_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (const char byte : part.view()) text[end++] = byte;
  }
  return Literal{text};
}();

template <Literal... parts>
inline constexpr std::string_view joined = literal<parts...>.view();

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

}  // namespace sipauth
