#include "fuzzing/client_fuzzer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "fuzz/random.hpp"
#include "fuzzing/valid_answer.hpp"
#include "sip/session.hpp"
#include "sipauth/message.hpp"

namespace sipauth::fuzzing {
namespace {

/// REGISTERs that a phone may need to get in; retransmissions count too.
constexpr int most_registers = 24;

constexpr net::Duration longest_wait_for_a_phone = std::chrono::hours{24 * 365};

double seconds(net::Duration duration) { return std::chrono::duration<double>(duration).count(); }

bool is_success(std::string_view answer) { return answer.starts_with("SIP/2.0 2"); }

// A success that says something else about how long it lasts.
bool changes_the_binding(std::string_view damaged, std::string_view valid) {
  Diagnostics ignored;
  const auto after = Message::parse(damaged, ignored);
  if (!after) return false;
  const auto before = Message::parse(valid, ignored);
  return !before || after->value(HeaderId::contact) != before->value(HeaderId::contact) ||
         after->value(HeaderId::expires) != before->value(HeaderId::expires);
}

bool has_credentials(const Message& request) {
  return request.find(HeaderId::authorization) || request.find(HeaderId::proxy_authorization);
}

}  // namespace

ClientReport ClientFuzzer::run() {
  go([this] {
    if (meet()) fuzz();
  });
  return std::move(report_);
}

ClientReport ClientFuzzer::replay(const std::vector<ReplayFile>& files) {
  go([&] {
    if (!meet()) return;
    for (const auto& file : files) {
      const Case one{file.case_number, file.message, file.mutation};
      ++report_.cases;
      const auto state = give_again(one) ? look(plan_.patience) : State::silent;
      if (state == State::well) continue;
      report_.findings.push_back({.kind = state == State::silent ? "silence" : "state",
                                  .text = sentence_of(state),
                                  .reproduced = true,
                                  .cases = {one}});
      if (!recover()) return;
      report_.findings.back().came_back = true;
    }
  });
  return std::move(report_);
}

// Whatever ends the procedure, the report tells of it.
void ClientFuzzer::go(const std::function<void()>& procedure) {
  began_ = side_.clock().now();
  try {
    procedure();
  } catch (const sip::Interrupted&) {
    report_.stop = {"interrupted", "Interrupted: what was seen until then is told."};
  }
}

// The phone has to be let in before anything is done to it.
bool ClientFuzzer::meet() {
  progress("waiting for a REGISTER");
  const auto state = look(longest_wait_for_a_phone);
  if (state == State::well) return true;
  report_.stop = {"credentials",
                  "The phone calls and is not let in: give it an account of this registrar, alice "
                  "with the password secret, or tell of its own with --accounts."};
  return false;
}

void ClientFuzzer::fuzz() {
  while (!is_over()) {
    auto state = State::well;
    for (int i = 0; i < plan_.liveness_every && !is_over() && state == State::well; ++i) {
      if (!give_new()) state = State::silent;
    }
    if (state == State::well) state = look(plan_.patience);
    if (state == State::well) {
      window_.clear();
      progress("");
      continue;
    }
    investigate(state);
    if (lost_) return;
  }
}

bool ClientFuzzer::is_over() const {
  const bool in_time = plan_.time == net::Duration{0} || side_.clock().now() - began_ < plan_.time;
  const bool more = plan_.cases == 0 || report_.cases < plan_.cases;
  const bool few = report_.findings.size() < static_cast<std::size_t>(plan_.findings);
  return !in_time || !more || !few;
}

std::optional<Arrived> ClientFuzzer::next_register(net::Instant deadline) {
  for (;;) {
    auto arrived = side_.next(deadline);
    if (!arrived) return std::nullopt;
    Diagnostics ignored;
    const auto message = Message::parse(arrived->bytes, ignored);
    if (!message || !message->is_request()) continue;
    if (const auto agent = message->value(HeaderId::user_agent); !agent.empty()) {
      report_.phone = agent;
    }
    if (message->method() == "REGISTER") return arrived;
    const auto answer = valid_answer(*arrived);
    if (!answer.empty()) arrived->reply(answer);
  }
}

// Empty: there is none.
std::string ClientFuzzer::valid_answer(const Arrived& request) {
  const auto answers = registrar_.handle(request.bytes, request.source, side_.clock().now(),
                                         side_.clock().wall(), request.reliable);
  return answers.empty() ? std::string{} : with_short_expiry(answers.back().bytes, plan_.expires);
}

// A registrar that has forgotten its nonces challenges credentials again, and calls them stale.
std::string ClientFuzzer::answer_to_damage(const Arrived& request, bool challenge) {
  if (challenge) registrar_.restart();
  return valid_answer(request);
}

bool ClientFuzzer::give_new() {
  const auto request = next_register(side_.clock().now() + plan_.patience);
  if (!request) return false;
  const bool challenge = fuzz::Random{seed_of_case(report_.cases, ~plan_.seed)}.one_in(2);
  const auto answer = answer_to_damage(*request, challenge);
  if (answer.empty()) return true;
  const auto valid = read_valid_answer(answer);
  auto one = draw_case(report_.cases, plan_.seed, valid, plan_.most_bytes);
  ++report_.cases;
  auto bytes = with_values(one.text, valid.fresh);
  // It would stay away for an hour, and rightly so.
  if (is_success(answer) && changes_the_binding(bytes, valid.text)) bytes = answer;
  if (bytes != answer) window_.push_back(std::move(one));
  request->reply(std::move(bytes));
  return true;
}

// What was an answer to credentials is one again.
bool ClientFuzzer::give_again(const Case& one) {
  ++report_.sent_again;
  const bool challenges = one.text.contains("{{nonce}}");
  for (int i = 0; i < most_registers; ++i) {
    const auto request = next_register(side_.clock().now() + plan_.patience);
    if (!request) return false;
    Diagnostics ignored;
    const auto message = Message::parse(request->bytes, ignored);
    const bool fits = challenges || !is_success(one.text) || (message && has_credentials(*message));
    const auto answer = answer_to_damage(*request, challenges);
    if (!fits || answer.empty()) {
      if (!answer.empty()) request->reply(answer);
      continue;
    }
    request->reply(with_values(one.text, read_valid_answer(answer).fresh));
    return true;
  }
  return true;
}

ClientFuzzer::State ClientFuzzer::look(net::Duration patience) {
  ++report_.looks;
  for (int i = 0; i < most_registers; ++i) {
    const auto request = next_register(side_.clock().now() + patience);
    if (!request) return State::silent;
    const auto answer = valid_answer(*request);
    if (answer.empty()) continue;
    request->reply(answer);
    if (is_success(answer)) return State::well;
  }
  return State::refused;
}

std::string ClientFuzzer::sentence_of(State trouble) const {
  return trouble == State::silent
             ? fmt::format(
                   "No REGISTER came for {:g} s: the phone is gone, hangs, or has given up.",
                   seconds(plan_.patience))
             : fmt::format("It calls, and {} valid answers did not let it in as before.",
                           most_registers);
}

void ClientFuzzer::investigate(State trouble) {
  progress(sentence_of(trouble));
  Finding finding{.kind = trouble == State::silent ? "silence" : "state",
                  .text = sentence_of(trouble),
                  .cases = window_};
  tries_left_ = plan_.tries;
  const auto keep = [&] {
    finding.came_back = !lost_;
    report_.findings.push_back(std::move(finding));
    window_.clear();
  };
  try {
    if (recover()) {
      narrow(
          finding, window_, [&](const auto& cases) { return troubles(cases, trouble); },
          [this] { return may_try(); });
    }
  } catch (const sip::Interrupted&) {
    keep();
    throw;
  }
  // It may have its own reasons to wait so long.
  if (!finding.reproduced && !lost_ && !plan_.restart) {
    note(fmt::format("{} It came back, and the same answers did not do it again: not a finding.",
                     finding.text));
    window_.clear();
    return;
  }
  keep();
}

bool ClientFuzzer::recover() {
  const bool restarts = static_cast<bool>(plan_.restart);
  if (restarts) {
    if (const auto done = plan_.restart(); !done) note(done.error());
  }
  progress("waiting for the phone to come back: start it again");
  const auto end = side_.clock().now() + plan_.patience;
  while (side_.clock().now() < end) {
    if (look(end - side_.clock().now()) == State::well) return true;
  }
  lost_ = true;
  note(fmt::format("It did not come back within {:g} s{}.", seconds(plan_.patience),
                   restarts ? " after --restart-hook" : ": --restart-hook COMMAND can restart it"));
  return false;
}

bool ClientFuzzer::troubles(const std::vector<Case>& cases, State like) {
  auto state = State::well;
  for (const auto& one : cases) {
    if (!give_again(one)) {
      state = State::silent;
      break;
    }
  }
  if (state == State::well) state = look(plan_.patience);
  if (state == State::well) return false;
  (void)recover();
  return state == like;
}

bool ClientFuzzer::may_try() {
  if (lost_ || tries_left_ <= 0) return false;
  --tries_left_;
  progress(fmt::format("looking for the answer that does it, {} tries left", tries_left_));
  return true;
}

void ClientFuzzer::note(std::string sentence) {
  if (std::ranges::find(report_.notes, sentence) == report_.notes.end()) {
    report_.notes.push_back(std::move(sentence));
  }
}

void ClientFuzzer::progress(const std::string& doing) {
  if (!on_progress) return;
  on_progress(doing.empty() ? fmt::format("fuzz client: {} answers, {} findings", report_.cases,
                                          report_.findings.size())
                            : "fuzz client: " + doing);
}

}  // namespace sipauth::fuzzing
