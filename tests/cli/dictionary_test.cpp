#include "fuzz/dictionary.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fuzz/targets.hpp"

namespace sipauth::fuzz {
namespace {

// One line as libFuzzer reads it: between the first and the last quote printable characters, of
// which a backslash begins \\, \" or \xNN.
std::optional<std::string> read_line(std::string_view line) {
  const auto open = line.find('"');
  const auto close = line.rfind('"');
  if (open == std::string_view::npos || close == open) return std::nullopt;
  const auto content = line.substr(open + 1, close - open - 1);
  std::string word;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    if (std::isprint(static_cast<unsigned char>(c)) == 0) return std::nullopt;
    if (c == '"') return std::nullopt;
    if (c != '\\') {
      word += c;
      continue;
    }
    const auto escape = content.substr(i + 1);
    if (escape.starts_with('\\') || escape.starts_with('"')) {
      word += escape[0];
      i += 1;
    } else if (escape.size() >= 3 && escape[0] == 'x' && std::isxdigit(escape[1]) != 0 &&
               std::isxdigit(escape[2]) != 0) {
      word += static_cast<char>(std::stoi(std::string{escape.substr(1, 2)}, nullptr, 16));
      i += 3;
    } else {
      return std::nullopt;
    }
  }
  return word.empty() ? std::nullopt : std::optional{word};
}

std::vector<std::string> read_dictionary(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto word = read_line(text.substr(0, end));
    words.push_back(word.value_or("(a line that no engine reads)"));
    text.remove_prefix(end + 1);
  }
  return words;
}

TEST(Dictionary, AnyByteComesBackFromItsText) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  std::vector<std::string> bytes;
  std::vector<std::string_view> words;
  for (const char& c : all) bytes.emplace_back(1, c);
  words.assign(bytes.begin(), bytes.end());
  EXPECT_EQ(read_dictionary(dictionary_text(words)), bytes);
  EXPECT_EQ(dictionary_text(std::vector<std::string_view>{"realm=", "a\"\\\n"}),
            "\"realm=\"\n\"a\\x22\\x5C\\x0A\"\n");
}

TEST(Dictionary, EachTargetHasOneThatTheEnginesTake) {
  // Longer words are dropped by libFuzzer without a word.
  constexpr std::size_t longest = 64;
  for (const auto& target : targets()) {
    if (target.name == "escape") continue;  // what it reads has no grammar
    ASSERT_FALSE(target.dictionary.empty()) << target.name;
    const std::vector<std::string> words{target.dictionary.begin(), target.dictionary.end()};
    EXPECT_EQ(read_dictionary(dictionary_text(target.dictionary)), words) << target.name;
    EXPECT_EQ(std::set(words.begin(), words.end()).size(), words.size()) << target.name;
    for (const auto& word : words) EXPECT_LE(word.size(), longest) << target.name;
  }
}

}  // namespace
}  // namespace sipauth::fuzz
