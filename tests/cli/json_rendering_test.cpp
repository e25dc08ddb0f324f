#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "net/base64.hpp"
#include "results/result.hpp"

namespace sipauth::results {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

std::vector<std::string> names(const Json& object) {
  std::vector<std::string> all;
  for (const auto& [name, value] : object.items()) all.push_back(name);
  return all;
}

constexpr net::WallTime start{1'767'225'600s + 7ms};

Row failed() {
  return {.id = "SA-STALE-01",
          .title = "T",
          .verdict = Verdict::fail,
          .summary = "403",
          .expected = "401",
          .harm = "H",
          .references = {"RFC 7616 3.3"},
          .observed = {{"status", std::int64_t{403}},
                       {"nonce_changed", true},
                       {"stale", std::string{"true"}},
                       {"age", 1.5}},
          .messages = {3, 4},
          .call_id = "abc",
          .wall = start};
}

Result result_of(std::vector<Row> rows) {
  return {.command = "stale",
          .started = start,
          .elapsed = 5130us,
          .target = {.input = "sip:a",
                     .uri = "sip:a",
                     .understood = "sip:a:5060 over UDP",
                     .transport = "udp",
                     .address = "127.0.0.1",
                     .port = 5060,
                     .server = "kamailio 5.6.3"},
          .rows = std::move(rows),
          .requests = 5,
          .refused = 2,
          .exit_code = 1};
}

TEST(JsonReport, HasTheMembersOfTheSchemaInTheirOrder) {
  const auto text = render_json(result_of({failed()}));
  EXPECT_TRUE(text.ends_with("}\n"));
  const auto json = Json::parse(text);
  EXPECT_EQ(names(json),
            (std::vector<std::string>{"schema", "tool", "command", "started", "elapsed_ms",
                                      "target", "insecure", "headlines", "results", "client_impact",
                                      "notes", "messages", "summary", "exit_code"}));
  EXPECT_EQ(json["schema"], "sipauth/1");
  EXPECT_EQ(json["tool"], Json::parse(R"({"name": "sipauth", "version": ")" SIPAUTH_VERSION "\"}"));
  EXPECT_EQ(json["command"], "stale");
  EXPECT_EQ(json["started"], "2026-01-01T00:00:00.007Z");
  EXPECT_EQ(json["elapsed_ms"], 5.13);
  EXPECT_EQ(json["exit_code"], 1);
}

TEST(JsonReport, TellsTheTargetAndNullWhereNothingIsKnown) {
  auto result = result_of({});
  EXPECT_EQ(Json::parse(render_json(result))["target"],
            Json::parse(R"({"input": "sip:a", "uri": "sip:a",
              "understood": "sip:a:5060 over UDP", "transport": "udp", "address": "127.0.0.1",
              "port": 5060, "server": "kamailio 5.6.3"
})"));
  result.target = {.input = "x"};
  EXPECT_EQ(Json::parse(render_json(result))["target"],
            Json::parse(R"({"input": "x", "uri": null, "understood": null, "transport": null,
              "address": null, "port": null, "server": null})"));
}

TEST(JsonReport, TellsEachRowWithItsFactsInTheirTypes) {
  const auto json = Json::parse(render_json(result_of({failed()})))["results"];
  EXPECT_EQ(json, Json::parse(R"([{"id": "SA-STALE-01", "title": "T", "verdict": "fail",
    "summary": "403", "expected": "401", "harm": "H", "references": ["RFC 7616 3.3"],
    "observed": {"status": 403, "nonce_changed": true, "stale": "true", "age": 1.5},
    "messages": [3, 4], "call_id": "abc", "time": "2026-01-01T00:00:00.007Z",
    "mending": []}])"));
}

TEST(JsonReport, TellsARowWithoutEvidence) {
  const Row row{.id = "SA-CH-01", .verdict = Verdict::skip};
  const auto json = Json::parse(render_json(result_of({row})))["results"][0];
  EXPECT_EQ(json["observed"], Json::object());
  EXPECT_EQ(json["messages"], Json::array());
  EXPECT_EQ(json["references"], Json::array());
  EXPECT_TRUE(json["call_id"].is_null());
  EXPECT_TRUE(json["time"].is_null());
}

