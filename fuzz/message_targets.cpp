#include "fuzz/message_targets.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/address.hpp"
#include "sipauth/framer.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

void require_headers(const Message& message, std::string_view text) {
  const char* end = message.start_line().data() + message.start_line().size();
  for (const auto& header : message.headers()) {
    require(lies_in(header.name, text) && lies_in(header.value, text), "a header lies in the text");
    require(header.name.empty() || header.name.data() == text.data() + header.offset,
            "the offset of a header is that of its name");
    require(header.name.empty() || header.name.data() >= end, "headers stand below one another");
    if (!header.value.empty()) end = header.value.data() + header.value.size();
    require(header_id(header.name) == header.id, "a header has the id of its name");
    require(trim(header.value) == header.value, "a value has no blanks at its ends");
    require(header.id == HeaderId::other || message.find(header.id) <= &header,
            "the first of its kind is found");
  }
}

std::string unfolded(std::string_view text) {
  std::string line{trim(text)};
  std::ranges::replace_if(line, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return line;
}

// The same message, written as it should be, has the same headers.
void require_round_trip(const Message& message) {
  std::string text{message.start_line()};
  text += "\r\n";
  for (const auto& header : message.headers()) {
    text += unfolded(header.name) + ": " + unfolded(header.value) + "\r\n";
  }
  text += "\r\n";
  if (text.size() > limits::message_bytes) return;

  Diagnostics diagnostics;
  const auto again = Message::parse(text, diagnostics);
  require(again.has_value(), "what was written can be read");
  require(again->status() == message.status() && again->method() == message.method() &&
              again->request_uri() == message.request_uri(),
          "the start line is read again");
  require(again->headers().size() == message.headers().size(), "as many headers are read again");
  for (std::size_t i = 0; i < message.headers().size(); ++i) {
    const auto& read = again->headers()[i];
    require(read.name == unfolded(message.headers()[i].name), "names are read again");
    require(read.value == unfolded(message.headers()[i].value), "values are read again");
  }
  require(!diagnostics.has("SL-bare-line-feed") && !diagnostics.has("SL-no-colon"),
          "what was written is cleanly written");
}

// What came out of a stream that arrived in pieces.
struct Stream {
  std::vector<std::string> messages = {};
  std::optional<ParseError::Kind> error = std::nullopt;
  std::size_t left = 0;

  friend bool operator==(const Stream&, const Stream&) = default;
};

Stream read_stream(std::string_view input, std::size_t piece) {
  Stream stream;
  StreamFramer framer;
  std::string buffer;
  for (std::size_t at = 0; at < input.size(); at += piece) {
    buffer += input.substr(at, piece);
    while (true) {
      const auto frame = framer.next(buffer);
      if (!frame) {
        stream.error = frame.error().kind;
        return stream;
      }
      using enum StreamFramer::Frame::Kind;
      require(frame->consumed <= buffer.size(), "no more is consumed than there is");
      if (frame->kind == incomplete) {
        require(frame->consumed == 0, "an incomplete frame consumes nothing");
        break;
      }
      require(frame->consumed > 0, "a frame consumes something");
      if (frame->kind == message) {
        require(lies_in(frame->message, buffer), "a frame lies in the buffer");
        stream.messages.emplace_back(frame->message);
      }
      buffer.erase(0, frame->consumed);
    }
  }
  stream.left = buffer.size();
  return stream;
}

// Reads all values of a list, each of which must leave less.
template <typename Value>
void read_all(std::string_view input, auto require_parts) {
  std::string_view rest = input;
  do {
    Diagnostics diagnostics;
    const auto value = Value::parse(rest, diagnostics);
    require_within(diagnostics, rest);
    if (!value) {
      require_within(value.error(), rest);
      return;
    }
    require_parts(*value, rest);
    require(lies_in(value->rest, rest) && value->rest.size() < rest.size(), "less is left");
    rest = value->rest;
  } while (!rest.empty());
}

void require_uri(const Uri& uri, std::string_view text) {
  for (const auto part :
       {uri.scheme_name, uri.user, uri.password, uri.host, uri.parameters, uri.headers, uri.text}) {
    require(lies_in(part, text), "a part of a URI lies in the text");
  }
}

void require_same_uri(const Uri& uri, const Uri& again) {
  require(again.scheme == uri.scheme && again.user == uri.user && again.password == uri.password &&
              again.host == uri.host && again.port == uri.port &&
              again.parameters == uri.parameters && again.headers == uri.headers,
          "a URI is read the same from its own text");
}

}  // namespace

