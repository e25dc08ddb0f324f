// What the first final answer to a request shows.

#include <algorithm>
#include <array>

#include "flow_analysis.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace flow;

namespace {

using enum FlowVerdict;

constexpr std::size_t most_offers_kept = 8;

// The challenge that refuses these credentials: of their realm, in their kind of header.
const Offer* refusing_offer(const Event& event, const Answered& answered) {
  const auto offers = event.offers();
  const auto found = std::ranges::find_if(offers, [&](const Offer& offer) {
    return offer.scheme == Scheme::digest && offer.is_proxy == answered.is_proxy &&
           offer.realm == answered.realm;
  });
  return found == offers.end() ? nullptr : &*found;
}

}  // namespace

void FlowAnalysis::Implementation::judge_response(Flow& flow, Transaction& transaction,
                                                  const Event& event) {
  const int status = transaction.status;
  if (!transaction.sent.empty()) {
    findings_.judged("SP-DEAD-01");
    findings_.judged("SP-TX-02");
  }
  if (status == 401 || status == 407) {
    judge_challenge(flow, transaction, event);
  } else {
    end_loop(flow);
  }
  if (status < 300) accepted(flow, transaction, event);
  if (status >= 400 && !transaction.sent.empty()) refused(flow, transaction, event);
  if (transaction.sent.empty()) first_answer(flow, transaction, event);
}

void FlowAnalysis::Implementation::judge_challenge(Flow& flow, Transaction& transaction,
                                                   const Event& event) {
  const Offer* anew = nullptr;  // with another nonce than the one that it refuses
  if (!transaction.sent.empty()) {
    const auto& answered = transaction.sent.front();
    anew = refusing_offer(event, answered);
    if (anew != nullptr && anew->nonce == answered.nonce) anew = nullptr;
  }
  if (anew != nullptr) {
    dead_step(flow, transaction, anew);
  } else {
    end_dead_chain(flow);
  }
  findings_.judged("SP-CH-02");
  if (!event.has_challenge()) {
    findings_.report("SP-CH-02", fail, flow, event.seen->time, event.seen->number, [&] {
      return joined({"The ", std::to_string(transaction.status), " to ", event.method,
                     " carries no challenge."});
    });
    return;
  }
  judge_lint(flow, event);
  judge_guard(flow, event);
  judge_stale(flow, transaction, event);
  judge_offers(flow, transaction, event);
}

void FlowAnalysis::Implementation::judge_lint(const Flow& flow, const Event& event) {
  findings_.judged("SP-CH-01");
  for (const auto& [rule, where] : event.diagnostics().list()) {
    if (rule->severity == Severity::note) continue;
    auto& lint = lint_[rule->name];
    if (lint.count++ > 0) continue;
    lint.finding = {.verdict = rule->severity == Severity::error ? fail : warn,
                    .text = joined({rule->name, " (", rule->reference, "): ", rule->sentence}),
                    .fault = {},
                    .time = event.seen->time,
                    .number = event.seen->number,
                    .call_id = flow.call_id,
                    .aor = flow.aor,
                    .client = flow.client,
                    .server = flow.server};
  }
}

void FlowAnalysis::Implementation::judge_guard(const Flow& flow, const Event& event) {
  findings_.judged("SP-SEC-01");
  Algorithms digest = 0;
  bool has_qop = true;
  const auto report = [&](FlowVerdict verdict, std::string_view text) {
    findings_.report("SP-SEC-01", verdict, flow, event.seen->time, event.seen->number,
                     [&] { return std::string{text}; });
  };
  for (const auto& offer : event.offers()) {
    if (offer.scheme == Scheme::basic) report(fail, "A challenge of the scheme Basic.");
    if (offer.scheme != Scheme::digest) continue;
    digest |= offer.algorithm;
    has_qop = has_qop && offer.has_qop;
  }
  if (digest == 0) return;
  auto& server = server_of(flow);
  if (!has_qop && !server.told_no_qop) {
    server.told_no_qop = true;
    report(info, "Challenges without qop: nothing guards against a replay.");
  }
  const bool only_md5 = (digest & ~md5_bits()) == 0;
  if (only_md5 && event.transport == "udp" && !server.told_md5) {
    server.told_md5 = true;
    report(info, "MD5 alone is offered, over UDP: who reads the traffic can guess the password.");
  }
  const auto& first = event.offers().front();
  const bool has_sha = (digest & ~md5_bits() & ~unknown_algorithm) != 0;
  if (has_sha && (first.algorithm & md5_bits()) != 0 && !server.told_md5_first) {
    server.told_md5_first = true;
    findings_.judged("SP-ALG-01");
    findings_.report("SP-ALG-01", info, flow, event.seen->time, event.seen->number, [] {
      return "MD5 stands above SHA: a phone that takes the first row that it can computes MD5.";
    });
  }
}

