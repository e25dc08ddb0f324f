// The text of a message as it is put together from parts of the input, and where each part stood.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sipauth/limits.hpp"
#include "sipauth/trace.hpp"
#include "trace_escapes.hpp"

namespace sipauth::trace {

class TracedText {
 public:
  TracedText(std::string_view input, TracedMessage& message) noexcept
      : input_{input}, message_{message} {}

  /// From here on parts of the input are escaped so.
  void undo(Escapes escapes) noexcept {
    escapes_ = escapes;
    message_.escapes = name_of(escapes);
  }

  /// A part of the input.
  void add(std::string_view part) {
    for (std::size_t at = 0; escapes_ != Escapes::none && at < part.size();) {
      const auto escaped = escape_at(escapes_, part.substr(at));
      if (escaped.length == 0) {
        ++at;
        continue;
      }
      add_plain(part.substr(0, at));
      const auto where = span_of(part.substr(at, escaped.length), input_);
      add(escaped.byte, where);
      part.remove_prefix(at + escaped.length);
      at = 0;
    }
    add_plain(part);
  }

  /// One byte that stands at `where` in another form.
  void add(char byte, Span where) {
    if (room() == 0) return;
    add_run(where, 1);
    message_.text += byte;
  }

  /// CR LF behind what was added last. Where the input has it, at `end` of a line, it is taken from
  /// there.
  void end_line(std::size_t end) {
    // One that was taken already is not taken again.
    const auto taken = end_in_input();
    const bool is_free = taken <= end;
    end = std::max(end, taken);
    if (is_free && input_.substr(end, 2) == "\r\n") {
      add(input_.substr(end, 2));
      return;
    }
    const Span nothing{static_cast<std::uint32_t>(end), 0};
    add('\r', nothing);
    add('\n', nothing);
  }

  /// The CR LF that was added last. A full text has none.
  void take_back_line_end() {
    auto& text = message_.text;
    auto& runs = message_.runs;
    if (!text.ends_with("\r\n")) return;
    text.resize(text.size() - 2);
    while (!runs.empty() && runs.back().offset >= text.size()) runs.pop_back();
    if (runs.empty()) return;
    // The run may have gone on into the line end.
    auto& last = runs.back();
    const auto length = static_cast<std::uint32_t>(text.size()) - last.offset;
    if (last.input.length > length && last.input.length <= length + 2) last.input.length = length;
  }

  [[nodiscard]] bool is_full() const noexcept { return room() == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return message_.text.size(); }

 private:
  void add_plain(std::string_view part) {
    if (part.size() > room()) part = part.substr(0, room());
    if (part.empty()) return;
    add_run(span_of(part, input_), part.size());
    message_.text += part;
  }

  [[nodiscard]] std::size_t end_in_input() const noexcept {
    if (message_.runs.empty()) return 0;
    const auto& last = message_.runs.back().input;
    return std::size_t{last.offset} + last.length;
  }

  [[nodiscard]] std::size_t room() const noexcept {
    return limits::message_bytes - message_.text.size();
  }

  void add_run(Span where, std::size_t length) {
    auto& runs = message_.runs;
    const auto offset = static_cast<std::uint32_t>(message_.text.size());
    if (!runs.empty() && where.length == length) {
      auto& last = runs.back();
      const bool continues = last.input.length == offset - last.offset &&
                             last.input.offset + last.input.length == where.offset;
      if (continues) {
        last.input.length += where.length;
        return;
      }
    }
    runs.push_back({.offset = offset, .input = where});
  }

  std::string_view input_;
  TracedMessage& message_;
  Escapes escapes_ = Escapes::none;
};

}  // namespace sipauth::trace
