// `sipauth fuzz server` and `fuzz client` against peers with planted bugs (tests/peers): each bug
// is found, comes down to one message, and a peer that is well has no finding.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "e2e/tool.hpp"
#include "interop/process.hpp"

namespace sipauth::e2e {
namespace {

using namespace std::chrono_literals;
using interop::Process;
using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr auto start_limit = 20s;

std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

// The number behind that word.
std::string number_behind(const std::string& line, const std::string& word) {
  const auto at = line.find(word);
  if (at == std::string::npos) return {};
  const auto begin = at + word.size();
  return line.substr(begin, line.find_first_not_of("0123456789", begin) - begin);
}

class Registrar {
 public:
  explicit Registrar(std::vector<std::string> arguments) : process_{start(arguments)} {
    const auto line = process_.line(start_limit).value_or("");
    port_ = number_behind(line, "port ");
    pid_ = number_behind(line, "pid ");
    if (port_.empty()) throw std::runtime_error{"the planted registrar does not listen: " + line};
  }

  [[nodiscard]] std::string target() const { return "sip:alice@127.0.0.1:" + port_; }
  [[nodiscard]] std::string restart() const { return "kill -HUP " + pid_; }
  [[nodiscard]] const ScratchDirectory& scratch() const { return scratch_; }

  /// `fuzz server` as alice, with a document as output.
  [[nodiscard]] Outcome fuzz(Arguments more, std::string_view password = "secret\n") const {
    Arguments all{"fuzz", "server", target(),      "--seed",
                  "1",    "--json", "--artifacts", scratch_.path() + "/found"};
    if (!password.empty()) all.insert(all.end(), {"--password-file", "-"});
    all.insert(all.end(), more.begin(), more.end());
    return run(all, password);
  }

 private:
  Process start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), SIPAUTH_PLANTED_REGISTRAR);
    return Process{arguments, scratch_.path() + "/log", Process::Output::read};
  }

  ScratchDirectory scratch_;
  Process process_;
  std::string port_;
  std::string pid_;
};

// --- What it finds. ---

struct Bug {
  std::string name;
  std::string transport;
  bool hook = false;  ///< it does not get well by itself
};

void PrintTo(const Bug& bug, std::ostream* out) { *out << bug.name << ' ' << bug.transport; }

class FuzzServer : public testing::TestWithParam<Bug> {};

TEST_P(FuzzServer, BringsAPlantedBugDownToOneMessageThatReplays) {
  const auto& bug = GetParam();
  const Registrar registrar{{bug.name}};
  Arguments more{"--tries", "12", "--transport", bug.transport};
  if (bug.hook) more.insert(more.end(), {"--restart-hook", registrar.restart()});
  const auto outcome = registrar.fuzz(more);
  EXPECT_EQ(outcome.exit, 1) << outcome.out << outcome.err;
  const auto document = json::parse(outcome.out);
  ASSERT_EQ(document["findings"].size(), 1U) << outcome.out;
  const auto& finding = document["findings"][0];
  EXPECT_EQ(finding["kind"], bug.name);
  EXPECT_EQ(finding["reproduced"], true) << outcome.out;
  EXPECT_EQ(finding["came_back"], true);
  EXPECT_EQ(finding["cases"].size(), 1U) << outcome.out;

  // The digest is not in the file: only the place where it stands.
  const auto whole = content_of(finding["file"]);
  EXPECT_THAT(whole, HasSubstr("sipauth replay 1\npeer: server\nkind: " + bug.name + '\n'));
  EXPECT_THAT(whole, HasSubstr("{{"));
  EXPECT_THAT(whole, Not(ContainsRegex("response=\"[0-9a-f]{32}")));
  ASSERT_TRUE(finding["minimized"].is_string()) << outcome.out;
  const auto smallest = content_of(finding["minimized"]);
  EXPECT_LT(smallest.size(), whole.size());

  Arguments replay{"--transport", bug.transport, "--replay", finding["minimized"]};
  if (bug.hook) replay.insert(replay.end(), {"--restart-hook", registrar.restart()});
  const auto again = registrar.fuzz(replay);
  EXPECT_EQ(again.exit, 1) << again.out << again.err;
  EXPECT_EQ(json::parse(again.out)["findings"][0]["kind"], bug.name) << again.out;
}

INSTANTIATE_TEST_SUITE_P(Bugs, FuzzServer,
                         testing::Values(Bug{"crash", "udp"}, Bug{"crash", "tcp"},
                                         Bug{"hang", "udp"}, Bug{"state", "udp", true}),
                         [](const auto& row) {
                           return row.param.name + '_' + row.param.transport;
                         });

