#include "sipauth/text.hpp"

namespace sipauth {

std::string unquote(std::string_view between_quotes) {
  std::string text;
  text.reserve(between_quotes.size());
  for (std::size_t at = 0; at < between_quotes.size(); ++at) {
    // A backslash at the very end quotes nothing, so it stands for itself.
    if (between_quotes[at] == '\\' && at + 1 < between_quotes.size()) ++at;
    text += between_quotes[at];
  }
  return text;
}

std::string quote(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  quoted += '"';
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    // Controls are no qdtext, but quoted-pair allows them.
    if (c == '"' || c == '\\' || (is_control(c) && c != '\t')) quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

}  // namespace sipauth
