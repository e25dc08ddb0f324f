// What a request shows.

#include <algorithm>
#include <utility>

#include "flow_analysis.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace flow;

namespace {

using enum FlowVerdict;

std::uint64_t challenger_key(const Flow& flow, std::uint64_t realm) {
  return Key{}.add(host_of(flow.client)).add(host_of(flow.server)).add(realm).value();
}

bool is_decimal_step(std::uint32_t before, std::uint32_t now) {
  // 00000009 and then 00000010, which is sixteen.
  return (before & 0xfU) == 9 && now == before + 7;
}

}  // namespace

void FlowAnalysis::Implementation::judge_branch(const Flow& flow, const Event& event) {
  const auto branch = hash_of(event.branch);
  const Transaction* challenged = nullptr;
  for (const auto& known : flow.transactions) {
    if (known.method == event.method && known.is_challenged()) challenged = &known;
  }
  if (challenged == nullptr || event.sent().empty()) return;
  findings_.judged("SP-TX-03");
  findings_.judged("SP-CSEQ-01");
  const auto time = event.seen->time;
  const auto number = event.seen->number;
  const auto reused = std::ranges::find(flow.transactions, branch, &Transaction::branch);
  if (event.has_cookie && reused != flow.transactions.end()) {
    findings_.report("SP-TX-03", fail, flow, time, number, [&] {
      return joined({event.method, " with CSeq ", std::to_string(event.cseq),
                     " carries the branch of the request with CSeq ", std::to_string(reused->cseq),
                     ": a server may take it for a retransmission of that one."});
    });
    return;
  }
  if (event.cseq <= challenged->cseq) {
    findings_.report("SP-CSEQ-01", warn, flow, time, number, [&] {
      return joined({"The challenge to CSeq ", std::to_string(challenged->cseq),
                     " was answered with CSeq ", std::to_string(event.cseq), "."});
    });
  }
}

void FlowAnalysis::Implementation::judge_request(Flow& flow, Transaction& transaction,
                                                 const Event& event) {
  if (flow.transactions.size() > 1) {
    const auto& before = flow.transactions[flow.transactions.size() - 2];
    if (before.status == 0 && !before.sent.empty()) dead_step(flow, before);
    const bool asks_again = event.sent().empty() && before.method == event.method;
    // A challenge to credentials that is met without any is no step of a loop: the phone gave up,
    // and begins anew.
    if (asks_again && before.is_challenged() && !before.sent.empty()) end_loop(flow);
    if (asks_again && before.is_challenged()) {
      judge_ignored(flow, event.seen->time, event.seen->number, false);
    }
  }
  if (event.method == "REGISTER") judge_rate(flow, event);
  for (const auto& sent : event.sent()) {
    transaction.sent.push_back({.is_proxy = sent.is_proxy,
                                .scheme = sent.scheme,
                                .nonce = sent.nonce,
                                .realm = sent.realm,
                                .response = sent.response,
                                .username = sent.username,
                                .algorithm = sent.algorithm,
                                .is_aka = sent.is_aka,
                                .nonce_tail = nonce_tail(sent.parsed.nonce().value_or("")),
                                .username_text = unquote(sent.parsed.username().value_or(""))});
    auto& answered = transaction.sent.back();
    if (sent.scheme == Scheme::basic) {
      findings_.judged("SP-SEC-01");
      findings_.report("SP-SEC-01", fail, flow, event.seen->time, event.seen->number, [] {
        return "Basic credentials: the password is readable in this capture.";
      });
    }
    if (sent.scheme == Scheme::digest) judge_credentials(flow, transaction, event, sent, answered);
  }
}

