#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>

#include "results/result.hpp"

namespace sipauth::results {
namespace {

using namespace std::chrono_literals;

Row row(std::string id, Verdict verdict) {
  return {.id = std::move(id),
          .title = "An expired nonce is called stale",
          .verdict = verdict,
          .summary = "403 Forbidden",
          .expected = "401 with stale=true",
          .harm = "never registers again",
          .references = {"RFC 7616 3.3", "RFC 3261 22.4"},
          .call_id = "abc@sipauth",
          .wall = net::WallTime{1'767'225'600s + 7ms}};
}

Result result_of(std::vector<Row> rows) {
  return {.command = "stale",
          .elapsed = 5130ms,
          .target = {.input = "builtin:strict", .understood = "the built-in registrar strict"},
          .rows = std::move(rows),
          .requests = 87,
          .refused = 1};
}

std::size_t place(const std::string& text, std::string_view part) {
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part << " is missing in\n" << text;
  return at;
}

TEST(TextReport, TellsAFailureWithAllThatIsNeededToActOnIt) {
  const auto text = render_text(result_of({row("SA-STALE-01", Verdict::fail)}), {});
  EXPECT_EQ(text,
            "Target       the built-in registrar strict\n"
            "\n"
            "✗ FAIL  SA-STALE-01  An expired nonce is called stale\n"
            "  Seen       403 Forbidden\n"
            "  Right      401 with stale=true\n"
            "  A phone    never registers again\n"
            "  See        RFC 7616 3.3, RFC 3261 22.4\n"
            "  In the log Call-ID abc@sipauth at 2026-01-01 00:00:00.007 UTC\n"
            "\n"
            "1 failed. 87 requests, 1 refused try, 5.1 s.\n"
            "Exit 0: nothing at or above the threshold.\n");
}

TEST(TextReport, PutsTheWorstFirstAndKeepsTheCataloguesOrderWithin) {
  const auto text =
      render_text(result_of({row("SA-A-1", Verdict::pass), row("SA-A-2", Verdict::skip),
                             row("SA-A-3", Verdict::info), row("SA-A-4", Verdict::inconclusive),
                             row("SA-A-5", Verdict::warn), row("SA-A-6", Verdict::fail),
                             row("SA-A-7", Verdict::warn)}),
                  {});
  std::size_t last = 0;
  for (const auto* id :
       {"✗ FAIL          SA-A-6", "! WARN          SA-A-5", "! WARN          SA-A-7",
        "? INCONCLUSIVE  SA-A-4", "i INFO          SA-A-3", "– SKIP          SA-A-2",
        "✓ PASS          SA-A-1"}) {
    const auto at = place(text, id);
    EXPECT_GT(at, last) << id;
    last = at;
  }
  place(text, "1 failed, 2 warnings, 1 inconclusive, 1 info, 1 skipped, 1 passed.");
}

TEST(TextReport, TellsWhatPassedInOneLine) {
  const auto text = render_text(result_of({row("SA-A-1", Verdict::pass)}), {});
  place(text, "\n✓ PASS  SA-A-1  403 Forbidden\n");
  EXPECT_EQ(text.find("never registers"), std::string::npos);
  EXPECT_EQ(text.find("Call-ID"), std::string::npos);
}

TEST(TextReport, AddsTitlesWhenAskedForMore) {
  const auto text = render_text(result_of({row("SA-A-1", Verdict::pass)}), {.verbosity = 1});
  place(text, "SA-A-1  An expired nonce is called stale: 403 Forbidden\n");
}

TEST(TextReport, TellsHeadlinesBeforeEverythingElse) {
  auto result = result_of({});
  result.headlines = {"stale handling NOT tested: no password"};
  EXPECT_EQ(render_text(result, {}).find("stale handling NOT tested: no password\n"), 0U);
}

TEST(TextReport, TellsNotesErrorAndWhatTheExitCodeMeans) {
  auto result = result_of({});
  result.notes = {"3 answers came twice."};
  result.error = Error{"timeout", "No answer came."};
  result.exit_code = 3;
  const auto text = render_text(result, {});
  EXPECT_LT(place(text, "Note         3 answers came twice."),
            place(text, "Error        No answer came."));
  place(text, "Exit 3: no answer, or not enough of one to judge.\n");
}

TEST(TextReport, UsesSignsThatEveryTerminalHasWhenToldSo) {
  auto result = result_of(
      {row("SA-A-1", Verdict::fail), row("SA-A-2", Verdict::pass), row("SA-A-3", Verdict::skip)});
  result.target.server = "M\xc3\xbcller";
  const auto text = render_text(result, {.utf8 = false});
  place(text, "x FAIL  SA-A-1");
  place(text, "+ PASS  SA-A-2");
  place(text, "- SKIP  SA-A-3");
  place(text, "M\\xC3\\xBCller");
  for (const char c : text) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f));
}

TEST(TextReport, ColoursOnlyWhenToldSo) {
  const auto result = result_of({row("SA-A-1", Verdict::fail)});
  EXPECT_EQ(render_text(result, {}).find('\x1b'), std::string::npos);
  place(render_text(result, {.colour = true}), "\x1b[1;31m✗ FAIL\x1b[0m  SA-A-1");
}

TEST(TextReport, WrapsToTheWidthWithAHangingIndent) {
  auto long_row = row("SA-A-1", Verdict::fail);
  long_row.harm = "The phone believes that its password is wrong and gives up for good.";
  const auto text = render_text(result_of({long_row}), {.width = 50});
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; });
    EXPECT_LE(columns, 50) << line;
  }
  place(text, "  A phone    The phone believes that its password\n             is wrong and gives");
}

