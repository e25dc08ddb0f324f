#include "trace_row_end.hpp"

#include <algorithm>

#include "sipauth/message.hpp"
#include "trace_lines.hpp"

namespace sipauth::trace {
namespace {

constexpr bool is_of_address(char c) noexcept { return is_digit(c) || c == '.'; }

// Numbers of up to three digits with dots between them.
struct Numbers {
  int count = 0;
  bool are_of_address = true;
};

void read_numbers(std::string_view text, int& digits, Numbers& numbers) noexcept {
  for (const char c : text) {
    if (c == '.') {
      numbers.are_of_address = numbers.are_of_address && digits > 0;
      digits = 0;
    } else if (digits++ == 0) {
      ++numbers.count;
    }
    numbers.are_of_address = numbers.are_of_address && digits <= 3;
  }
}

}  // namespace

bool is_header_without_colon(std::string_view row) noexcept {
  const auto end = std::min(row.find_first_of(" \t"), row.size());
  const auto name = row.substr(0, end);
  const auto rest = trim(row.substr(end));
  if (rest.empty() || header_id(name) == HeaderId::other) return false;
  return name.contains('-') || rest.starts_with("Digest ") || std::ranges::all_of(rest, is_digit);
}

bool is_cut_within_address(std::string_view above, std::string_view row) noexcept {
  constexpr std::size_t longest = 15;
  const auto front = static_cast<std::size_t>(
      std::ranges::find_if_not(row.substr(0, longest + 1), is_of_address) - row.begin());
  std::size_t back = 0;
  while (back < std::min(longest, above.size()) && is_of_address(above[above.size() - back - 1])) {
    ++back;
  }
  if (front == 0 || back == 0 || front + back > longest || back == above.size()) return false;
  Numbers before;
  Numbers both;
  int digits = 0;
  read_numbers(above.substr(above.size() - back), digits, before);
  both = before;
  // A number that the cut went through is counted once.
  read_numbers(row.substr(0, front), digits, both);
  return before.count < 4 && both.count == 4 && both.are_of_address && digits > 0;
}

bool is_sentence(std::string_view before) noexcept {
  before = trim(before);
  return !before.empty() && (is_alpha(before.back()) || before.back() == ',') &&
         std::ranges::all_of(before, [](char c) {
           return is_alpha(c) || is_blank(c) || c == ',' || c == '.' || c == '\'';
         });
}

std::string_view without_sentence_behind(std::string_view row) noexcept {
  // Behind the last parameter: a quoted value, or a token.
  std::size_t equals = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < row.size(); ++at) {
    if (row[at] == '"') quoted = !quoted;
    if (row[at] == '=' && !quoted) equals = at;
  }
  if (equals == 0 || quoted) return row;
  auto end = equals + 1;
  if (end < row.size() && row[end] == '"') {
    end = row.find('"', end + 1) + 1;
  } else {
    end = std::min(row.find_first_of(" \t,", end), row.size());
  }
  const auto behind = row.substr(end);
  const auto words = trim(behind);
  const bool is_end = words.empty() || words == "." || words == ",";
  const bool is_words = words.size() < behind.size() && !words.starts_with(',');
  return is_end || is_words ? row.substr(0, end) : row;
}

}  // namespace sipauth::trace
