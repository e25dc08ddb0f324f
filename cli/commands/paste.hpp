// What people paste: a bare header value, header rows, or messages of a trace in any form that a
// TraceReader knows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/trace.hpp"

namespace sipauth::commands {

/// What the views of a Paste lie in when they do not lie in the pasted text.
struct PastedMessage {
  TracedMessage traced;
  std::string body = {};  ///< with the line ends of the paste
};

/// A row of the wanted kind.
struct PastedRow {
  std::string_view name = {};  ///< as written; empty for a bare value
  std::string_view value = {};
};

/// Its views lie in the pasted text, in `source` or in `changed`.
struct Paste {
  std::shared_ptr<const PastedMessage> source = {};
  std::shared_ptr<const std::string> changed = {};  ///< the text as it was read, when another one
  std::vector<PastedRow> rows = {};  ///< of the wanted kind, in order; empty: there is none
  bool is_message = false;
  std::string_view method = {};       ///< of the request line, or of the CSeq of a response
  std::string_view request_uri = {};  ///< of a request
  // Values of a request's headers; those of a response are its request's too, but for Contact.
  std::string_view from = {};
  std::string_view to = {};
  std::string_view contact = {};
  std::string_view body = {};
  /// The body with the CR LF line ends that a clipboard takes away, when they are missing.
  std::optional<std::string> body_with_crlf = {};
};

enum class Wanted : std::uint8_t { challenges, credentials };

/// One for each message that has a wanted row, in order. A text without a message is one, with its
/// header rows; a text without any header row is taken for a bare value. Never fails: whether the
/// values can be read is another question.
[[nodiscard]] std::vector<Paste> read_pastes(std::string_view text, Wanted wanted);

/// The first of them, or one without rows.
[[nodiscard]] Paste read_paste(std::string_view text, Wanted wanted);

/// What was undone before the text could be read, as sentences: broken rows, escapes.
[[nodiscard]] std::vector<std::string> notes_on(const Paste& paste);

/// The first request of the text, without rows; nullopt when there is none.
[[nodiscard]] std::optional<Paste> first_request(std::string_view text);

/// The header rows of a text without a start line, each with its folded lines and without its line
/// end. Blank lines are left out.
[[nodiscard]] std::vector<std::string_view> header_rows(std::string_view text);

}  // namespace sipauth::commands
