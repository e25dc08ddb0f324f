// Registration attempts, and the ladder of each.

#include <algorithm>
#include <utility>

#include "flow_analysis.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace flow;

namespace {

constexpr std::int64_t pause_between = 64 * second;

std::string request_text(const Event& event) {
  auto text = joined({event.message.method(), ", CSeq ", std::to_string(event.cseq)});
  for (const auto& sent : event.sent()) {
    if (sent.scheme != Scheme::digest) {
      text += joined({", ", sent.parsed.scheme(), " credentials"});
      continue;
    }
    text += joined({", nonce ", nonce_tail(sent.parsed.nonce().value_or(""))});
    if (const auto count = sent.parsed.nc()) text += joined({", nc ", trim(*count)});
    const auto algorithm = sent.parsed.algorithm();
    if (algorithm && !same(*algorithm, "MD5")) text += joined({", ", *algorithm});
  }
  if (event.removes) text += ", Expires 0";
  return text;
}

std::string response_text(const Event& event) {
  auto text = joined({std::to_string(event.message.status()), " ", event.message.reason()});
  for (const auto& offer : event.offers()) {
    if (offer.scheme != Scheme::digest) continue;
    text += joined({", nonce ", nonce_tail(offer.nonce_text)});
    if (offer.is_stale) text += ", stale=true";
    const auto is_md5 = (offer.algorithm & algorithm_bit("MD5")) != 0;
    if (!is_md5) text += joined({", ", algorithm_names(offer.algorithm)});
  }
  return text;
}

bool is_telling(const FlowAttempt& attempt) {
  return attempt.method == "REGISTER" || attempt.challenges > 0 || !attempt.username.empty();
}

// What comes now belongs to another.
bool is_over(const FlowAttempt& attempt, std::int64_t now) {
  const bool was_challenged = attempt.status == 401 || attempt.status == 407;
  return (attempt.status >= 200 && !was_challenged) || now - attempt.end > pause_between;
}

bool went_well(const FlowAttempt& attempt) {
  return attempt.outcome == FlowOutcome::accepted || attempt.outcome == FlowOutcome::removed;
}

// `last` is its last transaction, if that is known.
FlowOutcome outcome_of(const FlowAttempt& attempt, const Transaction* last, bool last_was_stale,
                       std::int64_t now) {
  constexpr auto transaction_life = 32 * second;
  if (attempt.status == 0) {
    return now - attempt.begin > transaction_life ? FlowOutcome::no_answer
                                                  : FlowOutcome::unfinished;
  }
  if (attempt.status < 300) {
    return last != nullptr && last->removes ? FlowOutcome::removed : FlowOutcome::accepted;
  }
  const bool is_challenge = attempt.status == 401 || attempt.status == 407;
  const bool refuses = last != nullptr && !last->sent.empty() && !last_was_stale;
  return is_challenge && !refuses ? FlowOutcome::challenged : FlowOutcome::refused;
}

}  // namespace

void FlowAnalysis::Implementation::add_step(FlowAttempt& attempt, FlowStep step) const {
  if (attempt.steps.size() == limits_.steps) {
    ++attempt.steps_left_out;
    return;
  }
  attempt.steps.push_back(std::move(step));
}

void FlowAnalysis::Implementation::begin_attempt(Flow& flow, const Event& event,
                                                 std::int64_t time) {
  flow.attempt = std::make_unique<FlowAttempt>(FlowAttempt{.method = std::string{event.method},
                                                           .aor = event.aor,
                                                           .client = flow.client,
                                                           .server = flow.server,
                                                           .transport = flow.transport,
                                                           .call_id = flow.call_id,
                                                           .begin = time,
                                                           .end = time});
}

