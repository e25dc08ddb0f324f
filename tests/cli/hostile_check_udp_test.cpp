// Whole runs of `check` and `stale` against a registrar that means ill, over UDP: each ends
// clearly, in its time, and blames the registrar for nothing that it has not done.

#include <gtest/gtest.h>

#include <future>
#include <ostream>
#include <thread>

#include "cli/hostile_run.hpp"
#include "cli/peers.hpp"

namespace sipauth::peers {
namespace {

/// A request of the run, and what the honest answer to it would be.
struct Occasion {
  UdpPeer& peer;
  const std::string& request;
  const std::string& honest;
  int number;                 ///< of the request, from 1
  const std::string& before;  ///< the honest answer to the one before
  int accepted;               ///< honest answers of 200 so far, with this one
};
using Misdeed = void (*)(const Occasion&);

struct Row {
  std::string_view proves;
  Misdeed misdeed;
  double timeout_seconds = 20;
  int exit = 0;
  std::string_view error = {};
  int fails = 0;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.proves; }

void send_honest(const Occasion& now) { now.peer.send(now.honest); }

// As the text of an answer; one without `what` stays as it is.
std::string changed(const std::string& answer, std::string_view what, std::string_view by) {
  return answer.contains(what) ? replaced(answer, std::string{what}, std::string{by}) : answer;
}

bool is_accepted(std::string_view answer) { return answer.starts_with("SIP/2.0 200 "); }

std::string foreign(const std::string& answer, int number) {
  return replaced(replaced(answer, "Call-ID: ", "Call-ID: " + std::to_string(number)), "z9hG4bK",
                  "z9hG4bKx" + std::to_string(number));
}

const std::vector<Row> rows{
    {"HonestRegistrarPasses", send_honest},

    // Answers of its own, and more than is due.
    {"EveryAnswerTwice",
     [](const Occasion& now) {
       now.peer.send(now.honest);
       now.peer.send(now.honest);
     }},
    {"EveryAnswerAgainAtTheNextRequest",
     [](const Occasion& now) {
       now.peer.send(now.before);
       now.peer.send(now.honest);
     }},
    {"GarbageBeforeEveryAnswer",
     [](const Occasion& now) {
       now.peer.send(std::string_view{"\0\xff\x1b[2J", 6});
       now.peer.send("SIP/2.0 ");
       now.peer.send(now.honest);
     }},
    {"FloodOfForeignAnswersBeforeEveryAnswer",
     [](const Occasion& now) {
       for (int i = 0; i < 100; ++i) now.peer.send(foreign(now.honest, now.number * 100 + i));
       now.peer.send(now.honest);
     }},
    {"FloodOfRequestsBeforeEveryAnswer",
     [](const Occasion& now) {
       for (int i = 0; i < 100; ++i) now.peer.send(now.request);
       now.peer.send(now.honest);
     }},
    {"AnswersOf64Kilobytes",
     [](const Occasion& now) {
       const std::string filler(65'507 - now.honest.size() - 16, 'x');
       now.peer.send(
           replaced(now.honest, "Content-Length: 0", "X: " + filler + "\r\nContent-Length: 0"));
     }},
    {"ThirdRequestIsLostOnce",
     [](const Occasion& now) {
       if (now.number != 3) now.peer.send(now.honest);
     }},

    // Nothing that could be judged.
    {"NoAnswerAtAll", [](const Occasion&) {}, 0.7, 3, "timeout"},
    {"NothingButGarbage", [](const Occasion& now) { now.peer.send("\x01\x02\x03 no SIP\r\n\r\n"); },
     0.7, 3, "not-sip"},
    {"NothingButForeignAnswersWithoutEnd",
     [](const Occasion& now) {
       for (int i = 0; i < 2'000; ++i) now.peer.send(foreign(now.honest, now.number * 2'000 + i));
     },
     0.7, 3, "timeout"},
    {"ZerosOf64Kilobytes", [](const Occasion& now) { now.peer.send(std::string(65'507, '\0')); },
     0.7, 3, "not-sip"},

    // It breaks off.
    {"SilenceAfterTheChallenge",
     [](const Occasion& now) {
       if (now.number < 2) now.peer.send(now.honest);
     },
     0.7, 3, "banned"},
    {"SilenceAmongTheChecks",
     [](const Occasion& now) {
       if (now.number < 12) now.peer.send(now.honest);
     },
     0.7, 3, "banned"},
    {"GarbageFromTheEighthRequestOn",
     [](const Occasion& now) {
       now.peer.send(now.number < 8 ? now.honest : std::string{"220 mail.example.com ESMTP\r\n"});
     },
     0.7, 3, "banned"},

    // It changes its mind.
    {"AnotherRealmInEveryChallenge",
     [](const Occasion& now) {
       now.peer.send(changed(now.honest, "realm=\"", "realm=\"" + std::to_string(now.number)));
     },
     20, 4, "credentials"},
    {"NothingIsRightFromTheEighthRequestOn",
     [](const Occasion& now) {
       now.peer.send(now.number < 8 ? now.honest : changed(now.honest, "200 OK", "403 Forbidden"));
     },
     20, 3, "inconclusive"},
    {"401And407InTurn",
     [](const Occasion& now) {
       now.peer.send(now.number % 2 == 0 ? now.honest
                                         : changed(changed(now.honest, "401 Unauthorized",
                                                           "407 Proxy Authentication Required"),
                                                   "WWW-Authenticate", "Proxy-Authenticate"));
     },
     20, 0},
    {"EveryThirdAnswerIs503",
     [](const Occasion& now) {
       now.peer.send(now.number % 3 == 0 ? response_to(now.request, 503) : now.honest);
     },
     20, 1, "", 1},
    {"StaleForEver",
     [](const Occasion& now) {
       now.peer.send(challenge_to(now.request, "n" + std::to_string(now.number), ", stale=true"));
     },
     20, 1, "", 1},
    {"AcceptsEverything", [](const Occasion& now) { now.peer.send(response_to(now.request, 200)); },
     20, 3, "inconclusive"},
};

class HostileCheckUdp : public testing::TestWithParam<std::tuple<Row, CheckCommand>> {};

TEST_P(HostileCheckUdp, EndsClearly) {
  const auto& row = std::get<Row>(GetParam());
  const auto command = std::get<CheckCommand>(GetParam());
  HonestAnswers honest;
  UdpPeer peer{[&honest, &row, before = std::string{}, accepted = 0](
                   UdpPeer& self, const std::string& request) mutable {
    const auto answer = honest.to(request, false);
    accepted += is_accepted(answer) ? 1 : 0;
    row.misdeed({self, request, answer, honest.number(), before, accepted});
    before = answer;
  }};
  const auto run = run_hostile({.command = command,
                                .target = "127.0.0.1:" + std::to_string(peer.port()),
                                .timeout_seconds = row.timeout_seconds});
  EXPECT_EQ(run.exit, row.exit) << run.told();
  EXPECT_EQ(run.error(), row.error) << run.told();
  EXPECT_EQ(run.count("fail"), row.fails) << run.told();
  if (row.exit == 0) {
    EXPECT_EQ(run.count("pass"), static_cast<int>(few_checks().size())) << run.told();
  }
}

std::string name_of(const std::tuple<Row, CheckCommand>& row) {
  return std::string{std::get<Row>(row).proves} +
         (std::get<CheckCommand>(row) == CheckCommand::check ? "Check" : "Stale");
}

INSTANTIATE_TEST_SUITE_P(Rows, HostileCheckUdp,
                         testing::Combine(testing::ValuesIn(rows),
                                          testing::Values(CheckCommand::check,
                                                          CheckCommand::stale)),
                         [](const auto& row) { return name_of(row.param); });

TEST(HostileCheck, ServerThatDiesIsNamed) {
  std::promise<void> seen_enough;
  HonestAnswers honest;
  auto peer = std::make_unique<UdpPeer>([&](UdpPeer& self, const std::string& request) {
    const auto answer = honest.to(request, false);
    if (honest.number() < 6) self.send(answer);
    if (honest.number() == 6) seen_enough.set_value();
  });
  const auto target = "127.0.0.1:" + std::to_string(peer->port());
  std::jthread end{[&] {
    seen_enough.get_future().wait();
    peer.reset();
  }};
  const auto run = run_hostile({.target = target, .timeout_seconds = 3});
  EXPECT_EQ(run.exit, 3) << run.told();
  EXPECT_EQ(run.error(), "refused") << run.told();
  EXPECT_EQ(run.count("fail"), 0) << run.told();
}

}  // namespace
}  // namespace sipauth::peers
