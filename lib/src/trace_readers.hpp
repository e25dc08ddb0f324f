// The readers of one message in a trace, by the way it is written there. Each begins at a line of
// the input, fills `message`, and says where the next line begins; nullopt when there is none.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "sipauth/trace.hpp"
#include "trace_lines.hpp"

namespace sipauth::trace {

/// Line below line. `line` has a start line at `start`.
[[nodiscard]] std::optional<std::size_t> read_lines(std::string_view input, const Line& line,
                                                    const StartLine& start, TracedMessage& message);

/// Rows without a start line, of which the first begins at `begin` in `line`.
[[nodiscard]] std::optional<std::size_t> read_fragment(std::string_view input, const Line& line,
                                                       std::size_t begin, TracedMessage& message);

/// All in one line, line ends written as `mark`; in a JSON string as far as its closing quote.
[[nodiscard]] std::optional<std::size_t> read_one_line(std::string_view input, const Line& line,
                                                       const StartLine& start,
                                                       TracedMessage& message);

/// String literals of a program's source, one for each row or one that goes on behind a backslash,
/// in C, Go, JavaScript, Python, Rust and their like.
[[nodiscard]] std::size_t read_literals(std::string_view input, const Line& line,
                                        const StartLine& start, TracedMessage& message);
[[nodiscard]] bool is_literal(std::string_view input, const Line& line,
                              const StartLine& start) noexcept;

/// All in one line, with blanks for line ends: three headers that SIP knows, the first at once.
[[nodiscard]] std::size_t read_run_together(std::string_view input, const Line& line,
                                            const StartLine& start, TracedMessage& message);
[[nodiscard]] bool is_run_together(const Line& line, const StartLine& start) noexcept;

/// All in one line, with a dot for each control byte; a line that a window broke goes on below.
[[nodiscard]] std::size_t read_dotted(std::string_view input, const Line& line,
                                      const StartLine& start, TracedMessage& message);
[[nodiscard]] bool is_dotted(const Line& line, const StartLine& start) noexcept;

/// A tree of Wireshark, in which `line` is the row `Request-Line:` or `Status-Line:`.
[[nodiscard]] std::optional<std::size_t> read_tree(std::string_view input, const Line& line,
                                                   const StartLine& start, TracedMessage& message);
[[nodiscard]] bool is_row_of_tree(const Line& line, const StartLine& start) noexcept;

/// Bytes in hexadecimal, with or without headers of lower layers in front of the message.
[[nodiscard]] std::optional<std::size_t> read_dump(std::string_view input, const Line& line,
                                                   TracedMessage& message);
[[nodiscard]] bool is_row_of_dump(std::string_view line) noexcept;

/// The line end that read_one_line would go by; empty when the message goes on below.
[[nodiscard]] std::string_view mark_within(std::string_view line, const StartLine& start) noexcept;

}  // namespace sipauth::trace
