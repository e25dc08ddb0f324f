#include "checks/lifetime.hpp"

#include <algorithm>

namespace sipauth::checks {
namespace {

using namespace std::chrono_literals;

/// All challenges of one second may share a nonce.
constexpr net::Duration apart = 1100ms;

/// A registrar whose nonce stays the same that often has only one.
constexpr int most_repeats = 4;

/// How much longer than the refused age the confirming nonces wait.
constexpr net::Duration margin = 1s;

std::optional<net::Instant> earlier(std::optional<net::Instant> a, std::optional<net::Instant> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace

void Lifetime::start(const Plan& plan) {
  plan_ = plan;
  started_ = true;
  if (plan.given) {
    refused_ = plan.given;
    return;
  }
  for (net::Duration age = 1s; age < plan.longest; age *= 2) ages_.push_back(age);
  ages_.push_back(plan.longest);
}

// False when the challenge repeats an earlier nonce; it is fetched again a second later.
bool Lifetime::fetch(Aged& into, net::Instant now) {
  auto dialogue = std::make_shared<sip::Dialogue>(session_);
  const auto offered = dialogue->challenge();
  if (!offered.challenged()) {
    lost_ = "a query was not challenged any more";
    return false;
  }
  if (std::ranges::find(nonces_, offered.offer()->nonce) != nonces_.end()) {
    next_fetch_ = now + apart;
    if (++same_in_a_row_ > most_repeats) lost_ = "every challenge offers the same nonce";
    return false;
  }
  same_in_a_row_ = 0;
  nonces_.push_back(offered.offer()->nonce);
  into = {.dialogue = std::move(dialogue), .offered = offered, .issued = offered.sent_at};
  return true;
}

std::optional<net::Instant> Lifetime::poll(net::Instant now) {
  if (!started_ || !lost_.empty()) return std::nullopt;
  try {
    if (!refused_) {
      auto next = fetch_probes(now);
      next = earlier(next, answer_probes(session_.clock().now()));
      if (!lost_.empty()) return std::nullopt;
      if (!refused_) return next;
    }
    return fetch_expiring(session_.clock().now());
  } catch (const sip::NoAnswer&) {
    lost_ = "an aged nonce got no answer";
    return std::nullopt;
  }
}

// The oldest first: they need the time.
std::optional<net::Instant> Lifetime::fetch_probes(net::Instant now) {
  while (!ages_.empty() && lost_.empty()) {
    if (now < next_fetch_) return next_fetch_;
    Probe probe;
    if (fetch(probe.nonce, now)) {
      probe.age = ages_.back();
      ages_.pop_back();
      probes_.push_back(std::move(probe));
    }
    now = session_.clock().now();
  }
  return std::nullopt;
}

std::optional<net::Instant> Lifetime::answer_probes(net::Instant now) {
  std::ranges::sort(probes_, {}, [](const Probe& p) { return p.nonce.issued + p.age; });
  for (auto& probe : probes_) {
    if (probe.answered) continue;
    if (refused_) break;
    const auto due = probe.nonce.issued + probe.age;
    if (due > now) return due;
    answer(probe, now);
    now = session_.clock().now();
  }
  return std::nullopt;
}

void Lifetime::answer(Probe& probe, net::Instant now) {
  probe.answered = true;
  const auto age = now - probe.nonce.issued;
  const auto answered = probe.nonce.dialogue->answer(probe.nonce.offered);
  if (answered.accepted()) {
    accepted_ = std::max(accepted_.value_or(age), age);
  } else if (answered.retransmissions == 0) {
    // After a loss the refusal may belong to the second copy of what was accepted before.
    refused_ = age;
  }
}

std::optional<net::Instant> Lifetime::fetch_expiring(net::Instant now) {
  for (auto* slot : {&expired_, &expired_used_, &expired_wrong_}) {
    if (*slot || (slot == &expired_used_ && !plan_.reuse)) continue;
    if (now < next_fetch_) return next_fetch_;
    Aged aged;
    if (!fetch(aged, now)) return lost_.empty() ? std::optional{next_fetch_} : std::nullopt;
    if (slot == &expired_used_ && !aged.dialogue->answer(aged.offered).accepted()) {
      plan_.reuse = false;
    } else {
      *slot = std::move(aged);
    }
    now = session_.clock().now();
  }
  const auto due = settled_at();
  return due > now ? std::optional{due} : std::nullopt;
}

bool Lifetime::is_settled() const {
  if (!started_ || !lost_.empty()) return true;
  if (!refused_) {
    return ages_.empty() && std::ranges::all_of(probes_, &Probe::answered);
  }
  return expired_ && expired_wrong_ && session_.clock().now() >= settled_at();
}

net::Instant Lifetime::settled_at() const {
  if (!refused_) {
    net::Instant last{0};
    for (const auto& probe : probes_) last = std::max(last, probe.nonce.issued + probe.age);
    return last;
  }
  const auto& youngest = expired_wrong_ ? expired_wrong_ : expired_;
  return (youngest ? youngest->issued : session_.clock().now()) + *refused_ + margin;
}

}  // namespace sipauth::checks