void FlowAnalysis::Implementation::judge_credentials(Flow& flow, Transaction& transaction,
                                                     const Event& event, const Sent& sent,
                                                     Answered& answered) {
  auto* const nonce = find_nonce(flow, sent.nonce);
  if (nonce != nullptr) {
    answered.was_accepted_before = nonce->accepted > 0;
    const bool own = nonce->dialogue == dialogue_key(event) || nonce->offers > 1;
    answered.is_first_use = !nonce->is_answered && own && !sent.resynchronises;
    judge_choice(flow, event, sent, answered, *nonce);
    findings_.judged("SP-CSEQ-02");
    constexpr auto at_once = 5 * second;
    if (!nonce->is_answered && !own && event.seen->time - nonce->offered_last < at_once &&
        nonce->aor == hash_of(flow.aor)) {
      findings_.report("SP-CSEQ-02", info, flow, event.seen->time, event.seen->number, [&] {
        return joined({"The nonce ", answered.nonce_tail,
                       " was offered to another Call-ID or From-tag, and is answered under this "
                       "one."});
      });
    }
    if (event.has_to_tag && nonce->in_dialogue && event.method != "REGISTER" &&
        calls_.find(hash_of(event.call_id)) != nullptr) {
      findings_.judged("SP-SEC-02");
      if (challengers_.find(challenger_key(flow, sent.realm)) == nullptr) {
        findings_.report("SP-SEC-02", fail, flow, event.seen->time, event.seen->number, [&] {
          return joined({"A challenge to a ", event.method, " within the call, from ", flow.server,
                         ", which never challenged this phone before for the realm ",
                         sent.parsed.realm().value_or(""), ", was answered with credentials."});
        });
      }
    }
    nonce->is_answered = true;
    for (auto& known : flow.transactions) {
      if (known.offered == sent.nonce && &known != &transaction)
        known.challenge_was_answered = true;
    }
    phone_of(flow).answered |= nonce->algorithms;
    findings_.judged("SP-CH-03");
  }
  if (flow.forbidden_nonce != 0 || nonce != nullptr) findings_.judged("SP-DEAD-02");
  if (flow.forbidden_nonce == sent.nonce) {
    findings_.report("SP-DEAD-02", warn, flow, event.seen->time, event.seen->number, [&] {
      return joined(
          {"The nonce ", answered.nonce_tail, " had been answered 403, and is sent again."});
    });
  }
  judge_count(flow, event, sent, answered, nonce);
  judge_order(flow, event, answered);
  judge_digest(flow, event, sent, answered);
}

// RFC 7616 3.4: the count of requests that the client has sent with this nonce.
void FlowAnalysis::Implementation::judge_count(const Flow& flow, const Event& event,
                                               const Sent& sent, Answered& answered,
                                               const NonceSeen* nonce) {
  auto& seen =
      counts_.find_or_add(Key{}.add(flow.server).add(sent.nonce).add(sent.username).value());
  const auto client = hash_of(flow.client);
  const auto call_id = hash_of(event.call_id);
  const auto request = Key{}.add(event.call_id).add(event.cseq).value();
  const auto branch = hash_of(event.branch);
  const auto offers = nonce ? nonce->offers : 0;
  answered.moved = seen.uses > 0 && seen.call_id == call_id && seen.client != client;
  if (sent.has_qop && sent.count) {
    const auto now = *sent.count;
    const auto report = [&](FlowVerdict verdict, std::string_view what) {
      answered.count_is_wrong = true;
      findings_.report("SP-NC-01", verdict, flow, event.seen->time, event.seen->number, [&] {
        return joined({"nc=", trim(sent.parsed.nc().value_or("")), " with the nonce ",
                       answered.nonce_tail, ": ", what, "."});
      });
    };
    findings_.judged("SP-NC-01");
    const bool offered_anew = offers > seen.offers;
    if (seen.uses == 0 && nonce != nullptr && now != 1) {
      report(warn, "the first use of a new nonce is 00000001");
    } else if (seen.uses > 0 && seen.count && !offered_anew && request != seen.request) {
      const auto before = *seen.count;
      if (now == before && sent.cnonce == seen.cnonce && branch != seen.branch) {
        report(fail, "the same nonce, nc and cnonce were sent before, which is a replay");
      } else if (now == 1) {
        report(fail, "it begins anew, though the nonce is the same");
      } else if (now == before) {
        report(fail, "this count was sent before");
      } else if (now < before) {
        report(warn, "it falls");
      } else if (is_decimal_step(before, now)) {
        report(warn, "it is counted in decimal digits, and is hexadecimal");
      }
    }
    seen.count = now;
  }
  ++seen.uses;
  seen.offers = offers;
  seen.cnonce = sent.cnonce;
  seen.branch = branch;
  seen.request = request;
  seen.call_id = call_id;
  seen.client = client;
}

// What was chosen out of what was offered.
void FlowAnalysis::Implementation::judge_choice(const Flow& flow, const Event& event,
                                                const Sent& sent, Answered& answered,
                                                const NonceSeen& nonce) {
  const auto time = event.seen->time;
  const auto number = event.seen->number;
  if (nonce.has_qop) {
    findings_.judged("SP-QOP-01");
    if (!sent.has_qop) {
      findings_.report("SP-QOP-01", warn, flow, time, number,
                       [] { return "The challenge offers qop, and the answer has none."; });
    }
  }
  findings_.judged("SP-ALG-01");
  const auto realm = Key{}.add(host_of(flow.client)).add(flow.aor).add(sent.realm).value();
  const bool is_md5 = (sent.algorithm & md5_bits()) != 0;
  const auto sha = static_cast<Algorithms>(nonce.algorithms & ~md5_bits() & ~unknown_algorithm);
  // Phones leave the algorithm out and compute what was asked for: the response's length tells.
  const bool is_unnamed = !sent.parsed.algorithm();
  const bool is_long = sent.parsed.response().value_or("").size() == 64;
  if (is_unnamed && is_long) return;
  if (!is_md5) realms_answered_.find_or_add(realm) = true;
  answered.never_offered = (sent.algorithm & nonce.algorithms) == 0;
  if (answered.never_offered || sha == 0 || !is_md5) return;
  if (realms_answered_.find(realm) != nullptr) {
    findings_.report("SP-ALG-01", warn, flow, time, number, [&] {
      return joined({"MD5, though ", algorithm_names(sha),
                     " was offered, and this phone answered SHA in this realm before: it falls "
                     "back."});
    });
    return;
  }
  findings_.report("SP-ALG-01", info, flow, time, number, [&] {
    const bool md5_first = (nonce.topmost & md5_bits()) != 0;
    return joined({"MD5, though ", algorithm_names(sha), " was offered: ",
                   md5_first ? "MD5 stands above it, and the phone takes the first row or cannot "
                               "compute SHA."
                             : "the phone cannot compute SHA, or takes the weakest row."});
  });
}