void FlowAnalysis::Implementation::attempt_request(Flow& flow, const Event& event,
                                                   const Transaction& transaction) {
  if (flow.attempt) {
    const auto& last = *flow.attempt;
    const bool was_challenged = last.status == 401 || last.status == 407;
    // A challenge to credentials, and then none at all: the phone begins anew, later.
    const auto known = flow.transactions.size();
    const bool gave_up = was_challenged && known > 1 && !flow.transactions[known - 2].sent.empty();
    const bool starts_again =
        last.status >= 300 && (!was_challenged || gave_up) && transaction.sent.empty();
    if ((last.status >= 200 && last.status < 300) || starts_again || last.method != event.method ||
        transaction.first - last.end > pause_between) {
      end_attempt(flow);
    }
  }
  if (!flow.attempt) begin_attempt(flow, event, transaction.first);
  auto& attempt = *flow.attempt;
  attempt.end = std::max(attempt.end, transaction.first);
  attempt.status = 0;
  ++attempt.requests;
  for (const auto& sent : event.sent()) {
    if (attempt.username.empty()) attempt.username = unquote(sent.parsed.username().value_or(""));
  }
  for (const auto& answered : transaction.sent) {
    if (answered.digest == Digest::right) ++attempt.digests_right;
    if (answered.digest == Digest::wrong) ++attempt.digests_wrong;
  }
  if (!wrong_text_.empty()) attempt.digest_text = std::exchange(wrong_text_, {});
  add_step(attempt, {.time = event.seen->time,
                     .number = event.seen->number,
                     .from_client = true,
                     .text = request_text(event)});
}

void FlowAnalysis::Implementation::attempt_again(Flow& flow, const Event& event, bool is_request) {
  if (!flow.attempt) return;
  auto& attempt = *flow.attempt;
  attempt.end = std::max(attempt.end, event.seen->time);
  if (is_request) ++attempt.retransmissions;
  add_step(attempt,
           {.time = event.seen->time,
            .number = event.seen->number,
            .from_client = is_request,
            .status = is_request ? 0 : event.message.status(),
            .text = (is_request ? request_text(event) : response_text(event)) + " (again)"});
}

void FlowAnalysis::Implementation::attempt_response(Flow& flow, const Event& event,
                                                    const Transaction& transaction) {
  if (!transaction.was_seen) {
    if (flow.attempt && is_over(*flow.attempt, event.seen->time)) end_attempt(flow);
    if (!flow.attempt) begin_attempt(flow, event, event.seen->time);
  }
  if (!flow.attempt) return;
  auto& attempt = *flow.attempt;
  attempt.end = std::max(attempt.end, event.seen->time);
  const int status = event.message.status();
  if (transaction.is_challenged() && status == transaction.status) {
    ++attempt.challenges;
    const bool is_stale = std::ranges::any_of(event.offers(), &Offer::is_stale);
    if (is_stale) ++attempt.stale;
  }
  if (status >= 200) attempt.status = status;
  add_step(attempt, {.time = event.seen->time,
                     .number = event.seen->number,
                     .from_client = false,
                     .status = status,
                     .text = response_text(event)});
}

void FlowAnalysis::Implementation::end_attempt(Flow& flow) {
  if (!flow.attempt) return;
  auto attempt = std::move(flow.attempt);
  if (!is_telling(*attempt)) return;
  ++report_.attempts_seen;
  // A request that begins the next attempt is in the list already.
  const Transaction* last = nullptr;
  for (const auto& known : flow.transactions) {
    if (known.status == attempt->status && known.first <= attempt->end) last = &known;
  }
  const bool was_stale =
      last != nullptr && last->offered != 0 && flow.stale_claimed_at == last->offered;
  attempt->outcome = outcome_of(*attempt, last, was_stale, now_);
  attempt->user_agent = flow.user_agent;
  keep_attempt(std::move(*attempt));
}

// Where there is no room for all, those that went well make way for those that did not.
void FlowAnalysis::Implementation::keep_attempt(FlowAttempt&& attempt) {
  auto& kept = report_.attempts;
  if (kept.size() < limits_.attempts) return kept.push_back(std::move(attempt));
  if (went_well(attempt)) return;
  while (make_way_ < kept.size() && !went_well(kept[make_way_])) ++make_way_;
  if (make_way_ < kept.size()) kept[make_way_++] = std::move(attempt);
}

}  // namespace sipauth
