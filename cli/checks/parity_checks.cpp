// SA-TX-07: is the registrar the same over every transport, and at every address?

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/lifetime.hpp"
#include "checks/needs.hpp"
#include "checks/outcome.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;
using Findings = std::map<std::string_view, Finding>;

/// Other ways that are judged; each costs as much as the checks that are repeated on it.
constexpr std::size_t most_ways = 4;
constexpr std::size_t most_ways_afar = 2;

/// A nonce that is the same for a second is fetched again; more often it has no lifetime.
constexpr int most_fetches = 8;

constexpr std::array repeated{"SA-AUTH-01", "SA-AUTH-03", "SA-NONCE-02"};

// What is judged of the challenges themselves. How long they are matters to datagrams alone.
bool is_of_challenges(const Check& check) {
  return check.suite() == "SA-CH" && check.id != "SA-CH-14";
}

std::string name_of(const sip::AnotherWay& way) {
  auto name = way.transport ? std::string{net::transport_name(*way.transport)} : std::string{};
  if (!way.address.empty()) name += (name.empty() ? "" : " at ") + way.address;
  return name;
}

// nullopt: an answer was lost, so nothing can be compared.
std::optional<Finding> run_in(Context& context, const Check& check) {
  try {
    auto finding = check.run(context);
    context.remember(check.id, finding);
    return finding;
  } catch (const NotPossible&) {
    return Finding{skip};
  } catch (const sip::NoAnswer&) {
    return std::nullopt;
  }
}

// Exchanges of other ways are seen by the run as well, but its own work waits meanwhile: an aged
// nonce must not be answered on another way than it came on.
class Aside {
 public:
  explicit Aside(sip::Session& session)
      : session_{session},
        on_exchange_{std::exchange(session.on_exchange, nullptr)},
        background_{std::exchange(session.background, nullptr)} {}
  ~Aside() {
    session_.on_exchange = std::move(on_exchange_);
    session_.background = std::move(background_);
  }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  void tell_run(const sip::Exchange& exchange) const {
    if (on_exchange_) on_exchange_(exchange);
  }

 private:
  sip::Session& session_;
  std::function<void(const sip::Exchange&)> on_exchange_;
  std::function<std::optional<net::Instant>(net::Instant)> background_;
};

// A context of its own, whose exchanges come from where it is told.
class Apart {
 public:
  Apart(sip::Session& session, const Settings& settings)
      : context_{std::make_unique<Context>(session, settings)} {
    see_ = std::exchange(session.on_exchange, nullptr);
    session.background = nullptr;
  }
  void see(const sip::Exchange& exchange) const { see_(exchange); }
  [[nodiscard]] Context& context() { return *context_; }

 private:
  std::unique_ptr<Context> context_;
  std::function<void(const sip::Exchange&)> see_;
};

struct Way {
  Way(std::string called, net::Transport& over, Apart state)
      : name{std::move(called)}, transport{&over}, apart{std::move(state)} {}

  std::string name;
  net::Transport* transport;
  Apart apart;
  Findings findings = {};

  // Runs with this way as that of the session.
  template <typename Work>
  void on_it(sip::Session& session, const Aside& aside, Work work) {
    const sip::Session::Detour detour{session, *transport};
    struct Listen {
      sip::Session& session;
      ~Listen() { session.on_exchange = nullptr; }
    } listen{session};
    session.on_exchange = [&](const sip::Exchange& exchange) {
      if (exchange.status == 0) return;
      apart.see(exchange);
      aside.tell_run(exchange);
    };
    work();
  }
};

void judge_challenges(Context& context, Findings& into) {
  for (const auto* check : catalogue()) {
    if (!is_of_challenges(*check) || into.contains(check->id)) continue;
    if (!lacking(check->needs, context.settings()).empty()) continue;
    if (auto finding = run_in(context, *check)) into[check->id] = *std::move(finding);
  }
}

