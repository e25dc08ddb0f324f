// Messages that a tool put into JSON, HTML or CSV: they are read as they were before.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/trace_rows.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

using Table = std::vector<std::pair<std::string_view, std::string_view>>;

std::string replaced(std::string_view rest, const Table& table) {
  std::string result;
  while (!rest.empty()) {
    const auto row =
        std::ranges::find_if(table, [&](const auto& one) { return rest.starts_with(one.first); });
    const bool is_found = row != table.end();
    result += is_found ? row->second : rest.substr(0, 1);
    rest.remove_prefix(is_found ? row->first.size() : 1);
  }
  return result;
}

const Table in_json{{"\r\n", R"(\r\n)"}, {"\"", R"(\")"}, {"\\", R"(\\)"}};
const Table in_go{{"\r\n", R"(\r\n)"}, {"\"", R"(\")"}, {"<", R"(\u003c)"}, {">", R"(\u003e)"}};
const Table in_html{{"\r\n", "\n"}, {"\"", "&quot;"}, {"<", "&lt;"}, {">", "&gt;"}, {"&", "&amp;"}};
const Table in_csv{{"\r\n", "\n"}, {"\"", "\"\""}};
const Table in_csv_line{{"\r\n", R"(\r\n)"}, {"\"", "\"\""}};

struct EscapeCase {
  std::string_view proves;
  std::string_view escapes;
  std::string before;
  Table table;
  std::string behind;

  [[nodiscard]] std::string written(std::string_view message) const {
    return before + replaced(message, table) + behind;
  }
};

void PrintTo(const EscapeCase& row, std::ostream* out) { *out << row.proves; }

const std::vector<EscapeCase> escapes{
    {"JsonLines", "JSON", R"({"raw":")", in_json, "\"}\n"},
    {"JsonOfGo", "JSON", R"({"raw":")", in_go, "\"}\n"},
    {"SlogBehindAHeading", "JSON", R"(level=DEBUG msg="UDP write a -> b:\n)", in_json, "\"\n"},
    {"HtmlInAPage", "HTML", "<p>", in_html, "</p>\n"},
    {"HtmlSource", "HTML", "", in_html, "\n"},
    {"CsvOfSeveralLines", "CSV", R"("0","10.0.0.1",")", in_csv, "\"\n"},
    {"CsvInOneLine", "CSV", R"("0","10.0.0.1",")", in_csv_line, "\"\n"},
};

class TraceEscapesTest : public testing::TestWithParam<EscapeCase> {};

TEST_P(TraceEscapesTest, GiveTheMessageAsItWas) {
  const auto& row = GetParam();
  const auto all = row.written(request) + row.written(response);
  const auto messages = all_of(all);
  ASSERT_EQ(messages.size(), 2U) << all;
  EXPECT_EQ(messages[0].text, request);
  EXPECT_EQ(messages[1].text, response);
  for (const auto& message : messages) EXPECT_EQ(message.escapes, row.escapes);
  const auto realm = static_cast<std::uint32_t>(response.find("asterisk"));
  const auto place = messages[1].in_input({realm, 8});
  EXPECT_EQ(all.substr(place.offset, place.length), "asterisk");
}

// How it was written is not found wrong in the peer.
TEST_P(TraceEscapesTest, AreNotHeldAgainstThePeer) {
  const auto rules_of = [](const TracedMessage& message) {
    Diagnostics diagnostics;
    EXPECT_TRUE(lint_traced(message, diagnostics));
    std::vector<std::string_view> rules;
    for (const auto& diagnostic : diagnostics.list()) rules.push_back(diagnostic.rule->name);
    return rules;
  };
  const auto messages = all_of(GetParam().written(response));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(rules_of(messages[0]), rules_of(all_of(request + response).at(1)));
}

INSTANTIATE_TEST_SUITE_P(Forms, TraceEscapesTest, testing::ValuesIn(escapes),
                         [](const auto& row) { return std::string{row.param.proves}; });

// What a peer may have sent stays as it is.
TEST(TraceEscapes, AreNotSeenInWhatIsPlain) {
  for (const std::string row : {R"(WWW-Authenticate: Digest realm="a\"b", nonce="n")",
                                R"(WWW-Authenticate: Digest realm="", nonce="")",
                                R"(Authorization: Digest realm="a&amp;b", nonce="x")",
                                R"(Warning: 399 host "it is &lt; 5")"}) {
    const auto messages = all_of("SIP/2.0 401 Unauthorized\nVia: SIP/2.0/UDP h\n" + row + "\n\n");
    ASSERT_EQ(messages.size(), 1U) << row;
    EXPECT_EQ(messages[0].escapes, "") << row;
    EXPECT_TRUE(messages[0].text.contains(row)) << row;
  }
}

}  // namespace
}  // namespace sipauth