void FlowAnalysis::Implementation::judge_stale(Flow& flow, const Transaction& transaction,
                                               const Event& event) {
  const auto time = event.seen->time;
  const auto number = event.seen->number;
  if (transaction.sent.empty()) {
    findings_.judged("SP-STALE-04");
    const bool is_stale = std::ranges::any_of(event.offers(), &Offer::is_stale);
    if (is_stale) {
      findings_.report("SP-STALE-04", warn, flow, time, number,
                       [] { return "stale=true, though the request carried no credentials."; });
    }
    return;
  }
  for (const auto& answered : transaction.sent) {
    const auto* offer = refusing_offer(event, answered);
    if (offer == nullptr) continue;
    if (offer->is_stale) {
      findings_.judged("SP-STALE-03");
      findings_.judged("SP-STALE-02");
      if (offer->nonce == answered.nonce) {
        findings_.report("SP-STALE-03", fail, flow, time, number, [&] {
          return joined({"stale=true, with the nonce ", answered.nonce_tail, " of the request."});
        });
      }
      auto& server = server_of(flow);
      if (const auto* nonce = find_nonce(flow, answered.nonce);
          nonce && nonce->offers > 0 && time != 0) {
        const auto age = transaction.first - nonce->offered_last;
        server.youngest_stale = std::min(server.youngest_stale.value_or(age), age);
      }
      stale_together(flow, event);
      flow.stale_claimed_at = offer->nonce;
    } else if (flow.stale_claimed_at == answered.nonce) {
      findings_.report("SP-STALE-02", info, flow, time, number, [] {
        return "stale=true, and the answer with the new nonce was refused without it: it was not "
               "the nonce alone.";
      });
    }
    if (answered.moved) {
      findings_.judged("SP-NAT-01");
      if (offer->is_stale) {
        findings_.report("SP-NAT-01", info, flow, time, number, [&] {
          return joined({"The same nonce from ", flow.client,
                         ", another address than before, was answered with stale=true."});
        });
      }
    }
    // With AKA each challenge is a new one by design, and no user is asked for a password.
    if (answered.was_accepted_before && !answered.count_is_wrong && !answered.is_aka) {
      findings_.judged("SP-STALE-01");
      if (!offer->is_stale && offer->nonce != answered.nonce) flow.stale_missing_at = offer->nonce;
    }
  }
}

void FlowAnalysis::Implementation::stale_together(const Flow& flow, const Event& event) {
  constexpr auto window = 10 * second;
  constexpr std::size_t most = 4096;
  auto& server = server_of(flow);
  const auto now = event.seen->time;
  if (now == 0) return;  // a trace that tells no times
  while (!server.stale.empty() &&
         (now - server.stale.front().time > window || server.stale.size() == most)) {
    server.stale.pop_front();
  }
  const auto aor = hash_of(flow.aor);
  if (std::ranges::find(server.stale, aor, &StaleSeen::aor) != server.stale.end()) return;
  server.stale.push_back({now, aor});
  if (server.stale.size() <= server.most_stale) return;
  server.most_stale = server.stale.size();
  server.most_stale_time = now;
  server.most_stale_number = event.seen->number;
}

