// Dialogues and transactions: which message belongs to which.

#include "sipauth/flow.hpp"

#include <algorithm>
#include <utility>

#include "flow_analysis.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace flow;

namespace {

constexpr std::size_t most_transactions = 32;  // of one dialogue
constexpr int first_final = 200;

bool is_acknowledgement(std::string_view method) noexcept {
  return method == "ACK" || method == "CANCEL" || method == "PRACK";
}

bool has_same_credentials(const Transaction& known, const Event& event) {
  return std::ranges::equal(known.sent, event.sent(), [](const Answered& a, const Sent& b) {
    return a.nonce == b.nonce && a.response == b.response;
  });
}

}  // namespace

std::string_view outcome_name(FlowOutcome outcome) noexcept {
  constexpr std::array<std::string_view, 6> names{"accepted",   "removed",   "refused",
                                                  "challenged", "no answer", "unfinished"};
  return names[static_cast<std::size_t>(outcome)];
}

FlowAnalysis::Implementation::Implementation(std::span<const FlowAccount> accounts,
                                             const FlowLimits& limits)
    : limits_{limits},
      accounts_{accounts},
      flows_{limits.flows},
      flow_of_transaction_{limits.flows * 4},
      nonces_{limits.nonces},
      counts_{limits.nonces},
      users_{limits.identities},
      phones_{limits.identities},
      realms_answered_{limits.identities},
      challengers_{limits.identities},
      calls_{limits.flows},
      servers_{limits.servers},
      domains_{limits.servers} {}

void FlowAnalysis::Implementation::add(const FlowMessage& message) {
  if (!event_.read(message)) {
    ++report_.unreadable;
    return;
  }
  ++report_.messages;
  now_ = std::max(now_, message.time);
  close_old();
  if (event_.is_request()) {
    request(event_);
  } else {
    response(event_);
  }
  accounts_.see(event_);
}

std::uint64_t FlowAnalysis::Implementation::flow_key(const Event& event) const {
  return Key{}
      .add(event.call_id)
      .add(event.from_tag)
      .add(host_of(event.client))
      .add(event.server)
      .value();
}

std::uint64_t FlowAnalysis::Implementation::dialogue_key(const Event& event) {
  return Key{}.add(event.call_id).add(event.from_tag).value();
}

// The answer may come from another address than the request went to.
std::uint64_t FlowAnalysis::Implementation::transaction_key(const Event& event) const {
  return Key{}
      .add(event.call_id)
      .add(event.branch)
      .add(event.cseq)
      .add(event.method)
      .add(host_of(event.client))
      .value();
}

Flow& FlowAnalysis::Implementation::flow_of(const Event& event) {
  auto& flow = flows_.find_or_add(flow_key(event), [this](Flow& oldest) { close(oldest, true); });
  if (flow.call_id.empty()) {
    flow.call_id = event.call_id;
    flow.aor = event.aor;
    flow.domain = event.domain;
    flow.server = event.server;
    flow.transport = event.transport;
  }
  flow.client = event.client;
  flow.last = event.seen->time;
  const auto agent = event.message.value(HeaderId::user_agent);
  if (!agent.empty()) flow.user_agent = agent;
  return flow;
}

Transaction& FlowAnalysis::Implementation::begin_transaction(Flow& flow, const Event& event,
                                                             std::uint64_t bytes) {
  if (flow.transactions.size() == most_transactions) flow.transactions.pop_front();
  flow.transactions.push_back({.branch = hash_of(event.branch),
                               .bytes = bytes,
                               .has_cookie = event.has_cookie,
                               .cseq = event.cseq,
                               .method = std::string{event.method},
                               .in_dialogue = event.has_to_tag,
                               .removes = event.removes,
                               .is_udp = event.transport == "udp",
                               .first = event.seen->time,
                               .last = event.seen->time,
                               .number = event.seen->number});
  return flow.transactions.back();
}

void FlowAnalysis::Implementation::request(const Event& event) {
  if (is_acknowledgement(event.method)) return;
  if (event.method == "INVITE" && !event.has_to_tag) {
    calls_.find_or_add(hash_of(event.call_id)) = true;
  }
  auto& flow = flow_of(event);
  const auto branch = hash_of(event.branch);
  const auto bytes = hash_of(event.message.text());
  for (auto& known : flow.transactions) {
    const bool is_same = known.branch == branch && known.cseq == event.cseq &&
                         known.method == event.method &&
                         (known.bytes == bytes || has_same_credentials(known, event));
    if (!is_same) continue;
    ++known.sent_times;
    known.last = event.seen->time;
    attempt_again(flow, event, true);
    return;
  }
  ++report_.requests;
  judge_branch(flow, event);
  auto& transaction = begin_transaction(flow, event, bytes);
  flow_of_transaction_.find_or_add(transaction_key(event)) = flow_key(event);
  judge_request(flow, transaction, event);
  attempt_request(flow, event, transaction);
}

