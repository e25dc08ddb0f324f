// What a parser reports beside its reading, and why it could not read at all.
//
// A parser understands as much of its input as it can and reports every departure from the grammar
// here. Whoever wants strictness looks at the list; there is no strict mode. Nothing in this header
// allocates, throws or keeps a view of the parsed text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sipauth/bounded_list.hpp"
#include "sipauth/export.hpp"
#include "sipauth/rules.hpp"

namespace sipauth {

/// A run of bytes, counted from the first byte of the parsed text. Length 0 marks the place where
/// something is missing: it belongs in front of the byte at `offset`.
struct Span {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;

  friend bool operator==(Span, Span) = default;
};

/// Where `part` lies in `text`: a view into a text already is a position.
constexpr Span span_of(std::string_view part, std::string_view text) noexcept {
  return {static_cast<std::uint32_t>(part.data() - text.data()),
          static_cast<std::uint32_t>(part.size())};
}

struct Diagnostic {
  RuleId rule;
  Span where;

  friend bool operator==(Diagnostic, Diagnostic) = default;
};

/// The sink: what one parse reported, in the order of finding. It keeps the first `capacity`
/// diagnostics in place and counts the rest, so that a hostile header costs no memory.
class Diagnostics {
 public:
  static constexpr std::size_t capacity = 64;

  void report(RuleId rule, Span where) noexcept {
    if (!kept_.add({rule, where})) ++dropped_;
  }

  /// Takes over what was reported about a part that begins at `offset` of this text.
  void append(const Diagnostics& part, std::uint32_t offset) noexcept {
    for (const auto& [rule, where] : part.list()) {
      report(rule, {where.offset + offset, where.length});
    }
    dropped_ += part.dropped_;
  }

  [[nodiscard]] std::span<const Diagnostic> list() const noexcept { return kept_.elements(); }

  [[nodiscard]] bool has(RuleId rule) const noexcept {
    for (const auto& diagnostic : list()) {
      if (diagnostic.rule == rule) return true;
    }
    return false;
  }

  /// Diagnostics that another sink dropped.
  void drop(std::size_t count) noexcept { dropped_ += count; }

  [[nodiscard]] std::size_t dropped() const noexcept { return dropped_; }

 private:
  BoundedList<Diagnostic, capacity> kept_;
  std::size_t dropped_ = 0;
};

/// Why a text was not read. What is merely written wrongly is a Diagnostic.
struct ParseError {
  enum class Kind : std::uint8_t {
    empty,
    too_long,
    not_sip,    ///< the start line is neither a request's nor a response's
    truncated,  ///< the text ends before its first header
    too_many_headers,
    too_many_parameters,
    too_many_challenges,
    not_a_scheme,  ///< a challenge or credentials without the name of a scheme
    not_a_uri,
    not_an_address,
    not_a_via,
    not_a_cseq,
    not_a_number,
    body_too_long,       ///< Content-Length says more than is allowed
    bad_content_length,  ///< a stream cannot be cut into messages without it
  };

  Kind kind = Kind::empty;
  std::uint32_t offset = 0;  ///< of the first byte that was not read

  /// One sentence for a person, without the offset.
  [[nodiscard]] SIPAUTH_API std::string_view sentence() const noexcept;

  friend bool operator==(ParseError, ParseError) = default;
};

}  // namespace sipauth
