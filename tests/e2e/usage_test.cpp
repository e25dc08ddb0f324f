// What the program says about itself and about what was typed wrongly, from outside.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr int good = 0;
constexpr int usage = 2;

const std::vector<std::string> commands{"probe", "stale", "digest", "lint",
                                        "pcap",  "serve", "fuzz",   "explain"};

TEST(Usage, NoArgumentsShowThreeExamples) {
  const auto outcome = run({});
  EXPECT_EQ(outcome.exit, usage);
  EXPECT_EQ(outcome.out, "");
  for (const auto* example : {"sipauth probe sip:", "sipauth stale 'sip:", "| sipauth lint -"}) {
    EXPECT_THAT(outcome.err, HasSubstr(example));
  }
}

TEST(Usage, VersionIsTold) {
  const auto outcome = run({"--version"});
  EXPECT_EQ(outcome.exit, good);
  EXPECT_TRUE(outcome.out.starts_with("sipauth 0."));
  EXPECT_THAT(outcome.out, HasSubstr("OpenSSL"));
}

TEST(Usage, HelpNamesEveryCommandAndEachHasOneOfItsOwn) {
  const auto all = run({"--help"});
  EXPECT_EQ(all.exit, good);
  for (const auto& command : commands) {
    EXPECT_THAT(all.out, HasSubstr("\n  " + command + ' '));
    const auto one = run({command, "--help"});
    EXPECT_EQ(one.exit, good);
    EXPECT_THAT(one.out, HasSubstr("Usage: sipauth " + command));
    EXPECT_THAT(one.out, HasSubstr("Exit codes:"));
    EXPECT_EQ(run({"help", command}).out, one.out);
  }
}

struct Mistake {
  std::string_view proves;
  Arguments typed;
  std::string_view told;
};

void PrintTo(const Mistake& row, std::ostream* out) { *out << row.proves; }

class MistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(MistakeTest, IsToldInOneSentence) {
  const auto outcome = run(GetParam().typed);
  EXPECT_EQ(outcome.exit, usage);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(outcome.err.starts_with("sipauth: ")) << outcome.err;
  EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().told));
}

TEST_P(MistakeTest, KeepsTheFormat) {
  auto typed = GetParam().typed;
  typed.insert(typed.begin(), "--json");
  const auto outcome = run(typed);
  EXPECT_EQ(outcome.exit, usage);
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out;
  EXPECT_EQ(document["schema"], "sipauth/1");
  EXPECT_EQ(document["error"]["kind"], "usage");
  EXPECT_THAT(document["error"]["text"].get<std::string>(), HasSubstr(GetParam().told));
  EXPECT_EQ(document["exit_code"], usage);
}

const std::vector<Mistake> mistakes{
    {"UnknownCommandNamesTheNearest", {"prob", "x"}, "Did you mean probe?"},
    {"UnknownCommandWithNoneNear", {"xyzzy"}, "There is no command \"xyzzy\"."},
    {"UnknownOptionNamesTheNearest",
     {"probe", "--transpot", "udp", "sip:a"},
     "Did you mean --transport?"},
    {"UnknownOptionWithItsValue",
     {"stale", "x", "--skp=a"},
     "no option --skp. Did you mean --skip?"},
    {"UnknownOptionBeforeTheCommand", {"--jsn", "probe", "x"}, "Did you mean --json?"},
    {"UnknownOptionNextToAGlobalOne", {"lint", "--no-inptu"}, "Did you mean --no-input?"},
    {"UnknownShortOption", {"probe", "-X", "x"}, "no option -X"},
    {"OneWordTooMany", {"probe", "builtin:strict", "stale"}, "takes no \"stale\""},
    {"OptionWithoutItsValue", {"probe", "x", "--timeout"}, "--timeout wants a value"},
    {"TimeWithAnUnknownUnit", {"probe", "x", "--timeout", "5x"}, "as in 500ms, 5s or 2m"},
    {"NumberBelowZero", {"stale", "x", "--max-refused", "-1"}, "a whole number, 0 or more"},
    {"SeedThatIsNoNumber", {"probe", "x", "--seed", "one"}, "--seed takes a whole number"},
    {"UnknownColour", {"probe", "x", "--color", "red"}, "auto, always or never"},
    {"UnknownThreshold", {"stale", "x", "--fail-on", "all"}, "fail, warn or never"},
    {"NoTarget", {"probe"}, "There is no target"},
    {"UnknownProfileNamesTheNearest", {"stale", "builtin:strickt"}, "did you mean `strict`?"},
    {"UnknownFault", {"probe", "builtin:strict;fault=missing-coma"}, "missing-comma"},
    {"FragmentOfAWebSocket", {"probe", "wss://a/#b"}, "write %23"},
    {"PasswordInTheTarget", {"probe", "sip:a:secret@b"}, "--password-file"},
    {"UnknownRule", {"explain", "SL-mising-comma"}, "Did you mean SL-missing-comma?"},
    {"UnknownCheck", {"explain", "SA-STALE-99"}, "There is no check"},
    {"HelpForNothing", {"help", "prob"}, "Did you mean probe?"},
};
INSTANTIATE_TEST_SUITE_P(All, MistakeTest, testing::ValuesIn(mistakes),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(Usage, FormatsThatAreNotBuiltAreRefusedBeforeAnythingIsSent) {
  for (const auto* format : {"junit:x.xml", "nagios", "html:x.html", "xml", "out.json"}) {
    const auto outcome = run({"probe", "builtin:strict", "-o", format});
    EXPECT_EQ(outcome.exit, usage) << format;
    EXPECT_EQ(outcome.out, "") << format;
  }
  EXPECT_THAT(run({"probe", "builtin:strict", "-o", "x.html"}).err,
              HasSubstr("did you mean html:x.html?"));
}

TEST(Usage, GlobalOptionsStandBeforeAndAfterTheCommand) {
  const auto before = run({"-q", "--json", "probe", "builtin:strict"});
  const auto after = run({"probe", "builtin:strict", "-q", "--json"});
  EXPECT_EQ(before.exit, good);
  EXPECT_EQ(before.out, after.out);
  EXPECT_EQ(before.err, "");
}

TEST(Usage, OfAnOptionGivenTwiceTheLastCounts) {
  EXPECT_EQ(run({"probe", "builtin:strict", "--json", "--seed", "1", "--seed", "2"}).out,
            run({"probe", "builtin:strict", "--json", "--seed", "2"}).out);
}

TEST(Usage, NameOfACommandMayBeAnArgument) {
  EXPECT_THAT(run({"lint", "probe"}).err, HasSubstr("Cannot read probe"));
}

TEST(Usage, PasswordIsNoOption) {
  for (const auto* option : {"--password", "--password=secret"}) {
    const auto outcome = run({"probe", "builtin:strict", option});
    EXPECT_EQ(outcome.exit, usage);
    EXPECT_THAT(outcome.err, HasSubstr("Did you mean --password-file?"));
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("secret")));
  }
}