void message(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = Message::parse(input, diagnostics);
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  for (const auto part : {read->start_line(), read->method(), read->request_uri(), read->reason(),
                          read->version(), read->body()}) {
    require(lies_in(part, input), "a part of the message lies in the text");
  }
  require(
      read->is_request() ? !read->method().empty() : read->status() >= 100 && read->status() <= 699,
      "it is a request or a response");
  require_headers(*read, input);
  require_round_trip(*read);
}

void framer(std::string_view input) {
  const auto at_once = read_stream(input, std::max<std::size_t>(input.size(), 1));
  require(read_stream(input, 1) == at_once, "byte by byte gives what all at once gives");
  require(read_stream(input, 7) == at_once, "pieces of seven give what all at once gives");
  for (const auto& one : at_once.messages) {
    Diagnostics diagnostics;
    const auto read = Message::parse(one, diagnostics);
    require(!read || (!diagnostics.has("SL-content-length-long") &&
                      !diagnostics.has("SL-content-length-short")),
            "framer and parser agree about where a message ends");
  }
}

void lint(std::string_view input) {
  Diagnostics whole;
  const auto read = lint_text(input, whole);
  require_within(whole, input);
  if (!read) require_within(read.error(), input);
  for (const auto entry : {lint_message, lint_header, lint_challenge}) {
    Diagnostics diagnostics;
    const auto result = entry(input, diagnostics);
    require_within(diagnostics, input);
    if (!result) require_within(result.error(), input);
  }

  // A challenge is the same one behind the name of its header.
  if (input.find_first_of("\r\n") != std::string_view::npos || trim(input) != input) return;
  Diagnostics bare;
  if (!lint_challenge(input, bare) || bare.dropped() > 0) return;
  constexpr std::string_view name = "WWW-Authenticate: ";
  const auto row = std::string{name} + std::string{input};
  Diagnostics in_row;
  const bool read_in_row = lint_header(row, in_row).has_value();
  require(read_in_row || row.size() > limits::message_bytes, "a challenge is read in its row");
  if (!read_in_row) return;
  Diagnostics moved;
  moved.append(bare, name.size());
  require(std::ranges::equal(moved.list(), in_row.list()), "a challenge is the same in its row");
}

void uri(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = Uri::parse(input, diagnostics);
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_uri(*read, input);
  require(!read->scheme_name.empty(), "a URI has a scheme");
  Diagnostics unused;
  const auto again = Uri::parse(read->text, unused);
  require(again.has_value(), "the text of a URI can be read");
  require_same_uri(*read, *again);
}

void name_addr(std::string_view input) {
  read_all<NameAddr>(input, [](const NameAddr& address, std::string_view text) {
    require(lies_in(address.display_name, text) && lies_in(address.parameters, text),
            "a part of an address lies in the text");
    require_uri(address.uri, text);
    if (address.is_wildcard) return;
    Diagnostics unused;
    const auto again = Uri::parse(address.uri.text, unused);
    require(again.has_value(), "the URI of an address can be read alone");
  });
}

void via(std::string_view input) {
  read_all<Via>(input, [](const Via& via, std::string_view text) {
    for (const auto part : {via.protocol, via.transport, via.host, via.parameters}) {
      require(lies_in(part, text), "a part of a Via lies in the text");
    }
    require(!via.branch() || lies_in(*via.branch(), via.parameters),
            "the branch lies in the parameters");
  });
}

void cseq(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = CSeq::parse(input, diagnostics);
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require(lies_in(read->method, input), "the method lies in the text");
  require(read->number <= limits::cseq || diagnostics.has("SL-cseq-range"),
          "a number out of its range is reported");
}

}  // namespace sipauth::fuzz
