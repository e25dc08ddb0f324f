// Texts with the names of all rules that they break, for tables of them.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "sipauth/lint.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {

struct ToldCase {
  std::string_view proves = {};
  std::string_view text = {};
  std::string_view told = "";  ///< names without SL-, in the order of the messages
};

inline void PrintTo(const ToldCase& row, std::ostream* out) { *out << row.text; }

inline void add_names(const Diagnostics& found, std::string& names) {
  for (const auto& [rule, where] : found.list()) {
    if (!names.empty()) names += ' ';
    names += rule->name.substr(3);
  }
}

inline std::string told_of(std::string_view text) {
  std::string names;
  ExchangeLint exchange;
  TraceReader reader{text};
  auto message = reader.next();
  if (!message || message->is_fragment) {
    Diagnostics found;
    if (!lint_pasted(text, found, &exchange)) names = "unreadable";
    add_names(found, names);
    return names;
  }
  for (; message; message = reader.next()) {
    Diagnostics found;
    if (!lint_traced(*message, found, &exchange)) names += "unreadable";
    add_names(found, names);
  }
  return names;
}

inline std::string with_crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

inline std::string quoted_in_a_mail(std::string_view text) {
  std::string quoted = "> ";
  for (const char c : text) {
    quoted += c;
    if (c == '\n') quoted += "> ";
  }
  return quoted;
}

}  // namespace sipauth
