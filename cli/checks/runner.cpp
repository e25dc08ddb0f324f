#include "checks/runner.hpp"

#include <algorithm>
#include <utility>

#include "checks/lifetime.hpp"
#include "checks/needs.hpp"
#include "checks/outcome.hpp"
#include "sip/binding.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

/// A silence during which nobody is told anything is taken for a hang.
constexpr net::Duration progress_step = 1s;

struct RunIsOver {};

std::string_view unfinished(Ending ending) {
  switch (ending) {
    case Ending::complete:
      return "not run";
    case Ending::no_answer:
      return "the registrar never answered";
    case Ending::banned:
      return "the registrar stopped answering before its turn";
    case Ending::interrupted:
      return "the run was interrupted before its turn";
    case Ending::over_limit:
      return "--max-requests was reached before its turn";
  }
  return "not run";
}

}  // namespace

Runner::Runner(sip::Session& session, const Settings& settings, Selection selection)
    : session_{session}, selection_{std::move(selection)}, context_{session, settings} {}

RunReport Runner::run() {
  until_over([&] { run_all(); });
  // What was seen before the end is judged all the same.
  if (report_.ending != Ending::complete && report_.ending != Ending::no_answer) {
    trusted_ = false;
    until_over([&] { run_stage(Stage::whole_run); });
  }
  report_.left_bound = sip::unbind(session_);
  report_.client_impact = client_impact(context_);
  for (const auto* check : selection_.reported) {
    const auto found = done_.find(check->id);
    report_.reports.push_back(
        {check, found != done_.end()
                    ? found->second
                    : Finding{inconclusive, std::string{unfinished(report_.ending)}}});
  }
  return std::move(report_);
}

template <typename Work>
void Runner::until_over(Work work) {
  try {
    work();
  } catch (const RunIsOver&) {
    // end() has said why
  } catch (const sip::Interrupted&) {
    report_.ending = Ending::interrupted;
  } catch (const sip::OverLimit&) {
    report_.ending = Ending::over_limit;
  }
}

void Runner::run_all() {
  run_stage(Stage::challenge);
  run_stage(Stage::registration);
  run_stage(Stage::acceptance);
  start_lifetime();
  run_stage(Stage::refusal);
  wait_for_lifetime();
  run_stage(Stage::aged);
  run_stage(Stage::burst);
  run_stage(Stage::whole_run);
}

bool Runner::is_running(std::string_view id) const {
  return std::ranges::any_of(selection_.running,
                             [&](const Check* check) { return check->id == id; });
}

void Runner::run_stage(Stage stage) {
  std::vector<const Check*> checks;
  std::ranges::copy_if(selection_.running, std::back_inserter(checks),
                       [&](const Check* check) { return check->stage == stage; });
  std::ranges::sort(checks, {},
                    [](const Check* check) { return std::pair{check->priority, check->id}; });
  for (const auto* check : checks) {
    if (on_progress) on_progress(std::string{check->id} + ' ' + std::string{check->title});
    keep(*check, judge(*check));
    context_.lifetime().poll(session_.clock().now());
  }
}

void Runner::keep(const Check& check, Finding finding) {
  if (check.id == "SA-AUTH-01") {
    report_.registered = finding.verdict == pass || finding.verdict == warn;
    context_.registered = report_.registered;
  }
  report_.credentials_refused = report_.credentials_refused || finding.credentials_refused;
  context_.remember(check.id, finding);
  done_[std::string{check.id}] = std::move(finding);
}

// Why a check cannot be judged, told as its finding.
std::optional<Finding> Runner::unmet(const Check& check) const {
  const auto& settings = context_.settings();
  const auto skipped = [](std::string why) { return Finding{skip, std::move(why)}; };
  if (!check.needs.credentials) {
    const auto why = lacking(check.needs, settings);
    return why.empty() ? std::nullopt : std::optional{skipped(std::string{why})};
  }
  if (const auto why = lacking({.credentials = true}, settings); !why.empty()) {
    return skipped(std::string{why});
  }
  const auto& first = context_.shared.first;
  if (first && first->accepted()) return skipped("nobody is asked for a password (SA-CH-01)");
  if (context_.shared.needs_contact && !settings.may_bind) {
    return skipped("queries are refused, and a Contact is registered with --bind only (SA-CH-01)");
  }
  if (first && !first->challenged()) {
    const auto refused = std::ranges::find_if(
        first->offers, [](const sip::Offer& offer) { return !offer.obstacle.empty(); });
    if (refused == first->offers.end()) {
      return skipped("no challenge that can be answered (SA-CH-01)");
    }
    return skipped("the challenge " + refused->obstacle);
  }
  if (const auto why = lacking(check.needs, settings); !why.empty()) {
    return skipped(std::string{why});
  }
  if (check.stage == Stage::registration) return std::nullopt;

  const auto* registration = context_.finding("SA-AUTH-01");
  if (!registration || registration->verdict == pass || registration->verdict == warn) {
    return std::nullopt;
  }
  if (registration->credentials_refused) return skipped("credentials refused (SA-AUTH-01)");
  return Finding{registration->verdict == inconclusive ? inconclusive : skip,
                 "no registration ever succeeded (SA-AUTH-01)"};
}