void FlowAnalysis::Implementation::judge_offers(Flow& flow, Transaction& transaction,
                                                const Event& event) {
  Algorithms algorithms = 0;
  for (const auto& offer : event.offers()) {
    if (offer.scheme == Scheme::digest) algorithms |= offer.algorithm;
  }
  transaction.offered_algorithms = algorithms;
  bool is_topmost = true;
  Algorithms topmost = 0;
  std::uint64_t before = 0;
  for (const auto& offer : event.offers()) {
    if (!event.message.find(HeaderId::cseq) || offer.scheme != Scheme::digest) continue;
    if (is_topmost) {
      topmost = offer.algorithm;
      transaction.offered = offer.nonce;
      if (flow.offers.size() == most_offers_kept) flow.offers.pop_front();
      flow.offers.push_back({offer.nonce, event.seen->time});
    }
    is_topmost = false;
    if (!transaction.in_dialogue) {
      challengers_.find_or_add(
          Key{}.add(host_of(flow.client)).add(host_of(flow.server)).add(offer.realm).value()) =
          true;
    }
    auto& nonce = nonces_.find_or_add(Key{}.add(flow.server).add(offer.nonce).value());
    if (nonce.offers == 0) judge_clock(flow, event, offer.nonce_text);
    if (offer.nonce == before) continue;  // several rows may share one
    before = offer.nonce;
    offered_again(flow, transaction, event, nonce, offer);
    nonce.offered_last = event.seen->time;
    ++nonce.offers;
    nonce.has_qop = offer.has_qop;
    nonce.algorithms = algorithms;
    nonce.topmost = topmost;
    nonce.is_answered = false;
    nonce.in_dialogue = transaction.in_dialogue;
  }
}

void FlowAnalysis::Implementation::offered_again(const Flow& flow, const Transaction& transaction,
                                                 const Event& event, NonceSeen& nonce,
                                                 const Offer& offer) {
  findings_.judged("SP-NONCE-01");
  const auto aor = hash_of(flow.aor);
  if (nonce.offers == 0) {
    nonce.offered_first = event.seen->time;
    nonce.aor = aor;
    nonce.dialogue = dialogue_key(event);
    return;
  }
  // Of stale=true with the nonce of the request SP-STALE-03 speaks.
  const bool is_own = std::ranges::any_of(
      transaction.sent, [&](const Answered& sent) { return sent.nonce == offer.nonce; });
  const auto apart = event.seen->time - nonce.offered_first;
  const bool is_late = apart > 2 * second;
  const bool is_other = nonce.aor != aor;
  if (nonce.told_again || is_own || (!is_late && !is_other)) return;
  nonce.told_again = true;
  findings_.report(
      "SP-NONCE-01", is_late && is_other ? warn : info, flow, event.seen->time, event.seen->number,
      [&] {
        return joined({"The nonce ", nonce_tail(offer.nonce_text), " was offered again",
                       event.seen->time == 0 ? "" : " after " + duration_text(apart),
                       is_other ? ", to another user." : ", to the same user."});
      });
}

void FlowAnalysis::Implementation::accepted(Flow& flow, Transaction& transaction,
                                            const Event& event) {
  end_dead_chain(flow);
  flow.forbidden_nonce = 0;
  if (event.method == "REGISTER") user_of(flow).register_count = 0;
  for (const auto& answered : transaction.sent) {
    if (answered.moved) findings_.judged("SP-NAT-01");
    if (answered.digest == Digest::right) findings_.judged("SP-DIG-02");
    if (answered.never_offered) {
      findings_.report("SP-ALG-01", fail, flow, event.seen->time, event.seen->number, [&] {
        return joined({algorithm_names(answered.algorithm),
                       " was accepted, which no challenge had offered."});
      });
    }
    if (flow.stale_claimed_at == answered.nonce) flow.stale_claimed_at = 0;
    if (flow.stale_missing_at == answered.nonce && answered.nonce != 0) {
      flow.stale_missing_at = 0;
      findings_.report("SP-STALE-01", warn, flow, event.seen->time, event.seen->number, [&] {
        return joined(
            {"A nonce that had been accepted before was refused without stale=true; the "
             "same credentials were accepted with the new nonce ",
             answered.nonce_tail, "."});
      });
    }
    auto* const nonce = find_nonce(flow, answered.nonce);
    if (nonce == nullptr) continue;
    ++nonce->accepted;
    auto& server = server_of(flow);
    const auto age = transaction.first - nonce->offered_last;
    server.oldest_accepted = std::max(server.oldest_accepted.value_or(age), age);
    findings_.judged("SP-TIME-01");
  }
}

