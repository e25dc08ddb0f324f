// The first request of a run goes on to the next server when the one before does not serve
// (RFC 3263 4.3); once one has answered, nothing leaves it.

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "cli/peers.hpp"
#include "sip/dialogue.hpp"
#include "sip/session.hpp"
#include "sipauth/address.hpp"
#include "sipauth/message.hpp"

namespace sipauth::sip {
namespace {

using namespace std::chrono_literals;
using peers::alice;
using peers::challenge_to;
using peers::response_to;
using peers::ScriptedTransport;
using Script = std::function<void(ScriptedTransport&, const std::string&)>;

/// Servers that stand in a row, each with its script.
class FailoverTest : public testing::Test {
 protected:
  Session& session(const std::vector<Script>& scripts) {
    for (const auto& script : scripts) servers.emplace_back().on_send = script;
    run.emplace(servers.front(), alice(), Timers{.timeout = 5s}, Limits{}, 1);
    run->next_server = [this](const std::string& why) -> net::Transport* {
      reasons.push_back(why);
      return reasons.size() < servers.size() ? &servers[reasons.size()] : nullptr;
    };
    return *run;
  }

  std::deque<ScriptedTransport> servers;
  std::vector<std::string> reasons;
  std::optional<Session> run;
};

void challenges(ScriptedTransport& way, const std::string& sent) {
  way.arrives(challenge_to(sent, "n"));
}
void is_silent(ScriptedTransport&, const std::string&) {}
void refuses(ScriptedTransport& way, const std::string&) {
  way.fails({net::NetError::Kind::refused, "Nothing listens."});
}
Script answers(int status) {
  return [status](ScriptedTransport& way, const std::string& sent) {
    way.arrives(response_to(sent, status, ""));
  };
}

struct Case {
  std::string_view proves;
  Script first;
  std::string_view why;  ///< empty: nothing is passed over
  int status = 401;      ///< that the dialogue gets in the end
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.proves; }

class FailoverReasons : public FailoverTest, public testing::WithParamInterface<Case> {};

TEST_P(FailoverReasons, LeadToTheNextServer) {
  const auto& row = GetParam();
  Dialogue dialogue{session({row.first, challenges})};
  EXPECT_EQ(dialogue.challenge().status, row.status);
  EXPECT_EQ(reasons, row.why.empty() ? std::vector<std::string>{}
                                     : std::vector<std::string>{std::string{row.why}});
  EXPECT_EQ(servers[1].sent().empty(), row.why.empty());
}

const std::vector<Case> reasons{
    {"Silence", is_silent, "No answer within 5 s."},
    {"IcmpError", refuses, "Nothing listens."},
    {"ServiceUnavailable", answers(503), "It answered 503 Reason."},
    {"AChallengeIsAnAnswer", challenges, ""},
    {"SoIsAnyOtherError", answers(500), "", 500},
    {"SoIsARefusal", answers(403), "", 403},
};
INSTANTIATE_TEST_SUITE_P(Rows, FailoverReasons, testing::ValuesIn(reasons),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST_F(FailoverTest, SendsTheSameRequestInAnotherTransaction) {
  Dialogue dialogue{session({answers(503), challenges})};
  dialogue.challenge();
  Diagnostics ignored;
  const auto first = Message::parse(servers[0].sent().front(), ignored);
  const auto second = Message::parse(servers[1].sent().front(), ignored);
  ASSERT_TRUE(first && second);
  for (const auto id : {HeaderId::call_id, HeaderId::cseq, HeaderId::from, HeaderId::to}) {
    EXPECT_EQ(first->value(id), second->value(id));
  }
  EXPECT_NE(Via::parse(first->value(HeaderId::via), ignored)->branch(),
            Via::parse(second->value(HeaderId::via), ignored)->branch());
  EXPECT_EQ(run->counters().requests, 2U);
}

TEST_F(FailoverTest, StaysWithTheServerThatAnswered) {
  int count = 0;
  Dialogue dialogue{session({[&count](ScriptedTransport& way, const std::string& sent) {
                               if (++count == 1) challenges(way, sent);
                               if (count == 2) answers(503)(way, sent);
                             },
                             challenges})};
  EXPECT_EQ(dialogue.challenge().status, 401);
  EXPECT_EQ(dialogue.challenge().status, 503);
  EXPECT_THROW(dialogue.challenge(), NoAnswer);
  EXPECT_TRUE(reasons.empty());
}

TEST_F(FailoverTest, WhatTheLastServerSaidCounts) {
  Dialogue dialogue{session({is_silent, answers(503)})};
  EXPECT_EQ(dialogue.challenge().status, 503);
  EXPECT_EQ(reasons.size(), 2U);
  EXPECT_EQ(dialogue.challenge().status, 503);
  EXPECT_EQ(reasons.size(), 2U) << "servers are not tried a second time";
}

TEST_F(FailoverTest, NoServerAtAllIsNoAnswer) {
  Dialogue dialogue{session({is_silent, refuses})};
  EXPECT_THROW(dialogue.challenge(), NoAnswer);
}

}  // namespace
}  // namespace sipauth::sip
