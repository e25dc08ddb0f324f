#include "commands/source_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sipauth::commands {
namespace {

struct Case {
  std::string_view proves;
  std::string text;
  Span where;
  std::size_t line;
  std::size_t column;
  std::string excerpt;
};

TEST(SourceLines, PlaceAndExcerpt) {
  const std::vector<Case> rows{
      {"first byte", "abc\n", {0, 1}, 1, 1, "    abc\n    ^\n"},
      {"length 0 is one caret", "abc", {1, 0}, 1, 2, "    abc\n     ^\n"},
      {"tildes under the rest", "abcdef", {1, 3}, 1, 2, "    abcdef\n     ^~~\n"},
      {"second line, CR LF", "ab\r\ncd\r\n", {5, 1}, 2, 2, "    cd\n     ^\n"},
      {"behind the last byte", "ab", {2, 0}, 1, 3, "    ab\n      ^\n"},
      {"at the line feed itself", "ab\ncd", {2, 0}, 1, 3, "    ab\n      ^\n"},
      {"empty text", "", {0, 0}, 1, 1, "    \n    ^\n"},
      {"span over the line's end stops there", "ab\ncd", {1, 4}, 1, 2, "    ab\n     ^\n"},
      {"escaped bytes move the caret",
       "\x1b"
       "a",
       {1, 1},
       1,
       2,
       "    \\x1Ba\n        ^\n"},
      {"a character of two bytes is one column",
       "\xc3\xa4"
       "a",
       {2, 1},
       1,
       3,
       "    \xc3\xa4"
       "a\n     ^\n"},
  };
  for (const auto& row : rows) {
    const SourceLines lines{row.text, {}};
    EXPECT_EQ(lines.place_of(row.where.offset).line, row.line) << row.proves;
    EXPECT_EQ(lines.place_of(row.where.offset).column, row.column) << row.proves;
    EXPECT_EQ(lines.excerpt(row.where), row.excerpt) << row.proves;
  }
}

TEST(SourceLines, SecretsAreStars) {
  const std::vector<Span> secrets{{2, 3}};
  const std::string text = "a=xyz,b";
  const SourceLines lines{text, secrets};
  EXPECT_EQ(lines.excerpt({0, 1}), "    a=***,b\n    ^\n");
  EXPECT_EQ(lines.excerpt({3, 1}), "    a=***,b\n       ^\n");
}

TEST(SourceLines, LongLineIsCutOnBothSides) {
  const std::string text = std::string(500, 'a') + '!' + std::string(500, 'b');
  const SourceLines lines{text, {}};
  EXPECT_EQ(lines.excerpt({500, 1}), "    ..." + std::string(90, 'a') + '!' + std::string(60, 'b') +
                                         "...\n" + std::string(4 + 3 + 90, ' ') + "^\n");
}

TEST(SourceLines, NoCutSplitsACharacter) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "\xe2\x82\xac";  // the euro sign
  for (std::uint32_t offset = 0; offset < text.size(); offset += 3) {
    const SourceLines lines{text, {}};
    EXPECT_FALSE(lines.excerpt({offset, 3}).contains("\\x")) << offset;
  }
}

}  // namespace
}  // namespace sipauth::commands