TEST(TextReport, LeavesALongWordWholeSoThatItCanBeCopied) {
  const std::string nonce(300, 'n');
  auto long_row = row("SA-A-1", Verdict::pass);
  long_row.summary = "nonce " + nonce + " again";
  const auto text = render_text(result_of({long_row}), {.width = 50});
  std::string line = nonce;
  line += '\n';
  place(text, line);
}

TEST(TextReport, LetsNothingOfThePeerWriteOnTheTerminal) {
  constexpr std::string_view hostile = "\x1b[2J\xc2\x9b\u202e\r\n\xff";
  auto bad_row = row("SA-A-1", Verdict::fail);
  bad_row.summary = bad_row.call_id = hostile;
  auto result = result_of({bad_row});
  result.target.server = hostile;
  result.headlines = {std::string{hostile}};
  result.notes = {std::string{hostile}};
  result.error = Error{"timeout", std::string{hostile}};
  net::TlsFacts tls;
  tls.names = tls.issuer = tls.verify_error = hostile;
  result.probe =
      Probe{.status = 401,
            .reason = std::string{hostile},
            .tls = tls,
            .challenges = {{.header = "WWW-Authenticate",
                            .scheme = std::string{hostile},
                            .parameters = {{std::string{hostile}, std::string{hostile}}}}},
            .credentials_text = std::string{hostile},
            .options_status = 200,
            .options_allow = std::string{hostile}};
  const auto text = render_text(result, {});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
  EXPECT_EQ(text.find("\u202e"), std::string::npos);
}

Result probed() {
  auto result = result_of({});
  result.command = "probe";
  result.probe = Probe{
      .rtt_ms = 3.14159,
      .status = 401,
      .reason = "Unauthorized",
      .challenges = {{.header = "WWW-Authenticate",
                      .scheme = "Digest",
                      .parameters = {{"realm", "r"}, {"nonce", "397d281a"}, {"response", "leak"}},
                      .lint = {{.rule = "SL-missing-comma",
                                .severity = "error",
                                .offset = 41,
                                .text = "Two parameters stand side by side without a comma.",
                                .reference = "RFC 3261 25.1"}}}},
      .credentials_text = "accepted: 200 OK"};
  return result;
}

TEST(TextReport, ShowsAProbesChallengesAndWhatIsWrongWithThem) {
  const auto text = render_text(probed(), {.width = 140});
  place(text, "Answer       401 Unauthorized after 3.1 ms\n");
  place(text, "WWW-Authenticate: Digest\n  realm     r\n  nonce     397d281a\n");
  place(text,
        "  ✗ error  SL-missing-comma at byte 41: Two parameters stand side by side without a "
        "comma. (RFC 3261 25.1)\n");
  place(text, "Credentials  accepted: 200 OK\n");
}

TEST(TextReport, HidesWhatAChallengeEchoesOfOurCredentials) {
  auto result = probed();
  EXPECT_EQ(render_text(result, {}).find("leak"), std::string::npos);
  result.show_secrets = true;
  place(render_text(result, {}), "leak");
}

TEST(TextReport, SaysThatACertificateWasNotTrusted) {
  auto result = probed();
  result.insecure = true;
  auto& tls = result.probe->tls.emplace();
  tls.version = "TLSv1.3";
  tls.cipher = "C";
  tls.verify_error = "self-signed certificate";
  tls.by_wildcard = true;
  const auto text = render_text(result, {});
  place(text, "not verified (--insecure)");
  place(text, "TLSv1.3, C");
  place(text, "Not trusted: self-signed certificate");
  place(text, "RFC 5922 7.2 does not allow");
}

}  // namespace
}  // namespace sipauth::results
