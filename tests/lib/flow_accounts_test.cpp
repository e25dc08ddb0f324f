// Digests in captures held against accounts: every algorithm, on the vectors that the digests
// themselves are proved with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ranges>
#include <string>
#include <vector>

#include "digest_vectors.hpp"
#include "lib/flow_script.hpp"
#include "sipauth/flow.hpp"
#include "sipauth/write.hpp"

namespace sipauth {
namespace {

using testing::HasSubstr;
using vectors::Vector;

struct Sending {
  std::string algorithm;
  std::string username = {};  // where it is not the vector's
  bool userhash = false;
  std::string auts = {};
};

std::string request_of(const Vector& row, const Sending& how, std::string_view response,
                       std::uint32_t cseq = 2) {
  const auto user = how.username.empty() ? std::string{row.user} : how.username;
  std::vector<WrittenParameter> parameters{{"username", user},
                                           {"realm", std::string{row.realm}},
                                           {"nonce", std::string{row.nonce}},
                                           {"uri", std::string{row.uri}},
                                           {"response", std::string{response}},
                                           {"algorithm", how.algorithm}};
  if (row.qop != Qop::none) {
    parameters.push_back({"qop", std::string{qop_name(row.qop)}});
    parameters.push_back({"nc", std::string{row.nc}});
    parameters.push_back({"cnonce", std::string{row.cnonce}});
  }
  if (how.userhash) parameters.push_back({"userhash", "true"});
  if (!how.auts.empty()) parameters.push_back({"auts", how.auts});
  return write_request({.method = std::string{row.method},
                        .request_uri = std::string{row.uri},
                        .via_host = "10.0.0.5:5060",
                        .branch = "z9hG4bK" + std::to_string(cseq),
                        .from = "<sip:alice@example.com>;tag=1",
                        .to = "<sip:alice@example.com>",
                        .call_id = "c1",
                        .cseq = cseq,
                        .headers = {{"Authorization", write_credentials(parameters)}},
                        .body = std::string{row.body},
                        .content_type = row.body.empty() ? "" : "application/sdp"});
}

std::string challenge_to(const Vector& row, const Sending& how, int status, std::uint32_t cseq) {
  std::vector<WrittenHeader> headers{
      {"Via", "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK" + std::to_string(cseq)},
      {"From", "<sip:alice@example.com>;tag=1"},
      {"To", "<sip:alice@example.com>;tag=2"},
      {"Call-ID", "c1"},
      {"CSeq", std::to_string(cseq) + ' ' + std::string{row.method}}};
  if (status == 401) {
    const std::vector<WrittenParameter> parameters{{"realm", std::string{row.realm}},
                                                   {"nonce", std::string{row.nonce}},
                                                   {"algorithm", how.algorithm},
                                                   {"qop", "auth"}};
    headers.push_back({"WWW-Authenticate", write_challenge(parameters)});
  }
  return write_response(status, "Answer", headers);
}

FlowReport report_on(const std::vector<std::string>& messages, FlowAccount account) {
  std::vector<FlowAccount> accounts;
  accounts.push_back(std::move(account));
  FlowAnalysis analysis{accounts};
  std::int64_t time = 1'700'000'000'000'000'000;
  std::uint64_t number = 0;
  for (const auto& text : messages) {
    const bool is_answer = text.starts_with("SIP/2.0");
    analysis.add({.number = ++number,
                  .time = time += 100'000'000,
                  .source = is_answer ? "10.0.0.1:5060" : "10.0.0.5:5060",
                  .destination = is_answer ? "10.0.0.5:5060" : "10.0.0.1:5060",
                  .transport = "udp",
                  .text = text});
  }
  return analysis.finish();
}

FlowAccount with_password(const Vector& row) {
  return {.user = std::string{row.user},
          .realm = std::string{row.realm},
          .secret = Secret{row.password}};
}

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  }
  return bytes;
}

