#include "commands/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

// Longer start lines are cut: what they say stands in front.
constexpr std::size_t longest_start_line = 160;

std::string start_line(const sip::RecordedMessage& message) {
  const std::string_view bytes = message.bytes;
  const auto line = bytes.substr(0, std::min(bytes.find_first_of("\r\n"), bytes.size()));
  return results::for_terminal(line.substr(0, longest_start_line));
}

void append_indented(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += "\n    ";
    out += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string trace_of(const sip::RecordedMessage& message, int verbosity, bool show_secrets) {
  const auto seconds = std::chrono::duration<double>(message.at).count();
  auto out = fmt::format(
      "{:9.3f} {} {} [{}]{}", seconds, message.direction == sip::Direction::out ? "->" : "<-",
      start_line(message), message.index, message.note.empty() ? "" : " (" + message.note + ')');
  if (verbosity > 1) {
    const auto text = show_secrets ? message.bytes : results::redact(message.bytes).first;
    append_indented(out, results::message_for_terminal(text));
  }
  return out;
}

}  // namespace sipauth::commands