TEST(FuzzServer, HasNoFindingOnARegistrarThatIsWell) {
  const Registrar registrar{{"none"}};
  for (const std::string transport : {"udp", "tcp"}) {
    const auto outcome = registrar.fuzz({"--runs", "200", "--transport", transport});
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    const auto document = json::parse(outcome.out);
    EXPECT_EQ(document["runs"], 200);
    EXPECT_TRUE(document["findings"].empty());
    EXPECT_EQ(document["usual"]["Right credentials"], "200");
    EXPECT_GT(document["answers"].value("200", 0), 0) << "no mutated request got past the digest";
    EXPECT_FALSE(std::filesystem::exists(registrar.scratch().path() + "/found"));
  }
}

TEST(FuzzServer, NamesTheCandidatesWhenTheServerStaysAway) {
  const Registrar registrar{{"crash", "dies"}};
  const auto outcome = registrar.fuzz({"--patience", "300ms"});
  EXPECT_EQ(outcome.exit, 1) << outcome.out << outcome.err;
  const auto finding = json::parse(outcome.out)["findings"][0];
  EXPECT_EQ(finding["kind"], "crash");
  EXPECT_EQ(finding["reproduced"], false);
  EXPECT_EQ(finding["came_back"], false);
  ASSERT_FALSE(finding["files"].empty());
  for (const std::string file : finding["files"]) EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(FuzzServer, RepeatsARunByItsSeed) {
  const Arguments arguments{"fuzz", "server", "builtin:strict", "--runs", "150", "--json"};
  const auto first = run(arguments);
  EXPECT_EQ(first.exit, 0) << first.out << first.err;
  EXPECT_EQ(json::parse(first.out)["runs"], 150);
  EXPECT_EQ(run(arguments).out, first.out);
}

TEST(FuzzServer, SaysWhatItCannotReachWithoutAPassword) {
  const Registrar registrar{{"none"}};
  const auto outcome = registrar.fuzz({"--runs", "30", "--no-input"}, "");
  EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("No password was given"));
  EXPECT_THAT(outcome.out, HasSubstr("NOT fuzzed"));
}

TEST(FuzzServer, DoesNotFuzzBehindCredentialsThatAreRefused) {
  const Registrar registrar{{"none"}};
  const auto outcome = registrar.fuzz({"--runs", "30"}, "wrong\n");
  EXPECT_EQ(outcome.exit, 4) << outcome.out << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["error"]["kind"], "credentials");
}

// --- Its brakes. ---

TEST(FuzzServer, SendsToAnotherHostOnlyWhenThatIsNamedTwice) {
  const auto once = run({"fuzz", "server", "sip:alice@192.0.2.1", "--dry-run"});
  EXPECT_EQ(once.exit, 2);
  EXPECT_THAT(once.err, HasSubstr("--allow-host 192.0.2.1"));

  const auto another =
      run({"fuzz", "server", "sip:alice@192.0.2.1", "--allow-host", "192.0.2.2", "--dry-run"});
  EXPECT_EQ(another.exit, 2);

  const auto through =
      run({"fuzz", "server", "sip:alice@127.0.0.1", "--connect", "192.0.2.1:5060", "--dry-run"});
  EXPECT_EQ(through.exit, 2);

  const auto twice =
      run({"fuzz", "server", "sip:alice@192.0.2.1", "--allow-host", "192.0.2.1", "--dry-run"});
  EXPECT_EQ(twice.exit, 0) << twice.err;
  EXPECT_THAT(twice.out, HasSubstr("at most 40 tries that are refused"));

  const auto fast = run({"fuzz", "server", "sip:alice@192.0.2.1", "--allow-host", "192.0.2.1",
                         "--rate", "1000", "--dry-run"});
  EXPECT_EQ(fast.exit, 2);
}

TEST(FuzzServer, SaysThatNobodyListens) {
  std::string target;
  {
    const Registrar registrar{{"none"}};
    target = registrar.target();
  }
  const auto outcome = run({"fuzz", "server", target, "--no-input", "--json"});
  EXPECT_EQ(outcome.exit, 3) << outcome.out << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["error"]["kind"], "refused");
}

TEST(FuzzServer, TellsWhatItKnowsWhenInterrupted) {
  const Registrar registrar{{"none"}};
  Tool tool{
      {"fuzz", "server", registrar.target(), "--seconds", "50", "--no-input", "--json", "-v"}};
  ASSERT_TRUE(tool.wait_for("200")) << tool.err();  // the first looks are over
  tool.send_signal(SIGINT);
  const auto outcome = tool.finish();
  EXPECT_EQ(outcome.exit, 130) << outcome.out;
  EXPECT_EQ(json::parse(outcome.out)["error"]["kind"], "interrupted");
}