struct GradeCase {
  std::vector<Verdict> verdicts;
  std::string_view grade;
};

TEST(JsonReport, GradesByTheWorstAndGivesNoGradeToSilence) {
  using enum Verdict;
  for (const auto& [verdicts, grade] : std::vector<GradeCase>{{{}, "-"},
                                                              {{skip, skip}, "-"},
                                                              {{inconclusive}, "-"},
                                                              {{pass, inconclusive}, "-"},
                                                              {{pass, skip, info}, "A"},
                                                              {{info}, "A"},
                                                              {{pass, warn}, "B"},
                                                              {{warn, inconclusive}, "B"},
                                                              {{pass, warn, fail}, "F"}}) {
    std::vector<Row> rows;
    for (const auto verdict : verdicts) rows.push_back({.id = "X", .verdict = verdict});
    EXPECT_EQ(Json::parse(render_json(result_of(rows)))["summary"]["grade"], grade);
  }
}

TEST(JsonReport, CountsEachVerdict) {
  using enum Verdict;
  std::vector<Row> rows;
  for (const auto verdict : {pass, pass, warn, skip}) {
    rows.push_back({.id = "X", .verdict = verdict});
  }
  EXPECT_EQ(Json::parse(render_json(result_of(rows)))["summary"],
            Json::parse(R"({"pass": 2, "info": 0, "warn": 1, "fail": 0, "skip": 1,
              "inconclusive": 0, "grade": "B", "requests": 5, "refused": 2})"));
}

TEST(JsonReport, TellsSeedErrorHeadlinesAndNotesWhenThereAreAny) {
  auto result = result_of({});
  result.seed = 18'446'744'073'709'551'615U;
  result.headlines = {"stale handling NOT tested: no password"};
  result.notes = {"n"};
  result.insecure = true;
  result.error = Error{"no-password", "no password"};
  const auto json = Json::parse(render_json(result));
  EXPECT_EQ(json["seed"], 18'446'744'073'709'551'615U);
  EXPECT_EQ(json["headlines"], Json::parse(R"(["stale handling NOT tested: no password"])"));
  EXPECT_EQ(json["notes"], Json::parse(R"(["n"])"));
  EXPECT_EQ(json["insecure"], true);
  EXPECT_EQ(json["error"], Json::parse(R"({"kind": "no-password", "text": "no password"})"));
}

class JsonMessages : public testing::Test {
 protected:
  void record(std::string bytes, sip::Direction direction = sip::Direction::out) {
    recorder_.add({.at = 1500us,
                   .wall = start,
                   .direction = direction,
                   .transport = "udp",
                   .local = "127.0.0.1:5062",
                   .remote = "127.0.0.1:5060",
                   .bytes = std::move(bytes)});
  }

  Json messages(bool show_secrets = false) {
    auto result = result_of({});
    result.recorder = &recorder_;
    result.show_secrets = show_secrets;
    return Json::parse(render_json(result))["messages"];
  }

  sip::Recorder recorder_;
};

TEST_F(JsonMessages, AreToldWithTimeDirectionAndExactBytes) {
  record("OPTIONS sip:a SIP/2.0\r\n\r\n");
  record("SIP/2.0 200 OK\r\n\r\n", sip::Direction::in);
  recorder_.at(1).note = "retransmission";
  EXPECT_EQ(messages(), Json::parse(R"([
    {"index": 0, "at_ms": 1.5, "time": "2026-01-01T00:00:00.007Z", "direction": "out",
     "transport": "udp", "local": "127.0.0.1:5062", "remote": "127.0.0.1:5060",
     "text": "OPTIONS sip:a SIP/2.0\r\n\r\n", "base64": "T1BUSU9OUyBzaXA6YSBTSVAvMi4wDQoNCg=="},
    {"index": 1, "at_ms": 1.5, "time": "2026-01-01T00:00:00.007Z", "direction": "in",
     "transport": "udp", "local": "127.0.0.1:5062", "remote": "127.0.0.1:5060",
     "note": "retransmission",
     "text": "SIP/2.0 200 OK\r\n\r\n", "base64": "U0lQLzIuMCAyMDAgT0sNCg0K"}])"));
}