// 3GPP TS 35.208, set 1.
FlowAccount with_card(std::string_view k = "465b5ce8b199b49faa5f0a2ee238a6bc") {
  FlowAccount account{.user = "alice@ims.example", .realm = "ims.example"};
  account.card = *AkaKeys::from_op(bytes_of(k), bytes_of("cdc202d5123e20f62b6d676ac72cb318"));
  return account;
}

void expect_right(const FlowReport& report, std::string_view of) {
  EXPECT_EQ(report.verified, 1U) << of;
  const auto& row = test::row_of(report, "SP-DIG-01");
  EXPECT_EQ(row.verdict, FlowVerdict::pass)
      << of << ": " << (row.findings.empty() ? "not judged" : row.findings.front().text);
}

std::string changed(std::string_view response) {
  std::string other{response};
  other.front() = other.front() == '0' ? '1' : '0';
  return other;
}

TEST(FlowAccounts, VerifyEveryAlgorithmAndQop) {
  for (const auto* rows : {&vectors::registers, &vectors::smiths}) {
    for (const auto& row : *rows) {
      const Sending how{.algorithm = std::string{row.algorithm}};
      expect_right(report_on({request_of(row, how, row.response)}, with_password(row)), row.proves);
      const auto wrong =
          report_on({request_of(row, how, changed(row.response))}, with_password(row));
      EXPECT_EQ(test::row_of(wrong, "SP-DIG-01").verdict, FlowVerdict::fail) << row.proves;
    }
  }
}

TEST(FlowAccounts, VerifyWithAnHa1OfTheAlgorithmsHash) {
  for (const auto& row : vectors::registers) {
    auto input = vectors::input_of(row);
    const auto trace = compute_digest(input);
    ASSERT_TRUE(trace);
    FlowAccount account{.user = std::string{row.user},
                        .realm = std::string{row.realm},
                        .secret = Secret{trace->ha1_first.view()},
                        .is_ha1 = true};
    const Sending how{.algorithm = std::string{row.algorithm}};
    expect_right(report_on({request_of(row, how, row.response)}, std::move(account)), row.proves);
  }
}

TEST(FlowAccounts, FindTheUserOfAUserhash) {
  for (const auto& row : vectors::registers) {
    const auto hash = compute_userhash(*find_algorithm(row.algorithm), row.user, row.realm);
    ASSERT_TRUE(hash);
    const Sending how{.algorithm = std::string{row.algorithm},
                      .username = std::string{hash->view()},
                      .userhash = true};
    expect_right(report_on({request_of(row, how, row.response)}, with_password(row)), row.proves);
  }
}

TEST(FlowAccounts, VerifyAkaWithTheKeysOfTheCard) {
  for (const auto& row : vectors::akas) {
    const Sending how{.algorithm = row.proves.starts_with("V1") ? "AKAv1-MD5" : "AKAv2-MD5"};
    expect_right(report_on({request_of(row, how, row.response)}, with_card()), row.proves);
    const auto wrong = report_on({request_of(row, how, changed(row.response))}, with_card());
    const auto& found = test::row_of(wrong, "SP-DIG-01");
    ASSERT_EQ(found.verdict, FlowVerdict::fail) << row.proves;
    EXPECT_THAT(found.findings.front().text, HasSubstr("card holds another key"));
  }
}

TEST(FlowAccounts, NameTheOtherVersionOfAka) {
  const auto& v1 = vectors::akas[1];
  const auto report =
      report_on({request_of(v1, {.algorithm = "AKAv2-MD5"}, v1.response)}, with_card());
  const auto& row = test::row_of(report, "SP-DIG-01");
  ASSERT_EQ(row.verdict, FlowVerdict::fail);
  EXPECT_THAT(row.findings.front().text, HasSubstr("AKAv1"));
}