TEST(FuzzServer, RefusesFilesThatAreNoReplay) {
  const ScratchDirectory scratch;
  const auto other = scratch.file("other", "REGISTER sip:x SIP/2.0\r\n\r\n");
  EXPECT_EQ(run({"fuzz", "server", "builtin:strict", "--replay", other}).exit, 2);
  const auto client = scratch.file("client", "sipauth replay 1\npeer: client\n----\nSIP/2.0 401 x");
  EXPECT_EQ(run({"fuzz", "server", "builtin:strict", "--replay", client}).exit, 2);
  const auto good = scratch.file("good", "sipauth replay 1\npeer: server\n----\nREGISTER");
  EXPECT_EQ(run({"fuzz", "server", "builtin:strict", "--replay", good}).exit, 0);
}

// --- A phone. ---

struct PhoneRun {
  Outcome outcome;
  json document;
};

// The tool first, because it says where to call.
PhoneRun fuzz_phone(const std::string& bug, const ScratchDirectory& scratch,
                    const Arguments& more) {
  Arguments arguments{"fuzz",
                      "client",
                      "--listen",
                      "127.0.0.1:0",
                      "--seed",
                      "1",
                      "--json",
                      "--artifacts",
                      scratch.path() + "/found",
                      "--expires",
                      "1",
                      "--restart-hook",
                      "kill -HUP $(cat " + scratch.path() + "/pid)"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Tool tool{arguments};
  EXPECT_TRUE(tool.wait_for("point the phone there")) << tool.err();
  Process phone{{SIPAUTH_PLANTED_PHONE, bug, number_behind(tool.err(), "127.0.0.1:")},
                scratch.path() + "/log",
                Process::Output::read};
  const auto line = phone.line(start_limit).value_or("");
  (void)scratch.file("pid", number_behind(line, "pid "));
  auto outcome = tool.finish();
  auto document = json::parse(outcome.out, nullptr, false);
  return {.outcome = std::move(outcome), .document = std::move(document)};
}

TEST(FuzzClient, HasNoFindingOnAPhoneThatIsWell) {
  const ScratchDirectory scratch;
  const auto run = fuzz_phone("none", scratch, {"--runs", "60"});
  EXPECT_EQ(run.outcome.exit, 0) << run.outcome.out << run.outcome.err;
  EXPECT_EQ(run.document["runs"], 60);
  EXPECT_EQ(run.document["peer"]["user_agent"], "planted");
}

TEST(FuzzClient, BringsACrashDownToOneAnswerThatReplays) {
  const ScratchDirectory scratch;
  const Arguments patience{"--patience", "1500ms", "--tries", "6"};
  const auto run = fuzz_phone("crash", scratch, patience);
  EXPECT_EQ(run.outcome.exit, 1) << run.outcome.out << run.outcome.err;
  const auto finding = run.document["findings"][0];
  EXPECT_EQ(finding["kind"], "silence");
  EXPECT_EQ(finding["reproduced"], true);
  ASSERT_EQ(finding["cases"].size(), 1U) << run.outcome.out;
  ASSERT_TRUE(finding["minimized"].is_string()) << run.outcome.out;
  EXPECT_THAT(content_of(finding["minimized"]), HasSubstr("WWW-Authenticate:"));

  auto replay = patience;
  replay.insert(replay.end(), {"--replay", finding["minimized"]});
  const auto again = fuzz_phone("crash", scratch, replay);
  EXPECT_EQ(again.outcome.exit, 1) << again.outcome.out << again.outcome.err;
  EXPECT_EQ(again.document["findings"][0]["kind"], "silence");
}

TEST(FuzzClient, SeesThatAPhoneIsLetInNoMore) {
  const ScratchDirectory scratch;
  const auto run = fuzz_phone("state", scratch, {"--tries", "12"});
  EXPECT_EQ(run.outcome.exit, 1) << run.outcome.out << run.outcome.err;
  const auto finding = run.document["findings"][0];
  EXPECT_EQ(finding["kind"], "state");
  EXPECT_EQ(finding["reproduced"], true);
  EXPECT_EQ(finding["cases"].size(), 1U) << run.outcome.out;
}

TEST(FuzzClient, WaitsLongerThanItLetsAPhoneIn) {
  const auto outcome = run({"fuzz", "client", "--patience", "5", "--expires", "10"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--patience"));
}

}  // namespace
}  // namespace sipauth::e2e