void FlowAnalysis::Implementation::response(const Event& event) {
  if (is_acknowledgement(event.method)) return;
  const auto* key = flow_of_transaction_.find(transaction_key(event));
  auto* const flow = key ? flows_.find(*key) : nullptr;
  if (flow == nullptr) return response_alone(event);
  flow->last = event.seen->time;
  flow->was_answered = true;
  const auto branch = hash_of(event.branch);
  // Of a branch that was used twice, the answer is the later request's.
  Transaction* found = nullptr;
  for (auto& known : flow->transactions) {
    if (known.branch == branch && known.cseq == event.cseq && known.method == event.method) {
      found = &known;
    }
  }
  if (found == nullptr) return;
  auto& transaction = *found;
  const int status = event.message.status();
  if (status < first_final) {
    transaction.has_provisional = true;
  } else if (transaction.status != 0) {
    judge_again(*flow, transaction, event);
    attempt_again(*flow, event, false);
    return;
  } else {
    transaction.status = status;
    transaction.answered = event.seen->time;
    judge_response(*flow, transaction, event);
  }
  attempt_response(*flow, event, transaction);
}

// Its request is not in the capture. What it offers is known from now on, and what became of the
// attempt; but not whether the request had credentials, so that it is not judged as an answer.
void FlowAnalysis::Implementation::response_alone(const Event& event) {
  if (event.message.status() < first_final) return;
  const bool is_telling = event.method == "REGISTER" || event.has_challenge();
  if (!is_telling) {
    ++report_.unasked;
    return;
  }
  auto& flow = flow_of(event);
  const auto branch = hash_of(event.branch);
  for (const auto& known : flow.transactions) {
    // Its request fell out of the table, or it is sent again.
    if (known.branch == branch && known.cseq == event.cseq && known.method == event.method) return;
  }
  ++report_.unasked;
  auto& transaction = begin_transaction(flow, event, hash_of(event.message.text()));
  transaction.was_seen = false;
  transaction.status = event.message.status();
  transaction.answered = event.seen->time;
  flow_of_transaction_.find_or_add(transaction_key(event)) = flow_key(event);
  if (event.has_challenge()) {
    judge_lint(flow, event);
    judge_guard(flow, event);
    judge_offers(flow, transaction, event);
  }
  attempt_response(flow, event, transaction);
}

void FlowAnalysis::Implementation::close_old() {
  while (!flows_.empty() && now_ - flows_.oldest().last > limits_.silence) {
    close(flows_.oldest(), false);
    flows_.remove_oldest();
  }
}

void FlowAnalysis::Implementation::close(Flow& flow, bool was_evicted) {
  // What had its final answer is over, and misses nothing.
  if (was_evicted && flow.attempt && flow.attempt->status < 200) ++report_.evicted;
  if (!flow.transactions.empty()) {
    const auto& last = flow.transactions.back();
    constexpr auto transaction_life = 32 * second;
    if (last.status == 0 && !last.sent.empty() && now_ - last.first > transaction_life) {
      dead_step(flow, last);
    }
    for (const auto& transaction : flow.transactions) judge_silence(flow, transaction);
    if (last.is_challenged() && now_ - last.answered > transaction_life) {
      judge_ignored(flow, last.answered, last.number, true);
    }
  }
  end_dead_chain(flow);
  end_loop(flow);
  end_attempt(flow);
}

FlowReport FlowAnalysis::Implementation::finish() {
  flows_.for_each([this](Flow& flow) { close(flow, false); });
  judge_whole();
  report_.forgotten_dialogues = flows_.forgotten() - report_.evicted;
  report_.forgotten_nonces = nonces_.forgotten();
  report_.rows = findings_.rows();
  std::ranges::sort(report_.attempts, {}, [](const FlowAttempt& attempt) {
    return std::pair{attempt.begin, attempt.steps.empty() ? 0 : attempt.steps.front().number};
  });
  std::uint64_t index = 0;
  for (auto& attempt : report_.attempts) attempt.index = ++index;
  return std::move(report_);
}

NonceSeen* FlowAnalysis::Implementation::find_nonce(const Flow& flow, std::uint64_t nonce) {
  return nonces_.find(Key{}.add(flow.server).add(nonce).value());
}

ServerSeen& FlowAnalysis::Implementation::server_of(const Flow& flow) {
  auto& server = servers_.find_or_add(hash_of(flow.server));
  if (server.name.empty()) server.name = flow.server;
  return server;
}

UserSeen& FlowAnalysis::Implementation::user_of(const Flow& flow) {
  auto& user = users_.find_or_add(Key{}.add(flow.server).add(flow.aor).value());
  if (user.is_new) ++server_of(flow).users;
  user.is_new = false;
  return user;
}

PhoneSeen& FlowAnalysis::Implementation::phone_of(const Flow& flow) {
  return phones_.find_or_add(Key{}.add(host_of(flow.client)).add(flow.aor).value());
}

FlowAnalysis::FlowAnalysis(std::span<const FlowAccount> accounts, const FlowLimits& limits)
    : implementation_{std::make_unique<Implementation>(accounts, limits)} {}
FlowAnalysis::FlowAnalysis(FlowAnalysis&&) noexcept = default;
FlowAnalysis& FlowAnalysis::operator=(FlowAnalysis&&) noexcept = default;
FlowAnalysis::~FlowAnalysis() = default;

void FlowAnalysis::add(const FlowMessage& message) { implementation_->add(message); }

FlowReport FlowAnalysis::finish() { return implementation_->finish(); }

}  // namespace sipauth