// The same of the run's own way, from exchanges of the same kinds: what only another check would
// have brought out must not make a difference.
Findings found_before(Context& context, const Aside& aside) {
  auto& session = context.session();
  Findings findings;
  for (const std::string_view id : {"SA-AUTH-01", "SA-AUTH-03", "SA-NONCE-02", "SA-STALE-01"}) {
    if (const auto* found = context.finding(id)) findings[id] = *found;
  }
  Apart apart{session, context.settings()};
  auto& own = apart.context();
  own.shared.first = context.shared.first;
  own.shared.needs_contact = context.shared.needs_contact;
  int queries = 0;
  for (const auto& exchange : context.exchanges()) {
    if (!exchange.sent && exchange.challenged() && ++queries <= 2) apart.see(exchange);
  }
  const auto& shared = context.shared;
  for (const auto& one : {shared.wrong_password, shared.never_issued, shared.broken_mac}) {
    if (one) apart.see(*one);
  }
  for (const auto& one : shared.after_never_issued) apart.see(one);
  if (const auto* found = context.finding("SA-CH-01")) findings["SA-CH-01"] = *found;
  session.on_exchange = [&](const sip::Exchange& exchange) {
    if (exchange.status == 0) return;
    apart.see(exchange);
    aside.tell_run(exchange);
  };
  judge_challenges(own, findings);
  session.on_exchange = nullptr;
  return findings;
}

// All challenges of one second may share a nonce; where it is good for one use, what another check
// used up would be taken for a refusal.
void let_nonces_change(Context& context, const sip::Exchange& first) {
  auto& session = context.session();
  const auto& reuse = context.shared.reuse;
  const bool may_be_used_again = reuse && reuse->accepted();
  if (may_be_used_again || !first.offer()) return;
  if (!session.nonce_was_used(first.offer()->nonce)) return;
  session.wait_until(session.clock().now() + 1100ms);
}

// False: nobody answers there.
bool judge_way(Context& context, Way& way) {
  auto& own = way.apart.context();
  const auto first = run_in(own, *find("SA-CH-01"));
  if (!first) return false;
  way.findings["SA-CH-01"] = *first;
  for (const std::string_view id : repeated) {
    const auto& check = *find(id);
    if (!context.finding(id) || !lacking(check.needs, context.settings()).empty()) continue;
    if (own.shared.first) let_nonces_change(context, *own.shared.first);
    auto finding = run_in(own, check);
    if (!finding) continue;
    own.registered = own.registered || finding->verdict == pass || finding->verdict == warn;
    way.findings[id] = *std::move(finding);
    if (!own.registered) break;
  }
  judge_challenges(own, way.findings);
  return true;
}

std::optional<net::Duration> known_lifetime(Context& context) {
  const auto* expiry = context.finding("SA-STALE-01");
  const bool judged =
      expiry && (expiry->verdict == pass || expiry->verdict == warn || expiry->verdict == fail);
  if (!judged || context.settings().no_wait) return std::nullopt;
  if (context.settings().nonce_lifetime) return context.settings().nonce_lifetime;
  return context.lifetime().first_refused();
}

// Nonces are fetched on all ways first and grow old together.
void judge_expiry(Context& context, std::vector<std::unique_ptr<Way>>& ways, const Aside& aside) {
  const auto age = known_lifetime(context);
  if (!age) return;
  auto& session = context.session();
  for (const auto& way : ways) {
    if (!way->apart.context().registered) continue;
    auto& lifetime = way->apart.context().lifetime();
    lifetime.start({.longest = *age, .given = age});
    way->on_it(session, aside, [&] {
      for (int i = 0; i < most_fetches; ++i) {
        const auto due = lifetime.poll(session.clock().now());
        if (!due || *due == lifetime.settled_at()) return;
        session.wait_until(*due);
      }
    });
  }
  for (const auto& way : ways) {
    auto& own = way->apart.context();
    if (!own.registered) continue;
    way->on_it(session, aside, [&] {
      if (!own.lifetime().expired()) return;
      session.wait_until(own.lifetime().settled_at());
      if (auto finding = run_in(own, *find("SA-STALE-01"))) {
        way->findings["SA-STALE-01"] = *std::move(finding);
      }
    });
  }
}

// What was not judged on either side is no difference. That the password was not taken is one,
// though no verdict comes of it.
bool differ(const Finding& a, const Finding& b) {
  const auto tells = [](const Finding& finding) {
    return finding.verdict != skip &&
           (finding.verdict != inconclusive || finding.credentials_refused);
  };
  return tells(a) && tells(b) && a.verdict != b.verdict;
}

