// A trace that is to be mailed names nobody, and reads the same.

#include "results/anonymize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/flow_script.hpp"

namespace sipauth::results {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view request =
    "REGISTER sip:secret.example.org;maddr=192.0.2.77 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.5:5060;branch=z9hG4bK-192.0.2.5-1;received=198.51.100.9\r\n"
    "From: \"Alice Liddell\" <sip:aliddell@secret.example.org>;tag=aliddell77\r\n"
    "To: <sip:aliddell@secret.example.org>\r\n"
    "Call-ID: 4711@192.0.2.5\r\nCSeq: 7 REGISTER\r\n"
    "Contact: <sip:aliddell@192.0.2.5:5060;transport=udp>;+sip.instance=\"<urn:uuid:00156599>\"\r\n"
    "User-Agent: Yealink SIP-T46S 66.85.0.5 001565aabbcc\r\nX-Account: aliddell\r\n"
    "P-Asserted-Identity: \"Alice\" <tel:+493012345>\r\n"
    "Authorization: Digest username=\"aliddell\", realm=\"secret.example.org\", nonce=\"n1\" "
    "uri=\"sip:secret.example.org\", response=\"0123456789abcdef0123456789abcdef\"\r\n"
    "Content-Type: application/sdp\r\nContent-Length: 22\r\n\r\no=aliddell 192.0.2.5\r\n";

TEST(Anonymizer, LeavesNoNameAndNoSecret) {
  Anonymizer anonymizer{1, {}};
  const auto text = anonymizer.message(request);
  for (const auto* name : {"aliddell", "Alice", "Liddell", "secret", "192.0.2.5", "192.0.2.77",
                           "198.51.100.9", "4711", "001565", "49301", "0123456789abcdef"}) {
    EXPECT_THAT(text, Not(HasSubstr(name)));
  }
  EXPECT_THAT(text, HasSubstr("CSeq: 7 REGISTER"));
  EXPECT_THAT(text, HasSubstr("Yealink SIP-T46S xxxxxxxxx xxxxxxxxxxxx"));
  // A comma that is missing stays missing.
  EXPECT_THAT(text, HasSubstr("nonce=\"n1\" uri="));
}

TEST(Anonymizer, ReplacesTheSameNameByTheSameWord) {
  Anonymizer anonymizer{1, {}};
  EXPECT_EQ(anonymizer.message(request), anonymizer.message(request));
  EXPECT_EQ(anonymizer.endpoint("192.0.2.5:5060"), anonymizer.endpoint("192.0.2.5:5060"));
  EXPECT_NE(anonymizer.endpoint("192.0.2.5:5060"), anonymizer.endpoint("192.0.2.6:5060"));
  EXPECT_THAT(anonymizer.endpoint("[2001:db8:77::1]:5061"), HasSubstr("]:5061"));
}

TEST(Anonymizer, GivesNothingOfWhatItCannotRead) {
  Anonymizer anonymizer{1, {}};
  EXPECT_EQ(anonymizer.message("aliddell"), "");
}

// Every check comes to the same verdict, digests included.
TEST(Anonymizer, KeepsEveryVerdict) {
  std::vector<FlowAccount> accounts;
  for (const auto* user : {"alice", "bob", "a", "b", "c"}) {
    accounts.push_back({.user = user, .secret = Secret{test::script_password}});
  }
  std::vector<FlowAccount> anonymous;
  for (const auto* user : {"user1", "user2", "user3"}) {
    anonymous.push_back({.user = user, .secret = Secret{Anonymizer::password}});
  }
  for (const auto& check : flow_checks) {
    for (const auto script : {check.passes_on, check.fails_on}) {
      Anonymizer anonymizer{1, accounts};
      FlowAnalysis before{accounts};
      FlowAnalysis after{anonymous};
      for (auto message : test::messages_of(script)) {
        before.add(message.view());
        message.text = anonymizer.message(message.text);
        message.source = anonymizer.endpoint(message.source);
        message.destination = anonymizer.endpoint(message.destination);
        after.add(message.view());
      }
      const auto was = before.finish();
      const auto is = after.finish();
      for (std::size_t i = 0; i < was.rows.size(); ++i) {
        EXPECT_EQ(is.rows[i].verdict, was.rows[i].verdict)
            << was.rows[i].check->id << " on " << check.id;
      }
    }
  }
}

}  // namespace
}  // namespace sipauth::results