void FlowAnalysis::Implementation::refused(Flow& flow, Transaction& transaction,
                                           const Event& event) {
  const int status = transaction.status;
  const bool is_challenge = transaction.is_challenged();
  bool counts = !is_challenge;
  for (const auto& answered : transaction.sent) {
    const auto* offer = refusing_offer(event, answered);
    counts = counts || offer != nullptr;
    if (answered.digest != Digest::right || answered.count_is_wrong) continue;
    findings_.judged("SP-DIG-02");
    const bool own = event.aor.starts_with(answered.username_text + '@');
    const bool forbidden = status == 403 && event.method == "REGISTER";
    const bool plain = offer != nullptr && !offer->is_stale && answered.is_first_use;
    if (!forbidden && !plain) continue;
    const auto verdict = forbidden && !own ? info : fail;
    findings_.report("SP-DIG-02", verdict, flow, event.seen->time, event.seen->number, [&] {
      return joined({"The digest of ", event.method, " with CSeq ", std::to_string(event.cseq),
                     " is right, and was answered ", std::to_string(status),
                     plain ? " without stale=true to the first use of its nonce." : ".",
                     forbidden && !own ? " The user is not the one that registers: it may lack the "
                                         "right to."
                                       : ""});
    });
  }
  if (counts) ++report_.refused;
  if (status == 403) flow.forbidden_nonce = transaction.sent.front().nonce;
  if (!is_challenge) dead_step(flow, transaction);
}

void FlowAnalysis::Implementation::first_answer(const Flow& flow, const Transaction& transaction,
                                                const Event& event) {
  if (event.method != "REGISTER" || flow.aor.empty()) return;
  const bool is_refusal = transaction.status == 403 || transaction.status == 404;
  if (!is_refusal && !transaction.is_challenged()) return;
  auto& user = user_of(flow);
  auto& domain = domains_.find_or_add(Key{}.add(flow.server).add(flow.domain).value());
  domain.name = flow.domain;
  domain.server = flow.server;
  if (transaction.is_challenged() && !user.was_challenged) {
    user.was_challenged = true;
    if (domain.challenged++ == 0) domain.challenged_one = flow.aor;
  }
  if (is_refusal && !user.was_refused && !user.was_challenged) {
    user.was_refused = true;
    if (domain.refused++ > 0) return;
    domain.refused_one = {.verdict = warn,
                          .text = std::to_string(transaction.status),
                          .fault = {},
                          .time = event.seen->time,
                          .number = event.seen->number,
                          .call_id = flow.call_id,
                          .aor = flow.aor,
                          .client = flow.client,
                          .server = flow.server};
  }
}

// A later answer of the same transaction (RFC 3261 17.2.2).
void FlowAnalysis::Implementation::judge_again(Flow& flow, Transaction& transaction,
                                               const Event& event) {
  if (!transaction.is_udp) return;
  findings_.judged("SP-TX-01");
  if (transaction.told_otherwise) return;
  const int status = event.message.status();
  const bool is_refusal = status == 401 || status == 403 || status == 407;
  if (transaction.status < 300 && is_refusal) {
    transaction.told_otherwise = true;
    findings_.report("SP-TX-01", warn, flow, event.seen->time, event.seen->number, [&] {
      return joined({"The retransmission of ", event.method, " with CSeq ",
                     std::to_string(event.cseq), " was answered ", std::to_string(status),
                     ", after ", std::to_string(transaction.status), " to the same branch."});
    });
  }
  const bool both_challenged = transaction.is_challenged() && status == transaction.status;
  if (!both_challenged || event.offers().empty()) return;
  const auto& offer = event.offers().front();
  if (offer.nonce == transaction.offered) return;
  judge_offers(flow, transaction, event);
  if (!transaction.sent.empty() || !transaction.was_seen) return;
  transaction.told_otherwise = true;
  findings_.report("SP-TX-01", info, flow, event.seen->time, event.seen->number, [] {
    return "Two challenges with different nonces to the same request: the server keeps no "
           "transaction for it.";
  });
}

}  // namespace sipauth