TEST_F(JsonMessages, OfOurCredentialsLeaveNoWayToThem) {
  record("A b SIP/2.0\r\nAuthorization: Digest response=\"0123\", cnonce=\"45\"\r\n\r\n");
  const auto message = messages()[0];
  EXPECT_EQ(message["text"],
            "A b SIP/2.0\r\nAuthorization: Digest response=\"***\", cnonce=\"***\"\r\n\r\n");
  EXPECT_EQ(message["redacted"], true);
  EXPECT_FALSE(message.contains("base64"));
}

TEST_F(JsonMessages, AreWholeWhenSecretsMayBeShown) {
  const std::string bytes = "A b SIP/2.0\r\nAuthorization: Digest response=\"0123\"\r\n\r\n";
  record(bytes);
  const auto message = messages(true)[0];
  EXPECT_EQ(message["text"], bytes);
  EXPECT_EQ(message["base64"], net::base64(bytes));
  EXPECT_FALSE(message.contains("redacted"));
}

TEST_F(JsonMessages, AreValidAndHarmlessWhateverThePeerWrites) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  bytes += "\u202e\xed\xa0\x80";
  record(bytes, sip::Direction::in);
  auto result = result_of({});
  result.recorder = &recorder_;
  result.target.server = result.error.emplace().text = bytes;
  result.headlines = result.notes = {bytes};
  result.rows = {{.id = bytes, .title = bytes, .summary = bytes, .observed = {{bytes, bytes}}}};
  const auto text = render_json(result);
  EXPECT_EQ(Json::parse(text)["messages"][0]["base64"], net::base64(bytes));
  for (const char c : text) {
    ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    ASSERT_NE(c, '\x7f');
  }
  EXPECT_EQ(text.find("\u202e"), std::string::npos);
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
}

TEST(JsonProbe, IsToldBesideTheResults) {
  auto result = result_of({});
  result.command = "probe";
  result.probe =
      Probe{.rtt_ms = 1.5,
            .status = 401,
            .reason = "Unauthorized",
            .challenges = {{.header = "WWW-Authenticate",
                            .scheme = "Digest",
                            .parameters = {{"realm", "r"}, {"cnonce", "leak"}},
                            .lint = {{"SL-missing-nonce", "error", 7, 0, "T", "RFC 7616 3.3"}}}},
            .lint = {{"SL-md5-first", "warning", 9, 6, "U", "RFC 8760 2.4"}},
            .credentials_status = 200,
            .credentials_text = "accepted: 200 OK",
            .options_status = 200,
            .options_allow = "REGISTER"};
  EXPECT_EQ(Json::parse(render_json(result))["probe"], Json::parse(R"(
    {"rtt_ms": 1.5, "status": 401, "reason": "Unauthorized", "tls": null,
     "challenges": [{"header": "WWW-Authenticate", "scheme": "Digest",
       "parameters": [{"name": "realm", "value": "r"}, {"name": "cnonce", "value": "***"}],
       "diagnostics": [{"rule": "SL-missing-nonce", "severity": "error", "offset": 7, "length": 0,
                        "text": "T", "reference": "RFC 7616 3.3"}]}],
     "diagnostics": [{"rule": "SL-md5-first", "severity": "warning", "offset": 9, "length": 6,
                      "text": "U", "reference": "RFC 8760 2.4"}],
     "credentials": {"status": 200, "text": "accepted: 200 OK"},
     "options": {"status": 200, "allow": "REGISTER"}})"));
}

TEST(JsonProbe, TellsTlsAndNullWhereNothingWasTried) {
  auto result = result_of({});
  auto& tls = result.probe.emplace().tls.emplace();
  tls.version = "TLSv1.3";
  tls.by_wildcard = true;
  const auto json = Json::parse(render_json(result))["probe"];
  EXPECT_TRUE(json["credentials"].is_null());
  EXPECT_TRUE(json["options"].is_null());
  EXPECT_EQ(json["tls"]["version"], "TLSv1.3");
  EXPECT_EQ(json["tls"]["verified"], false);
  EXPECT_EQ(json["tls"]["by_wildcard"], true);
  EXPECT_TRUE(json["tls"]["verify_error"].is_null());
}

}  // namespace
}  // namespace sipauth::results
