// sipauth pcap, from outside.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/packets.hpp"
#include "e2e/tool.hpp"
#include "lib/flow_script.hpp"
#include "sipauth/flow_checks.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

// In a folder of its own, gone afterwards.
class Pcap : public testing::Test {
 protected:
  Pcap() { std::filesystem::create_directories(folder_); }
  ~Pcap() override { std::filesystem::remove_all(folder_); }
  Pcap(const Pcap&) = delete;
  Pcap& operator=(const Pcap&) = delete;

  std::string write(const std::string& name, const std::string& bytes) {
    const auto file = (folder_ / name).string();
    std::ofstream{file, std::ios::binary} << bytes;
    ::chmod(file.c_str(), S_IRUSR | S_IWUSR);
    return file;
  }

  std::string place(const std::string& name) { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("sipauth-pcap-" + std::to_string(::getpid()));
};

// 1 700 000 000 s and on.
std::string capture_of(std::string_view script) {
  constexpr std::int64_t begin = 1'700'000'000;
  auto file = test::pcap_header(101);
  for (const auto& message : test::messages_of(script)) {
    auto packet = test::ipv4(test::udp(message.text));
    const bool is_answer = message.text.starts_with("SIP/2.0");
    if (is_answer) {
      const auto addresses = packet.substr(12, 8);
      packet.replace(12, 8, addresses.substr(4) + addresses.substr(0, 4));
    }
    file +=
        test::pcap_record(packet, static_cast<std::uint32_t>(begin + message.time / 1'000'000'000),
                          static_cast<std::uint32_t>(message.time % 1'000'000'000 / 1000));
  }
  return file;
}

std::string_view fails_on(std::string_view id) {
  for (const auto& check : flow_checks) {
    if (check.id == id) return check.fails_on;
  }
  return {};
}

json row_of(const json& document, std::string_view id) {
  for (const auto& row : document["results"]) {
    if (row["id"] == id) return row;
  }
  return {};
}

TEST_F(Pcap, NamesTheDeadlockAndWhoseFaultItIs) {
  const auto file = write("dead.pcap", capture_of(fails_on("SP-DEAD-01")));
  const auto text = run({"pcap", file, "--ladder", "1"});
  EXPECT_EQ(text.exit, 1);
  EXPECT_THAT(text.out, HasSubstr("SP-DEAD-01"));
  EXPECT_THAT(text.out, HasSubstr("At fault"));
  EXPECT_THAT(text.out, HasSubstr("Ladder of attempt 1"));
  EXPECT_THAT(text.out, HasSubstr("2023-11-14 22:13:20"));
  const auto document = json::parse(run({"pcap", file, "--json"}).out);
  EXPECT_EQ(row_of(document, "SP-DEAD-01")["verdict"], "fail");
  EXPECT_EQ(row_of(document, "SP-DEAD-01")["call_id"], "c1");
  EXPECT_EQ(document["capture"]["attempts"][0]["outcome"], "refused");
  EXPECT_EQ(document["exit_code"], 1);
}

TEST_F(Pcap, ShowsTheChecksThatWereAskedForAlone) {
  const auto file = write("dead.pcap", capture_of(fails_on("SP-DEAD-01")));
  const auto document = json::parse(run({"pcap", file, "--only", "sp-dead", "--json"}).out);
  ASSERT_EQ(document["results"].size(), 2U);
  EXPECT_EQ(row_of(document, "SP-DEAD-01")["verdict"], "fail");
  const auto all = run({"pcap", write("none.pcap", test::pcap_header(101)), "--ladder", "all"});
  EXPECT_EQ(all.exit, 0) << all.err;
}

// Logs name one end of a message, or both of some messages only.
TEST_F(Pcap, KeepsADialogueOfALogTogetherWhateverItTellsOfAddresses) {
  const auto message = [](std::string_view heading, std::string_view start, std::string_view more,
                          int number) {
    return fmt::format(
        "{}{}\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK{}\nFrom: <sip:1@a.example>;tag=1\n"
        "To: <sip:1@a.example>\nCall-ID: c\nCSeq: {} REGISTER\n{}\n",
        heading, start, number, number, more);
  };
  constexpr std::string_view request = "REGISTER sip:a.example SIP/2.0";
  constexpr std::string_view challenge =
      "WWW-Authenticate: Digest realm=\"a\", nonce=\"5f3a9c1e7b2d4068\", qop=\"auth\"\n";
  constexpr std::string_view credentials =
      "Authorization: Digest username=\"1\", realm=\"a\", nonce=\"5f3a9c1e7b2d4068\", "
      "uri=\"sip:a.example\", response=\"8d1f2c3b4a5968778695a4b3c2d1e0f1\", qop=auth, "
      "nc=00000001, cnonce=\"x\"\n";
  struct Headings {
    std::string_view first = {};
    std::string_view second = {};
    std::string_view server = {};
  };
  constexpr auto logs = std::to_array<Headings>({
      {"", "recv 448 bytes from udp/[192.0.2.9]:5060:\n", "192.0.2.9:5060"},
      {"send 448 bytes to udp/[192.0.2.9]:5060:\n", "", "192.0.2.9:5060"},
      {"2024-03-01 10:00:00.1 from 192.0.2.7\n", "2024-03-01 10:00:00.2 from 192.0.2.9\n",
       "192.0.2.9"},
      {"", "", ""},
  });
  for (const auto& [first, second, server] : logs) {
    const auto file = write(
        "log.txt",
        message(first, request, "", 1) + message(second, "SIP/2.0 401 Unauthorized", challenge, 1) +
            message("", request, credentials, 2) + message("", "SIP/2.0 403 Forbidden", "", 2));
    const auto document = json::parse(run({"pcap", file, "--json"}).out);
    const auto& attempts = document["capture"]["attempts"];
    ASSERT_EQ(attempts.size(), 1U) << first << second;
    EXPECT_EQ(attempts[0]["outcome"], "refused");
    EXPECT_EQ(attempts[0]["requests"], 2);
    EXPECT_EQ(attempts[0]["server"].get<std::string>(), server) << first << second;
    EXPECT_EQ(row_of(document, "SP-CSEQ-02")["verdict"], "pass");
  }
}

TEST_F(Pcap, VerifiesDigestsAndPrintsNoSecret) {
  const auto file = write("wrong.pcap", capture_of(fails_on("SP-DIG-01")));
  const auto accounts = write("accounts", "alice example.com secret\n");
  const auto outcome = run({"pcap", file, "--accounts", accounts, "--json"});
  EXPECT_EQ(outcome.exit, 1);
  const auto document = json::parse(outcome.out);
  const auto row = row_of(document, "SP-DIG-01");
  EXPECT_EQ(row["verdict"], "fail");
  EXPECT_THAT(row["summary"].get<std::string>(), HasSubstr("INVITE"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\"secret\"")));
  ::chmod(accounts.c_str(), S_IRUSR | S_IWUSR | S_IROTH);
  EXPECT_EQ(run({"pcap", file, "--accounts", accounts}).exit, 2);
}

TEST_F(Pcap, ReadsADamagedCaptureToItsLastGoodPacketAndSaysSo) {
  auto bytes = capture_of(fails_on("SP-DEAD-01"));
  bytes.resize(bytes.size() - 10);
  const auto outcome = run({"pcap", write("cut.pcap", bytes)});
  EXPECT_THAT(outcome.out, HasSubstr("it ends within a packet"));
  EXPECT_THAT(outcome.out, HasSubstr("1 attempt"));
}

TEST_F(Pcap, AnonymizesIntoAFileThatReadsTheSame) {
  const auto file = write("dead.pcap", capture_of(fails_on("SP-DEAD-01")));
  const auto target = place("mail.pcapng");
  EXPECT_EQ(run({"pcap", file, "--anonymize", target}).exit, 1);
  std::ifstream in{target, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  EXPECT_THAT(bytes, Not(HasSubstr("alice")));
  EXPECT_THAT(bytes, Not(HasSubstr("example.com")));
  const auto before = json::parse(run({"pcap", file, "--json"}).out);
  const auto after = json::parse(run({"pcap", target, "--json"}).out);
  for (const auto& row : before["results"]) {
    EXPECT_EQ(row_of(after, row["id"].get<std::string>())["verdict"], row["verdict"]) << row["id"];
  }
  // It never writes over a file.
  EXPECT_EQ(run({"pcap", file, "--anonymize", target}).exit, 2);
}

TEST_F(Pcap, ReadsAPastedTrace) {
  std::string text;
  for (const auto& message : test::messages_of(fails_on("SP-LOOP-01"))) text += message.text;
  const auto outcome = run({"pcap", "-"}, text);
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_THAT(outcome.out, HasSubstr("SP-LOOP-01"));
}

TEST_F(Pcap, RefusesWhatItCannotRead) {
  struct Case {
    Arguments arguments;
    const char* said;
  };
  const auto nothing = write("nothing", "");
  const auto rubbish = write("rubbish", "no SIP in here\n");
  const auto zipped = write("zipped", "\x1f\x8b\x08");
  for (const auto& [arguments, said] :
       {Case{{"pcap"}, "Which capture?"}, Case{{"pcap", place("absent")}, "Cannot read"},
        Case{{"pcap", nothing}, "is empty"}, Case{{"pcap", rubbish}, "no SIP message"},
        Case{{"pcap", zipped}, "gunzip"},
        Case{{"pcap", rubbish, "--only", "SP-DEAD-1"}, "SP-DEAD"}}) {
    const auto outcome = run(arguments);
    EXPECT_EQ(outcome.exit, 2) << said;
    EXPECT_THAT(outcome.err, HasSubstr(said));
  }
}

TEST_F(Pcap, ExplainsAndListsEveryCheck) {
  const auto list = run({"pcap", "--list"}).out;
  for (const auto& check : flow_checks) {
    EXPECT_THAT(list, HasSubstr(std::string{check.id}));
    EXPECT_EQ(run({"explain", std::string{check.id}}).exit, 0) << check.id;
  }
}

}  // namespace
}  // namespace sipauth::e2e