// Neither a card for MD5, nor a password for AKA, nor keys that did not make the nonce.
TEST(FlowAccounts, LeaveUnverifiedWhatTheAccountCannotAnswer) {
  const auto& aka = vectors::akas[1];
  const auto request = request_of(aka, {.algorithm = "AKAv1-MD5"}, aka.response);
  EXPECT_EQ(report_on({request}, with_card("00000000000000000000000000000001")).unverified, 1U);
  EXPECT_EQ(report_on({request}, with_password(aka)).unverified, 1U);
  const auto md5 = request_of(aka, {.algorithm = "MD5"}, aka.response);
  EXPECT_EQ(report_on({md5}, with_card()).unverified, 1U);
}

// A value of another message of the same phone, as a digest was made with it.
TEST(FlowAccounts, FindTheValueOfAnotherMessageThatWasHashed) {
  struct Row {
    std::string_view DigestInput::* member;
    std::string_view value;
    std::string_view says;
  };
  const std::vector<Row> rows{
      {&DigestInput::nonce, "of an older challenge", "The nonce that was hashed is"},
      {&DigestInput::realm, "Older realm", "The realm that was hashed is"},
  };
  const auto& right = *std::ranges::find(vectors::registers, Qop::auth, &Vector::qop);
  const Sending how{.algorithm = std::string{right.algorithm}};
  for (const auto& [member, value, says] : rows) {
    auto older = right;
    (member == &DigestInput::nonce ? older.nonce : older.realm) = value;
    auto input = vectors::input_of(right);
    input.*member = value;
    const auto hashed = compute_digest(input);
    ASSERT_TRUE(hashed);
    const auto report =
        report_on({challenge_to(older, how, 401, 1), challenge_to(right, how, 401, 2),
                   request_of(right, how, hashed->response.view(), 3)},
                  with_password(right));
    const auto& row = test::row_of(report, "SP-DIG-01");
    ASSERT_EQ(row.verdict, FlowVerdict::fail) << value;
    EXPECT_THAT(row.findings.front().text, HasSubstr(says));
    EXPECT_THAT(row.findings.front().text, HasSubstr(value));
  }
}

TEST(FlowAccounts, ClaimNoMoreThanTheSearchShows) {
  const auto& right = vectors::registers[0];
  const Sending how{.algorithm = std::string{right.algorithm}};
  const auto report =
      report_on({request_of(right, how, changed(right.response))}, with_password(right));
  EXPECT_THAT(test::row_of(report, "SP-DIG-01").findings.front().text,
              HasSubstr("most likely the password is another one."));
}

// RFC 3310 3.4: an AUTS comes with a digest over an empty password, and the answer to it is another
// challenge, which refuses nobody.
TEST(FlowAccounts, TakeTheChallengeToAResynchronisationForNoRefusal) {
  auto row = vectors::akas[1];
  row.password = "";
  auto input = vectors::input_of(row);
  input.algorithm = find_algorithm("MD5");
  const auto empty = compute_digest(input);
  ASSERT_TRUE(empty);
  const Sending first{.algorithm = "AKAv1-MD5"};
  const Sending how{.algorithm = "AKAv1-MD5", .auts = "AAECAwQFBgcICQoLDA0="};
  const auto bare = write_request({.request_uri = "sip:ims.example",
                                   .via_host = "10.0.0.5:5060",
                                   .branch = "z9hG4bK1",
                                   .from = "<sip:alice@example.com>;tag=1",
                                   .to = "<sip:alice@example.com>",
                                   .call_id = "c1",
                                   .cseq = 1});
  auto again = vectors::akas[1];
  again.nonce = "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7NhYmM=";
  const auto report =
      report_on({bare, challenge_to(row, first, 401, 1),
                 request_of(row, how, empty->response.view()), challenge_to(again, first, 401, 2)},
                with_card());
  expect_right(report, "auts");
  EXPECT_TRUE(test::row_of(report, "SP-DIG-02").findings.empty());
}

}  // namespace
}  // namespace sipauth
