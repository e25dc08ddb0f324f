// Everything that is wrong with a message or a bare header line, in one list.
//
// The same diagnostics that the parsers report, gathered over a whole input, with offsets from its
// first byte. Nothing here allocates or throws but lint_pasted and lint_traced.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "sipauth/diagnostic.hpp"
#include "sipauth/lint_exchange.hpp"
#include "sipauth/message.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {

/// `Name: value` is a header, and a value that begins with a scheme (`Digest ...`) a bare challenge
/// or bare credentials; everything else is, or should be, a message.
enum class InputKind : std::uint8_t { message, header, challenge, credentials };

[[nodiscard]] SIPAUTH_API InputKind kind_of(std::string_view text) noexcept;

/// Parses a message and every authentication header in it, and looks at what only the whole shows:
/// a 401 without a challenge, required headers, From and To, Via, CSeq, several challenges.
SIPAUTH_API std::expected<void, ParseError> lint_message(std::string_view text,
                                                         Diagnostics& diagnostics) noexcept;

/// Header rows, folded or not, each with its name; usually one. Their values are looked into.
SIPAUTH_API std::expected<void, ParseError> lint_header(std::string_view text,
                                                        Diagnostics& diagnostics) noexcept;

/// A bare value of WWW-Authenticate or Proxy-Authenticate, with all challenges merged into it.
SIPAUTH_API std::expected<void, ParseError> lint_challenge(std::string_view text,
                                                           Diagnostics& diagnostics) noexcept;

/// Whatever it is: as kind_of() says.
SIPAUTH_API std::expected<void, ParseError> lint_text(std::string_view text,
                                                      Diagnostics& diagnostics) noexcept;

/// What somebody made unreadable before he showed a text: `xxx`, `***`, `<removed>`, `[redacted]`,
/// `...` and their like.
struct Redacted {
  std::size_t places = 0;
  Span first = {};          ///< of them
  std::size_t excused = 0;  ///< diagnostics that were left out, because they are about such a place
};

/// Is a value, or a part of it, such a place? What stands in random values too is none.
[[nodiscard]] SIPAUTH_API bool is_redacted(std::string_view value);

/// The same as lint_text, without what redaction alone makes wrong: a response that is `xxx`, a
/// host that is `<removed>`. Copies the text where there is such a thing; throws std::bad_alloc
/// only. With an `exchange`, which has seen what was sent before, also what only all of it shows.
SIPAUTH_API std::expected<Redacted, ParseError> lint_pasted(std::string_view text,
                                                            Diagnostics& diagnostics,
                                                            ExchangeLint* exchange = nullptr);

/// The same for a message of a trace. Offsets are those of the input, the error's too. What only
/// the trace can have changed is not told: line ends, lengths of bodies, rows that were left out.
SIPAUTH_API std::expected<Redacted, ParseError> lint_traced(const TracedMessage& message,
                                                            Diagnostics& diagnostics,
                                                            ExchangeLint* exchange = nullptr);

/// What only all challenges of a message together show: one of them twice, MD5 above SHA, several
/// realms, none where one is due. Offsets count from the first byte of the message.
SIPAUTH_API void lint_challenges(const Message& message, Diagnostics& diagnostics) noexcept;

/// All challenges of a message that can be read, in order: `visit(header, challenge, diagnostics)`
/// for each; offsets of its diagnostics count from the first byte of the header's value. Merged
/// rows are visited once per challenge. Bounded by limits::challenges.
template <typename Visit>
void for_each_challenge(const Message& message, Visit visit);

}  // namespace sipauth

#include "sipauth/challenge.hpp"

namespace sipauth {

template <typename Visit>
void for_each_challenge(const Message& message, Visit visit) {
  std::size_t seen = 0;
  for (const auto& header : message.headers()) {
    if (header.id != HeaderId::www_authenticate && header.id != HeaderId::proxy_authenticate) {
      continue;
    }
    std::optional<std::size_t> offset = 0;
    while (offset && seen < limits::challenges) {
      Diagnostics diagnostics;
      const auto challenge = Challenge::parse(header.value, *offset, diagnostics);
      if (!challenge) break;
      ++seen;
      visit(header, *challenge, diagnostics);
      offset = challenge->next_challenge();
    }
  }
}

}  // namespace sipauth