TEST(Explain, TellsOfChecksAndRulesInAnyCase) {
  EXPECT_THAT(run({"explain", "SA-STALE-01"}).out, HasSubstr("RFC 7616"));
  EXPECT_EQ(run({"explain", "stale-01"}).out, run({"explain", "SA-STALE-01"}).out);
  const auto rule = run({"explain", "sl-missing-comma", "--json"});
  EXPECT_EQ(rule.exit, good);
  const auto document = json::parse(rule.out);
  EXPECT_EQ(document["id"], "SL-missing-comma");
  EXPECT_EQ(document["kind"], "lint-rule");
  EXPECT_EQ(document["severity"], "error");
}

TEST(Explain, TellsHowAFindingIsMendedOnEachServer) {
  const auto text = run({"explain", "SA-CH-06"}).out;
  for (const auto* server : {"Kamailio: ", "OpenSIPS: ", "Asterisk chan_sip: ", "Flexisip: "}) {
    EXPECT_THAT(text, HasSubstr("Mending      " + std::string{server}));
  }
  const auto document = json::parse(run({"explain", "SA-CH-06", "--json"}).out);
  EXPECT_EQ(document["mending"][0]["server"], "Kamailio");
  EXPECT_FALSE(document["mending"][0]["source"].get<std::string>().empty());
}

TEST(Explain, ListsAllAndEachOfThemCanBeExplained) {
  const auto list = json::parse(run({"explain", "--json"}).out)["ids"];
  ASSERT_GT(list.size(), 100U);
  EXPECT_THAT(run({"explain"}).out, HasSubstr("SA-STALE-01"));
  // Its examples are no UTF-8.
  EXPECT_EQ(run({"explain", "SL-not-utf-8"}).exit, good);
  // One of each dozen: a process for each of them would take long.
  for (std::size_t i = 0; i < list.size(); i += 12) {
    EXPECT_EQ(run({"explain", list[i]["id"].get<std::string>()}).exit, good) << list[i];
  }
}

// The words of a help text that begin with two dashes.
std::set<std::string> options_in(const std::string& help) {
  std::set<std::string> options;
  for (std::size_t at = help.find("--"); at != std::string::npos; at = help.find("--", at)) {
    const auto end = help.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", at);
    if (const auto name = help.substr(at, end - at); name.size() > 2) options.insert(name);
    at = end;
  }
  return options;
}

std::string man_page(const std::string& name) {
  std::ifstream file{std::string{SIPAUTH_SOURCE_DIR} + "/man/" + name + ".1.scd"};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ManPages, NameEveryOption) {
  const auto general = man_page("sipauth");
  ASSERT_THAT(general, HasSubstr("# EXIT STATUS"));
  for (const auto& option : options_in(run({"--help"}).out)) {
    EXPECT_THAT(general, HasSubstr('*' + option)) << option;
  }
  for (const auto& command : commands) {
    const auto page = man_page("sipauth-" + command);
    EXPECT_THAT(page, HasSubstr("# EXIT STATUS")) << command;
    const bool has_target = command == "probe" || command == "stale";
    for (const auto& option : options_in(run({command, "--help"}).out)) {
      if (option == "--help") continue;
      const auto told = '*' + option;
      const bool in_general = has_target && general.find(told) != std::string::npos;
      EXPECT_TRUE(in_general || page.find(told) != std::string::npos) << command << ' ' << option;
    }
  }
  for (const std::string peer : {"server", "client"}) {
    const auto page = man_page("sipauth-fuzz-" + peer);
    for (const auto& option : options_in(run({"fuzz", peer, "--help"}).out)) {
      const auto told = '*' + option;
      const bool is_told =
          page.find(told) != std::string::npos || general.find(told) != std::string::npos;
      EXPECT_TRUE(is_told) << "fuzz " << peer << ' ' << option;
    }
  }
}

}  // namespace
}  // namespace sipauth::e2e
