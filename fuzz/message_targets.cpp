#include "fuzz/message_targets.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/fix.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/lint_policy.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"
#include "sipauth/write.hpp"

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
    text.append(unfolded(header.name)).append(": ").append(unfolded(header.value)).append("\r\n");
  }
  text += "\r\n";
  if (text.size() > limits::message_bytes) return;

  const ExactCopy copy{text};
  Diagnostics diagnostics;
  const auto again = Message::parse(copy.view(), diagnostics);
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

// The library's own writer says the same start line and body, and keeps every row.
void require_written_again(const Message& message) {
  constexpr std::size_t rows_of_writer = 7;
  if (message.start_line().contains('\r') ||
      message.headers().size() + rows_of_writer > limits::headers) {
    return;
  }
  std::vector<WrittenHeader> rows;
  rows.reserve(message.headers().size());
  for (const auto& header : message.headers()) {
    if (header.id == HeaderId::content_length) continue;
    rows.push_back({.name = unfolded(header.name), .value = unfolded(header.value)});
  }
  WrittenRequest request{.method = std::string{message.method()},
                         .request_uri = std::string{message.request_uri()},
                         .via_host = "h",
                         .branch = "z9hG4bK1",
                         .headers = rows,
                         .body = std::string{message.body()}};
  const ExactCopy text{message.is_request() ? write_request(request)
                                            : write_response(message.status(), message.reason(),
                                                             rows, message.body())};
  if (text.view().size() > limits::message_bytes) return;
  Diagnostics diagnostics;
  const auto again = Message::parse(text.view(), diagnostics);
  require(again.has_value() && again->status() == message.status() &&
              again->method() == message.method() &&
              again->request_uri() == message.request_uri() &&
              again->reason() == message.reason() && again->body() == message.body(),
          "what the library writes says the same");
  require(again->headers().size() >= rows.size() + 1, "no row is lost");
}

void require_parts(const Message& message, std::string_view text) {
  for (const auto part : {message.start_line(), message.method(), message.request_uri(),
                          message.reason(), message.version(), message.body()}) {
    require(lies_in(part, text), "a part of the message lies in the text");
  }
  require(message.is_request() ? !message.method().empty() && !message.request_uri().empty()
                               : message.status() >= 100 && message.status() <= 699,
          "it is a request or a response");
}

// Who lints a message is told all that reading it tells, and what is told can be rated.
void require_linted(std::string_view text, const Diagnostics& reading) {
  Diagnostics linted;
  require(lint_message(text, linted).has_value(), "what can be read can be linted");
  require_within(linted, text);
  for (const auto& diagnostic : linted.list()) {
    // Phones stay out, though no text forbids it.
    const bool is_of_the_field = diagnostic.rule == RuleId{"SL-qop-auth-int-only"} ||
                                 diagnostic.rule == RuleId{"SL-realm-changes"};
    for (const auto& [policy, name] : lint_policies) {
      require(
          is_of_the_field || severity_under(policy, diagnostic.rule) >= diagnostic.rule->severity,
          "no text is milder than the field");
    }
  }
  if (linted.dropped() > 0) return;
  require(std::ranges::all_of(reading.list(),
                              [&](const Diagnostic& told) {
                                return std::ranges::find(linted.list(), told) !=
                                       linted.list().end();
                              }),
          "lint tells what reading tells");
}

// fixed() lints 128 times; of line feeds and carriage returns, and of control bytes that stand
// apart, it mends one each time, and other things beside them.
constexpr std::size_t most_times_mended = 64;

std::size_t mended_one_by_one(std::string_view text) {
  const auto is_wrong = [](char c) { return is_control(c) && c != '\t' && c != '\r' && c != '\n'; };
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool goes_on = at > 0 && is_wrong(text[at - 1]);
    const bool is_bare_return = text[at] == '\r' && !text.substr(at + 1).starts_with('\n');
    if (text[at] == '\n' || is_bare_return || (is_wrong(text[at]) && !goes_on)) ++count;
  }
  return count;
}

// What lint mends stays mended, and nothing but what has a fix is touched.
void require_mended(std::string_view text) {
  // Mending lints again and again.
  constexpr std::size_t longest = 2048;
  if (text.size() > longest) return;
  const auto mended = fixed(text);
  require(!mended.mended.empty() || mended.text == text, "what is right stays as it is");
  require(std::ranges::all_of(mended.mended, has_fix), "what is mended has a fix");
  require(
      std::ranges::all_of(mended.left,
                          [&](const Diagnostic& left) { return lies_in(left.where, mended.text); }),
      "what is left lies in the mended text");
  if (mended_one_by_one(text) >= most_times_mended) return;
  require(fixed(mended.text).text == mended.text, "what was mended stays as it is");
}

