// The passive checks at work: tables, and one function per occasion. flow.cpp follows dialogues and
// transactions; the rules stand in flow_request_rules.cpp and flow_response_rules.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "flow_accounts.hpp"
#include "flow_event.hpp"
#include "flow_findings.hpp"
#include "flow_state.hpp"
#include "flow_table.hpp"
#include "sipauth/flow.hpp"
#include "sipauth/rules.hpp"

namespace sipauth {

class FlowAnalysis::Implementation {
 public:
  Implementation(std::span<const FlowAccount> accounts, const FlowLimits& limits);

  void add(const FlowMessage& message);
  FlowReport finish();

 private:
  using Event = flow::Event;
  using Flow = flow::Flow;
  using Offer = flow::Offer;
  using Transaction = flow::Transaction;
  using Answered = flow::Answered;
  using Key = flow::Key;

  // flow.cpp
  void request(const Event& event);
  void response(const Event& event);
  void response_alone(const Event& event);
  [[nodiscard]] std::uint64_t flow_key(const Event& event) const;
  [[nodiscard]] static std::uint64_t dialogue_key(const Event& event);
  [[nodiscard]] std::uint64_t transaction_key(const Event& event) const;
  Flow& flow_of(const Event& event);
  [[nodiscard]] Transaction& begin_transaction(Flow& flow, const Event& event, std::uint64_t bytes);
  void close(Flow& flow, bool was_evicted);
  void close_old();

  // flow_attempts.cpp
  static void begin_attempt(Flow& flow, const Event& event, std::int64_t time);
  void attempt_request(Flow& flow, const Event& event, const Transaction& transaction);
  void attempt_again(Flow& flow, const Event& event, bool is_request);
  void attempt_response(Flow& flow, const Event& event, const Transaction& transaction);
  void end_attempt(Flow& flow);
  void keep_attempt(FlowAttempt&& attempt);
  void add_step(FlowAttempt& attempt, FlowStep step) const;

  // flow_request_rules.cpp
  void judge_request(Flow& flow, Transaction& transaction, const Event& event);
  void judge_branch(const Flow& flow, const Event& event);
  void judge_credentials(Flow& flow, Transaction& transaction, const Event& event,
                         const flow::Sent& sent, Answered& answered);
  void judge_count(const Flow& flow, const Event& event, const flow::Sent& sent, Answered& answered,
                   const flow::NonceSeen* nonce);
  void judge_choice(const Flow& flow, const Event& event, const flow::Sent& sent,
                    Answered& answered, const flow::NonceSeen& nonce);
  void judge_digest(Flow& flow, const Event& event, const flow::Sent& sent, Answered& answered);
  void judge_order(Flow& flow, const Event& event, const Answered& answered);
  void judge_ignored(Flow& flow, std::int64_t now, std::uint64_t number, bool by_silence);
  void judge_rate(const Flow& flow, const Event& event);

  // flow_response_rules.cpp
  void judge_response(Flow& flow, Transaction& transaction, const Event& event);
  void judge_challenge(Flow& flow, Transaction& transaction, const Event& event);
  void judge_stale(Flow& flow, const Transaction& transaction, const Event& event);
  void judge_offers(Flow& flow, Transaction& transaction, const Event& event);
  void offered_again(const Flow& flow, const Transaction& transaction, const Event& event,
                     flow::NonceSeen& nonce, const flow::Offer& offer);
  void judge_guard(const Flow& flow, const Event& event);
  void judge_clock(const Flow& flow, const Event& event, std::string_view nonce);
  void judge_lint(const Flow& flow, const Event& event);
  void accepted(Flow& flow, Transaction& transaction, const Event& event);
  void refused(Flow& flow, Transaction& transaction, const Event& event);
  void judge_again(Flow& flow, Transaction& transaction, const Event& event);
  void stale_together(const Flow& flow, const Event& event);
  void first_answer(const Flow& flow, const Transaction& transaction, const Event& event);

  // flow_chains.cpp
  void dead_step(Flow& flow, const Transaction& transaction, const Offer* offer = nullptr);
  void end_dead_chain(Flow& flow);
  void loop_step(Flow& flow, const Event& event, const Answered& answered);
  void end_loop(Flow& flow);
  void judge_silence(Flow& flow, const Transaction& transaction);
  void judge_whole();

  [[nodiscard]] flow::NonceSeen* find_nonce(const Flow& flow, std::uint64_t nonce);
  [[nodiscard]] flow::ServerSeen& server_of(const Flow& flow);
  [[nodiscard]] flow::UserSeen& user_of(const Flow& flow);
  [[nodiscard]] flow::PhoneSeen& phone_of(const Flow& flow);

  struct Lint {
    std::uint64_t count = 0;
    FlowFinding finding = {};
  };

  FlowLimits limits_;
  flow::Accounts accounts_;
  Event event_;
  flow::Findings findings_;
  flow::Table<Flow> flows_;
  flow::Table<std::uint64_t> flow_of_transaction_;
  flow::Table<flow::NonceSeen> nonces_;
  flow::Table<flow::CountSeen> counts_;
  flow::Table<flow::UserSeen> users_;
  flow::Table<flow::PhoneSeen> phones_;
  flow::Table<bool> realms_answered_;  // with SHA, by phone
  flow::Table<bool> challengers_;      // of a phone, outside of a dialogue
  flow::Table<bool> calls_;            // whose beginning was seen
  flow::Table<flow::ServerSeen> servers_;
  flow::Table<flow::DomainSeen> domains_;
  std::map<std::string_view, Lint> lint_;  // by the rule's name
  FlowReport report_;
  std::int64_t now_ = 0;      // the latest time seen
  std::size_t tried_ = 0;     // digests, in search of mistakes
  std::size_t make_way_ = 0;  // the next of the attempts kept that may
  std::string wrong_text_;    // why the digest of the request at hand is wrong
};

}  // namespace sipauth
