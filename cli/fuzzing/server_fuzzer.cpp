#include "fuzzing/server_fuzzer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sip/dialogue.hpp"

namespace sipauth::fuzzing {
namespace {

using Kind = Look::Kind;

constexpr int service_unavailable = 503;

/// Tries refused before a silence that make a ban likely.
constexpr std::uint64_t refused_before_a_ban = 3;

/// Nothing is lost on the way there, and who listens no more is known at once.
constexpr std::chrono::milliseconds loopback_t1{100};

constexpr std::chrono::milliseconds shortest_case_wait{20};
constexpr std::chrono::milliseconds longest_case_wait{500};

bool is_down(const Look& look) { return look.kind == Kind::silent || look.kind == Kind::gone; }

// Whether a process that is gone leaves an ICMP error or silence is a matter of luck.
bool are_alike(const Look& one, const Look& other) {
  return one.kind == other.kind || (is_down(one) && is_down(other));
}

std::string kind_of(const Look& trouble) {
  if (trouble.kind == Kind::gone) return "crash";
  return trouble.kind == Kind::changed ? "state" : "hang";
}

}  // namespace

ServerFuzzer::ServerFuzzer(sip::Session& session, ServerPlan plan)
    : session_{session},
      plan_{std::move(plan)},
      liveness_{session, plan_.slow_after},
      sender_{session, plan_.seed, plan_.most_bytes} {}

ServerReport ServerFuzzer::run() {
  learn();
  if (!report_.stop) go([this] { fuzz(); });
  return std::move(report_);
}

ServerReport ServerFuzzer::replay(const std::vector<ReplayFile>& files) {
  learn();
  if (report_.stop) return std::move(report_);
  go([&] {
    for (const auto& file : files) {
      const Case one{file.case_number, file.message, file.mutation};
      ++report_.cases;
      window_ = {one};
      (void)sender_.send_again(one, challenge());  // whether it went well is what the look tells
      const auto look = confirmed_look();
      if (look.kind == Kind::healthy) continue;
      report_.findings.push_back({.kind = kind_of(look),
                                  .text = look.seen,
                                  .reproduced = true,
                                  .came_back = look.kind == Kind::slow,
                                  .cases = {one}});
      if (!recover(look)) break;
    }
  });
  return std::move(report_);
}

// Whatever ends the procedure, the report tells of it.
void ServerFuzzer::go(const std::function<void()>& procedure) {
  try {
    procedure();
  } catch (const sip::Interrupted&) {
    report_.stop = {"interrupted", "Interrupted: what was seen until then is told."};
  } catch (const sip::OverLimit&) {
    note("--max-requests was used up.");
  } catch (const sip::NoAnswer& none) {
    report_.stop = {"inconclusive", none.error ? none.error->text : "An answer did not come."};
  }
  if (unexplained_ > 0 && !report_.stop) {
    report_.stop = {"inconclusive",
                    fmt::format("It was silent for a time and came back {}, and the same messages "
                                "did not do it again: its log may tell why.",
                                unexplained_ == 1 ? std::string{"once"}
                                                  : fmt::format("{} times", unexplained_))};
  }
  report_.sent_again = sender_.sent() - std::min(sender_.sent(), report_.cases);
  report_.looks = liveness_.looks();
  report_.answers = sender_.answers();
}

void ServerFuzzer::learn() {
  began_ = session_.clock().now();
  liveness_.learn();
  report_.usual = liveness_.usual();
  report_.notes = liveness_.not_compared();
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(8 * liveness_.rtt());
  sender_.set_wait(std::clamp(wait, shortest_case_wait, longest_case_wait));
  take_challenge(confirmed_look());
  report_.with_right_digest = liveness_.accepted();
  if (plan_.loopback) session_.timers().t1 = loopback_t1;
  if (challenged_ && session_.identity().has_password && !liveness_.accepted()) {
    report_.stop = {"credentials", fmt::format("The registrar refuses the credentials with {}: "
                                               "check user, --auth-user, --domain and password.",
                                               report_.usual.second)};
  }
}

void ServerFuzzer::fuzz() {
  while (!is_over()) {
    session_.recorder().forget();
    send_batch();
    const auto look = confirmed_look();
    if (look.kind == Kind::healthy) {
      window_.clear();
      progress("");
      continue;
    }
    if (look.status == service_unavailable && !plan_.loopback) {
      report_.stop = {"inconclusive", "It answers 503: it has too much to do, so the run ends."};
      return;
    }
    investigate(look);
    if (lost_ || report_.stop) return;
  }
}

bool ServerFuzzer::is_over() const {
  const bool in_time =
      plan_.time == net::Duration{0} || session_.clock().now() - began_ < plan_.time;
  const bool more = plan_.cases == 0 || report_.cases < plan_.cases;
  const bool few = report_.findings.size() < static_cast<std::size_t>(plan_.findings);
  return !in_time || !more || !few || report_.stop.has_value();
}

void ServerFuzzer::send_batch() {
  for (int i = 0; i < plan_.liveness_every && !is_over(); ++i) {
    if (plan_.max_refused && session_.counters().refused >= *plan_.max_refused) {
      report_.stop = {"", fmt::format("{} tries were refused, which is all that --max-refused "
                                      "allows: the run ends.",
                                      session_.counters().refused)};
      return;
    }
    const auto* const challenged = challenge();
    if (unanswered_) return;
    const bool goes_on = sender_.send_new(report_.cases, challenged);
    ++report_.cases;
    if (!sender_.last().text.empty()) window_.push_back(sender_.last());
    if (!goes_on) return;
  }
}

// The one to answer in the next case. Where a nonce serves once, it is a new one.
const sip::Exchange* ServerFuzzer::challenge() {
  unanswered_ = false;
  if (!challenged_) return nullptr;
  if (!liveness_.nonce_serves_again()) {
    try {
      sip::Dialogue dialogue{session_};
      auto exchange = dialogue.challenge();
      if (exchange.challenged()) challenged_ = std::move(exchange);
    } catch (const sip::NoAnswer&) {
      unanswered_ = true;  // the look that follows meets it too
    }
  }
  return &*challenged_;
}

void ServerFuzzer::take_challenge(const Look& look) {
  if (look.challenged) challenged_ = look.challenged;
}

// What is otherwise once and well again is no trouble: a server may be busy for a moment.
Look ServerFuzzer::confirmed_look() {
  constexpr int most_looks = 3;
  auto look = liveness_.look();
  auto pause = net::Duration{std::chrono::milliseconds{200}};
  for (int i = 1; i < most_looks && look.kind == Kind::changed; ++i) {
    session_.wait_until(session_.clock().now() + pause);
    pause *= 2;
    auto again = liveness_.look();
    if (again.kind == Kind::healthy) note("Once only: " + look.seen);
    look = std::move(again);
  }
  // Where nothing was sent in between and it is slow again, that is not the messages' doing.
  if (look.kind == Kind::slow) {
    auto control = liveness_.look();
    if (control.kind == Kind::slow) {
      note("It, or this machine, is slow with valid requests alone: hangs were NOT looked for.");
      control.kind = Kind::healthy;
      look = std::move(control);
    } else if (control.kind != Kind::healthy) {
      look = std::move(control);
    }
  }
  if (look.kind == Kind::healthy) take_challenge(look);
  return look;
}

void ServerFuzzer::investigate(const Look& trouble) {
  progress(trouble.seen);
  if (is_banned(trouble)) return;
  Finding finding{.kind = kind_of(trouble), .text = trouble.seen, .cases = window_};
  tries_left_ = plan_.tries;
  const auto keep = [&] {
    finding.came_back = !lost_;
    report_.findings.push_back(std::move(finding));
    window_.clear();
  };
  try {
    if (recover(trouble)) {
      narrow(
          finding, window_, [&](const auto& cases) { return troubles(cases, trouble); },
          [this] { return may_try(); });
      if (trouble.kind == Kind::slow && !lost_) confirm(finding, trouble);
    }
  } catch (...) {
    keep();
    throw;
  }
  // A look that was late may have met a busy machine, twice as well.
  if (trouble.kind == Kind::slow && !finding.reproduced) {
    note(
        fmt::format("{} Sent again, the same messages did not do it each time: not a "
                    "finding.",
                    trouble.seen));
    window_.clear();
    return;
  }
  // Nor is silence that ended by itself and does not come again: but it is no health either.
  if (trouble.kind == Kind::silent && !finding.reproduced && !lost_ && !plan_.restart) {
    ++unexplained_;
    window_.clear();
    return;
  }
  keep();
}

// Silence towards us alone: asked from another address, it answers. Afar there is no other address,
// and silence behind refused tries that does not end may be either.
bool ServerFuzzer::is_banned(const Look& trouble) {
  if (trouble.kind != Kind::silent || session_.counters().refused < refused_before_a_ban) {
    return false;
  }
  const auto other = session_.open_another({.other_address = true});
  if (!other) return false;
  bool answers = false;
  try {
    const sip::Session::Detour detour{session_, **other};
    sip::Dialogue dialogue{session_};
    answers = dialogue.challenge().status != 0;
  } catch (const sip::NoAnswer&) {
    answers = false;
  }
  session_.close(*other);
  // It may have been held up, and be back by now.
  answers = answers && is_down(liveness_.look());
  if (answers) {
    report_.stop = {"banned", fmt::format("It answers another address and not this one: after {} "
                                          "refused tries this address is banned.",
                                          session_.counters().refused)};
  }
  return answers;
}

bool ServerFuzzer::recover(const Look& trouble) {
  if (trouble.kind == Kind::slow) return true;
  const bool restarts = static_cast<bool>(plan_.restart);
  if (restarts) {
    if (const auto done = plan_.restart(); !done) note(done.error());
  }
  const auto end = session_.clock().now() + plan_.patience;
  auto pause = net::Duration{std::chrono::milliseconds{50}};
  constexpr net::Duration longest_pause = std::chrono::seconds{2};
  for (;;) {
    const auto look = liveness_.look();
    if (look.kind == Kind::healthy || look.kind == Kind::slow) {
      take_challenge(look);
      return true;
    }
    if (session_.clock().now() >= end) break;
    progress("waiting for it to come back");
    session_.wait_until(std::min(session_.clock().now() + pause, end));
    pause = std::min(2 * pause, longest_pause);
  }
  lost_ = true;
  note(fmt::format("It did not come back within {:g} s{}.",
                   std::chrono::duration<double>(plan_.patience).count(),
                   restarts ? " after --restart-hook" : ": --restart-hook COMMAND can restart it"));
  return false;
}

bool ServerFuzzer::troubles(const std::vector<Case>& cases, const Look& like) {
  session_.recorder().forget();
  for (const auto& one : cases) {
    const auto* const challenged = challenge();
    if (unanswered_) break;
    // A stream that one of them broke is opened again for the next.
    (void)sender_.send_again(one, challenged);
  }
  const auto look = confirmed_look();
  if (look.kind == Kind::healthy) return false;
  const bool alike = are_alike(look, like);
  (void)recover(look);
  return alike;
}

// Chance makes no message slow each time.
void ServerFuzzer::confirm(Finding& finding, const Look& trouble) {
  constexpr int most_times = 2;
  auto cases = finding.cases;
  if (!finding.minimized.empty()) cases.front().text = finding.minimized;
  for (int i = 0; i < most_times && finding.reproduced && !lost_; ++i) {
    finding.reproduced = troubles(cases, trouble);
  }
}

bool ServerFuzzer::may_try() {
  if (lost_ || tries_left_ <= 0) return false;
  --tries_left_;
  progress(fmt::format("looking for the message that does it, {} tries left", tries_left_));
  return true;
}

void ServerFuzzer::note(std::string sentence) {
  constexpr std::size_t most_notes = 50;  // a server may be otherwise in ever new ways
  if (report_.notes.size() == most_notes) return;
  if (std::ranges::find(report_.notes, sentence) == report_.notes.end()) {
    report_.notes.push_back(std::move(sentence));
  }
}

void ServerFuzzer::progress(const std::string& doing) {
  if (!on_progress) return;
  on_progress(doing.empty() ? fmt::format("fuzz server: {} messages, {} findings", report_.cases,
                                          report_.findings.size())
                            : "fuzz server: " + doing);
}

}  // namespace sipauth::fuzzing