// A message that ends anywhere is read without a look beyond its end.
void require_reading_of_a_part(std::string_view text) {
  const ExactCopy part{text.substr(0, std::hash<std::string_view>{}(text) % (text.size() + 1))};
  Diagnostics diagnostics;
  const auto read = Message::parse(part.view(), diagnostics);
  require_within(diagnostics, part.view());
  if (read) {
    require_parts(*read, part.view());
  } else {
    require_within(read.error(), part.view());
  }
}

// --- The start line, by the letter of RFC 3261 7.1, 7.2 and 25.1. ---

bool is_visible(char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; }

struct StrictStartLine {
  std::string_view method = {};
  std::string_view request_uri = {};
  int status = 0;
  std::string_view reason = {};
};

// What a Request-URI or a reason may hold beyond that is not the start line's concern.
std::optional<StrictStartLine> strict_start_line(std::string_view line) {
  constexpr std::string_view version = "SIP/2.0";
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const auto word = line.substr(0, first);
  const auto rest = line.substr(first + 1);
  if (word == version) {
    const bool has_code = rest.size() > 3 && rest[3] == ' ' && rest[0] >= '1' && rest[0] <= '6' &&
                          is_digit(rest[1]) && is_digit(rest[2]);
    if (!has_code) return std::nullopt;
    const auto reason = rest.substr(4);
    const bool printable =
        std::ranges::all_of(reason, [](char c) { return is_visible(c) || c == ' ' || c == '\t'; });
    if (!printable) return std::nullopt;
    const int code = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0');
    return StrictStartLine{.status = code, .reason = trim(reason)};
  }
  const auto second = rest.find(' ');
  if (second == std::string_view::npos || rest.substr(second + 1) != version) return std::nullopt;
  const auto uri = rest.substr(0, second);
  if (!is_token(word) || uri.empty() || !std::ranges::all_of(uri, is_visible)) return std::nullopt;
  return StrictStartLine{.method = word, .request_uri = uri};
}

}  // namespace

void message_udp(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = without_allocating([&] { return Message::parse(input, diagnostics); });
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_parts(*read, input);
  require_headers(*read, input);
  if (!is_due_for_costly_claims(input)) return;
  require_round_trip(*read);
  require_written_again(*read);
  require_reading_of_a_part(input);
  require_linted(input, diagnostics);
  require_mended(input);
}

void start_line(std::string_view input) {
  const ExactCopy text{std::string{input}.append("\r\nl: 0\r\n\r\n")};
  Diagnostics diagnostics;
  const auto read = without_allocating([&] { return Message::parse(text.view(), diagnostics); });
  require_within(diagnostics, text.view());
  if (read) {
    require_parts(*read, text.view());
  } else {
    require_within(read.error(), text.view());
  }
  // Several lines are not the start line alone.
  if (input.find_first_of("\r\n") != std::string_view::npos) return;

  const auto strict = strict_start_line(input);
  if (!strict) {
    // What a URI may not hold is reported by its own parser.
    const bool blank_in_uri = read && !std::ranges::all_of(read->request_uri(), is_visible);
    require(!read || blank_in_uri || gravest(diagnostics) > Severity::note,
            "what is not legal is reported");
    return;
  }
  if (text.view().size() > limits::message_bytes) return;
  require(read.has_value(), "a legal start line is read");
  require(read->method() == strict->method && read->request_uri() == strict->request_uri &&
              read->status() == strict->status && read->reason() == strict->reason,
          "a legal start line is read as it stands");
  require(diagnostics.list().empty(), "a legal start line is not reproached");
}

void lint(std::string_view input) {
  Diagnostics whole;
  const auto read = without_allocating([&] { return lint_text(input, whole); });
  require_within(whole, input);
  if (!read) require_within(read.error(), input);
  if (!is_due_for_costly_claims(input)) return;
  for (const auto entry : {lint_message, lint_header, lint_challenge}) {
    Diagnostics diagnostics;
    const auto result = without_allocating([&] { return entry(input, diagnostics); });
    require_within(diagnostics, input);
    if (!result) require_within(result.error(), input);
  }
  require_mended(input);

  // A challenge is the same one behind the name of its header.
  if (input.find_first_of("\r\n") != std::string_view::npos || trim(input) != input) return;
  Diagnostics bare;
  if (!lint_challenge(input, bare) || bare.dropped() > 0) return;
  constexpr std::string_view name = "WWW-Authenticate: ";
  const ExactCopy row{std::string{name}.append(input)};
  Diagnostics in_row;
  const bool read_in_row = lint_header(row.view(), in_row).has_value();
  require(read_in_row || row.view().size() > limits::message_bytes,
          "a challenge is read in its row");
  if (!read_in_row) return;
  Diagnostics moved;
  moved.append(bare, name.size());
  require(std::ranges::equal(moved.list(), in_row.list()), "a challenge is the same in its row");
}

}  // namespace sipauth::fuzz