// Is it the latest challenge that is answered?
void FlowAnalysis::Implementation::judge_order(Flow& flow, const Event& event,
                                               const Answered& answered) {
  if (flow.offers.empty()) return;
  findings_.judged("SP-LOOP-01");
  findings_.judged("SP-LOOP-02");
  if (flow.offers.back().nonce == answered.nonce) {
    loop_step(flow, event, answered);
    return;
  }
  const bool is_older =
      std::ranges::find(flow.offers, answered.nonce, &OfferSeen::nonce) != flow.offers.end();
  if (!is_older || answered.was_accepted_before) return;
  constexpr std::uint32_t often = 3;
  if (++flow.crossed != often) return;
  findings_.report("SP-LOOP-02", warn, flow, event.seen->time, event.seen->number, [] {
    return "Three times a challenge was answered when a later one had been sent already.";
  });
}

void FlowAnalysis::Implementation::judge_digest(Flow& flow, const Event& event, const Sent& sent,
                                                Answered& answered) {
  // A search costs up to some ten thousand digests; a capture of many wrong ones may not cost more
  // than a few seconds.
  constexpr std::size_t most_tried = 2'000'000;
  const bool explain = tried_ < most_tried;
  auto verification = accounts_.verify(event, sent, explain);
  answered.digest = verification.digest;
  if (answered.digest == Digest::unknown) {
    ++report_.unverified;
    return;
  }
  ++report_.verified;
  findings_.judged("SP-DIG-01");
  if (answered.digest == Digest::right) return;
  tried_ += verification.tried;
  findings_.report("SP-DIG-01", fail, flow, event.seen->time, event.seen->number, [&] {
    return joined({"The response of ", event.method, " with CSeq ", std::to_string(event.cseq),
                   " is not the digest of the password of ",
                   unquote(sent.parsed.username().value_or("")), ": ", verification.text});
  });
  wrong_text_ = std::move(verification.text);
}

// Challenges that nobody answers, from a phone that answers such elsewhere.
void FlowAnalysis::Implementation::judge_ignored(Flow& flow, std::int64_t time,
                                                 std::uint64_t number, bool by_silence) {
  for (auto known = flow.transactions.rbegin(); known != flow.transactions.rend(); ++known) {
    if (!known->is_challenged()) continue;
    if (known->challenge_was_answered || !known->sent.empty() || !known->was_seen ||
        known->offered == 0) {
      return;
    }
    if ((phone_of(flow).answered & known->offered_algorithms) == 0) return;
    known->challenge_was_answered = true;  // told once
    findings_.judged("SP-CH-03");
    findings_.report("SP-CH-03", warn, flow, time, number, [&] {
      return joined({"The challenge to CSeq ", std::to_string(known->cseq), " was met by ",
                     by_silence ? "silence" : "a request without credentials",
                     ", though this phone answers such challenges elsewhere."});
    });
    return;
  }
}

// RFC 3261 10.2.7.
void FlowAnalysis::Implementation::judge_rate(const Flow& flow, const Event& event) {
  constexpr auto minute = 60 * second;
  if (event.seen->time == 0) return;  // a trace that tells no times
  auto& user = user_of(flow);
  findings_.judged("SP-LOOP-03");
  const auto most = user.registers.size();
  const auto place = user.register_count % most;
  // The oldest of the last eleven, this one included, stands in the next place.
  user.registers[place] = event.seen->time;
  ++user.register_count;
  if (user.register_count < most) return;
  const auto oldest = user.registers[user.register_count % most];
  if (event.seen->time - oldest >= minute) return;
  const auto count = user.register_count;
  user.register_count = 0;
  findings_.report("SP-LOOP-03", warn, flow, event.seen->time, event.seen->number, [&] {
    return joined({flow.aor, " sent eleven REGISTER requests within ",
                   duration_text(event.seen->time - oldest), ", of ", std::to_string(count),
                   " since the last success."});
  });
}

}  // namespace sipauth