// What is left after what was spent and what more telling checks will need.
std::optional<std::string> Runner::over_budget(const Check& check) const {
  const auto& settings = context_.settings();
  const int needed = check.cost.refused_on(settings.loopback);
  // Everything stands on the first challenge, so it is looked at whatever the budget is.
  if (needed == 0 || check.stage == Stage::challenge) return std::nullopt;
  int left = settings.max_refused - static_cast<int>(session_.counters().refused);
  for (const auto* other : selection_.running) {
    if (other->priority < check.priority && !done_.contains(other->id) && !unmet(*other)) {
      left -= other->cost.refused_on(settings.loopback);
    }
  }
  if (needed <= left) return std::nullopt;
  return "needs " + std::to_string(needed) + " tries that are refused, and " +
         std::to_string(std::max(left, 0)) + " of " + std::to_string(settings.max_refused) +
         " are left (--max-refused)";
}

Finding Runner::judge(const Check& check) {
  if (auto finding = unmet(check)) return *std::move(finding);
  if (!trusted_ && check.needs.credentials && check.stage != Stage::whole_run) {
    return {inconclusive, distrust_};
  }
  if (auto why = over_budget(check)) return {skip, *std::move(why)};

  const int most = check.repeatable ? 2 : 1;
  for (int tries = 1; tries <= most; ++tries) {
    const auto first_exchange = context_.exchanges().size();
    auto finding = attempt(check, tries == most);
    if (!finding) continue;
    if (check.needs.credentials && check.stage != Stage::whole_run) {
      make_sure_it_lives(check, *finding, first_exchange);
    }
    return *std::move(finding);
  }
  return {inconclusive, "answers were lost on the way, twice"};
}

// nullopt: begin again. A second silence, with the registrar alive each time, is an answer.
std::optional<Finding> Runner::attempt(const Check& check, bool last_try) {
  const auto first_exchange = context_.exchanges().size();
  try {
    auto finding = check.run(context_);
    if (!lost_a_refusal(first_exchange)) return finding;
    // The refusal may belong to the second copy of a request whose first was accepted.
    if (!last_try) return std::nullopt;
    return Finding{inconclusive,
                   "the refused request had to be sent more than once, so its refusal "
                   "proves nothing",
                   finding.evidence};
  } catch (const NotPossible& reason) {
    return Finding{skip, std::string{reason.why}};
  } catch (const sip::NoAnswer& silence) {
    if (!context_.shared.first) {
      report_.error = silence.error;
      keep(check, {inconclusive,
                   silence.error ? silence.error->text : "no answer at all",
                   {silence.exchange}});
      end(Ending::no_answer);
    }
    const auto alive = context_.liveness();
    if (alive == Liveness::silent) {
      report_.error = silence.error;
      end(Ending::banned);
    }
    if (!last_try) return std::nullopt;
    const std::string seen = silence.error
                                 ? "a request ended without an answer: " + silence.error->text
                                 : "a request was not answered";
    const bool proven = check.repeatable && alive == Liveness::alive;
    return Finding{proven ? check.on_silence : inconclusive,
                   seen + (proven ? ", twice, though the registrar answers others" : ""),
                   {silence.exchange}};
  }
}

bool Runner::lost_a_refusal(std::size_t first_exchange) const {
  const auto& all = context_.exchanges();
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first_exchange), all.end(),
                     [](const sip::Exchange& exchange) {
                       return exchange.sent && !exchange.accepted() && exchange.retransmissions > 0;
                     });
}

bool Runner::was_refused(std::size_t first_exchange) const {
  const auto& all = context_.exchanges();
  return std::any_of(
      all.begin() + static_cast<std::ptrdiff_t>(first_exchange), all.end(),
      [](const sip::Exchange& exchange) { return exchange.sent && !exchange.accepted(); });
}

void Runner::make_sure_it_lives(const Check& check, Finding& finding, std::size_t first_exchange) {
  const auto* registration = context_.finding("SA-AUTH-01");
  if (!registration || !was_refused(first_exchange)) return;
  switch (context_.liveness()) {
    case Liveness::alive:
      return;
    case Liveness::silent:
      if (finding.stands_on_liveness) finding.verdict = inconclusive;
      trusted_ = false;
      break;
    case Liveness::refused:
      if (finding.stands_on_liveness) finding.verdict = inconclusive;
      finding.observed += "; afterwards the right password was refused on a fresh nonce";
      trusted_ = false;
      distrust_ =
          "the right password is no longer taken: the account or this address is locked "
          "out";
      return;
  }
  finding.observed += "; afterwards nothing was answered any more";
  keep(check, finding);  // what was seen was seen
  end(Ending::banned);
}

void Runner::start_lifetime() {
  const auto& settings = context_.settings();
  if (settings.no_wait || !report_.registered) return;
  if (!is_running("SA-STALE-01")) return;
  const auto* reuse = context_.finding("SA-NONCE-01");
  context_.lifetime().start({.longest = settings.max_wait,
                             .given = settings.nonce_lifetime,
                             .reuse = reuse && reuse->verdict == pass && context_.shared.reuse &&
                                      context_.shared.reuse->accepted()});
  context_.lifetime().poll(session_.clock().now());
}

void Runner::wait_for_lifetime() {
  auto& lifetime = context_.lifetime();
  while (!lifetime.is_settled() && trusted_) {
    const auto now = session_.clock().now();
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(lifetime.settled_at() - now);
    if (on_progress) {
      on_progress("waiting until nonces are old enough (SA-STALE-01): " +
                  std::to_string(std::max<std::int64_t>(left.count(), 0)) + " s");
    }
    session_.wait_until(now + progress_step);
  }
}

void Runner::end(Ending ending) {
  report_.ending = ending;
  const auto& all = context_.exchanges();
  if (!all.empty() && ending == Ending::banned) {
    const auto& last = all.back();
    report_.silent_after = "request " + std::to_string(session_.counters().requests) +
                           " of the run; the last answer was " + describe(last);
  }
  throw RunIsOver{};
}

}  // namespace sipauth::checks
