#include "checks/client_impact.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "sip/recorder.hpp"

namespace sipauth::checks {
namespace {

/// Follows each Call-ID: how often in a row right credentials on a fresh nonce were called stale.
class StaleChains {
 public:
  explicit StaleChains(SeenRun& run) : run_{run} {}

  void see(const sip::Exchange& exchange) {
    auto& last = last_[exchange.call_id];
    if (exchange.sent) judge(exchange, last);
    last.nonce = exchange.offer() ? exchange.offer()->nonce : std::string{};
  }

 private:
  struct Last {
    std::string nonce = {};  ///< that was offered last
    int stale = 0;
    int stale_and_fresh = 0;  ///< of these, nonces straight from the registrar
  };

  void judge(const sip::Exchange& exchange, Last& last) {
    const bool fresh = exchange.sent->nonce == last.nonce && !exchange.sent->must_be_refused &&
                       !exchange.sent->resynchronises;
    const bool first_registration = fresh && !run_.registered;
    if (exchange.accepted()) {
      if (!fresh) return;
      run_.longest_stale_chain = std::max(run_.longest_stale_chain, last.stale);
      if (first_registration) run_.stale_at_first = last.stale_and_fresh;
      run_.registered = true;
      last.stale = last.stale_and_fresh = 0;
    } else if (exchange.stale() && exchange.usable()) {
      last.stale = fresh ? last.stale + 1 : 1;
      last.stale_and_fresh = fresh ? last.stale_and_fresh + 1 : 0;
    } else {
      last.stale = last.stale_and_fresh = 0;
      // A retransmission may have used a one-time nonce up.
      if (first_registration && exchange.usable() && exchange.retransmissions == 0) {
        run_.plain_at_first = true;
      }
    }
  }

  SeenRun& run_;
  std::map<std::string, Last, std::less<>> last_;
};

class Clients {
 public:
  Clients() : found_(client_rows().size()) {}

  void see(const SeenAnswer& answer) {
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto impact = impact_of(client_rows()[i], answer);
      if (impact && (!found_[i] || *impact < *found_[i])) found_[i] = impact;
    }
  }

  [[nodiscard]] std::vector<ClientImpact> in(const SeenRun& run) {
    std::vector<ClientImpact> impacts;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto& row = client_rows()[i];
      if (row.over_run && row.over_run(run)) found_[i] = row.impact;
      if (!found_[i]) continue;
      impacts.push_back({row.client, row.consequence, *found_[i], row.source});
    }
    std::ranges::sort(impacts, [](const ClientImpact& a, const ClientImpact& b) {
      return a.impact != b.impact ? a.impact < b.impact : a.client < b.client;
    });
    return impacts;
  }

 private:
  std::vector<std::optional<Impact>> found_;
};

SeenRun see(const sip::Recorder& recorder, std::span<const sip::Exchange> exchanges,
            Clients& clients) {
  SeenRun run;
  StaleChains chains{run};
  for (const auto& exchange : exchanges) {
    chains.see(exchange);
    if (!exchange.response) continue;
    auto answer = see_answer(recorder.at(*exchange.response).bytes, !exchange.sent);
    if (!answer) continue;
    clients.see(*answer);
    if (answer->is_first && !run.first) run.first = std::move(answer);
  }
  return run;
}

// Only what stands after the runner has made sure that the right password is still taken.
bool fails_with_403(const Context& context, std::string_view id) {
  const auto* finding = context.finding(id);
  return finding && finding->verdict == Verdict::fail &&
         std::ranges::any_of(finding->evidence, [](const sip::Exchange& exchange) {
           return exchange.sent && exchange.status == 403;
         });
}

bool found(const Context& context, std::string_view id, Verdict verdict) {
  const auto* finding = context.finding(id);
  return finding && finding->verdict == verdict;
}

bool is_plain(const Context& context, std::string_view id,
              const std::optional<sip::Exchange>& exchange) {
  return found(context, id, Verdict::warn) && exchange && outcome_of(*exchange) == Outcome::plain;
}

void add_findings(SeenRun& run, const Context& context) {
  const auto& shared = context.shared;
  run.dead_nonce_is_plain = is_plain(context, "SA-NONCE-01", shared.reuse) ||
                            is_plain(context, "SA-STALE-01", shared.expired);
  run.dead_nonce_is_forbidden = std::ranges::any_of(
      std::to_array<std::string_view>({"SA-NONCE-01", "SA-NONCE-02", "SA-STALE-01", "SA-STALE-13"}),
      [&](std::string_view id) { return fails_with_403(context, id); });
  run.count_gap_is_forbidden = fails_with_403(context, "SA-NC-04");
  run.count_start_is_refused =
      found(context, "SA-NC-05", Verdict::warn) || found(context, "SA-NC-05", Verdict::fail);
  run.answers_without_qop_are_taken = found(context, "SA-AUTH-24", Verdict::pass);
}

}  // namespace

std::string_view impact_name(Impact impact) {
  switch (impact) {
    case Impact::cannot_register:
      return "cannot-register";
    case Impact::loses_registration:
      return "loses-registration";
    case Impact::prompts_user:
      break;
  }
  return "prompts-user";
}

std::optional<Impact> impact_of(const ClientRow& row, const SeenAnswer& answer) {
  if (!row.over_answer || !row.over_answer(answer)) return std::nullopt;
  if (answer.is_first) return Impact::cannot_register;
  // Other refusals are none of a client with the right password.
  return answer.says_stale() ? std::optional{Impact::loses_registration} : std::nullopt;
}

std::vector<ClientImpact> client_impact(const sip::Recorder& recorder,
                                        std::span<const sip::Exchange> exchanges) {
  Clients clients;
  const auto run = see(recorder, exchanges, clients);
  return clients.in(run);
}

std::vector<ClientImpact> client_impact(Context& context) {
  Clients clients;
  auto run = see(context.session().recorder(), context.exchanges(), clients);
  add_findings(run, context);
  return clients.in(run);
}

}  // namespace sipauth::checks