struct Comparison {
  std::set<std::string_view> compared;
  int different = 0;
  std::string first;
  std::vector<sip::Exchange> evidence;
};

void compare(Comparison& comparison, const std::string& own_name, const Findings& own,
             const Way& way) {
  for (const auto* check : catalogue()) {
    const auto here = own.find(check->id);
    const auto there = way.findings.find(check->id);
    if (here == own.end() || there == way.findings.end()) continue;
    comparison.compared.insert(check->id);
    if (!differ(here->second, there->second)) continue;
    if (++comparison.different > 1) continue;
    const auto told = [](const Finding& finding) {
      return std::string{verdict_name(finding.verdict)} + " (" + finding.observed + ')';
    };
    comparison.first = std::string{check->id} + " is " + told(there->second) + " over " + way.name +
                       ", and " + told(here->second) + " over " + own_name;
    comparison.evidence = here->second.evidence;
    comparison.evidence.insert(comparison.evidence.end(), there->second.evidence.begin(),
                               there->second.evidence.end());
  }
}

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Finding parity(Context& context) {
  auto& session = context.session();
  const auto most = context.settings().loopback ? most_ways : most_ways_afar;
  std::vector<net::Transport*> opened;
  struct Close {
    sip::Session& session;
    std::vector<net::Transport*>& opened;
    ~Close() {
      for (auto* const one : opened) session.close(one);
    }
  } close{session, opened};
  const Aside aside{session};
  std::vector<std::unique_ptr<Way>> ways;
  std::vector<std::string> names;
  std::vector<std::string> not_offered;
  std::vector<std::string> left_out;
  for (const auto& another : session.other_ways) {
    const auto name = name_of(another);
    if (ways.size() == most) {
      left_out.push_back(name);
      continue;
    }
    const auto transport = session.open_another(another);
    if (!transport) {
      if (transport.error().kind == net::NetError::Kind::interrupted) throw sip::Interrupted{};
      not_offered.push_back(name);
      continue;
    }
    opened.push_back(*transport);
    auto way = std::make_unique<Way>(name, **transport, Apart{session, context.settings()});
    bool answers = false;
    way->on_it(session, aside, [&] { answers = judge_way(context, *way); });
    if (!answers) {
      not_offered.push_back(name);
      continue;
    }
    names.push_back(name);
    ways.push_back(std::move(way));
  }
  auto notes = not_offered.empty() ? std::string{} : "; not offered: " + list_of(not_offered);
  if (!left_out.empty()) notes += "; left out: " + list_of(left_out);
  if (ways.empty()) return {skip, "there is no other way to the registrar" + notes};
  judge_expiry(context, ways, aside);
  const auto own = found_before(context, aside);

  const std::string own_name{net::transport_name(session.transport().kind())};
  Comparison comparison;
  for (const auto& way : ways) compare(comparison, own_name, own, *way);
  if (comparison.compared.empty()) {
    return {inconclusive, "answers were lost over " + list_of(names) + notes};
  }
  if (comparison.different == 0) {
    return {pass,
            list_of(names) + " and " + own_name + " get the same verdicts in " +
                std::to_string(comparison.compared.size()) + " checks" + notes,
            {*context.shared.first}};
  }
  auto seen = comparison.first;
  if (comparison.different > 1) {
    seen += "; " + std::to_string(comparison.different) + " verdicts differ in all";
  }
  return {warn, seen + notes, comparison.evidence};
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-TX-07",
        .title = "Every transport gets the same verdicts",
        .question = "Do the checks of challenges, passwords, never-issued and expired nonces end "
                    "the same over each transport and at each address?",
        .right = "the same verdicts; what is not offered does not count",
        .failing = "verdicts differ (warning)",
        .harm = "A phone that works over one transport is locked out on another.",
        .references = {"RFC 3261 18", "RFC 7616 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .second_source = true},
        .cost = {.requests = 130,
                 .refused = 40,
                 .waiting = 20000ms,
                 .refused_afar = 20,
                 .lifetimes = 1},
        .priority = 300,
        .builds_on = {"SA-AUTH-03", "SA-NONCE-02"},
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "stream-forbid-foreign"},
        .run = parity,
    },
});

}  // namespace

std::span<const Check> parity_suite() { return checks; }

}  // namespace sipauth::checks
