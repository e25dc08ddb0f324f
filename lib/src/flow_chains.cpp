// What shows over several requests: deadlocks, loops, silence, and the capture as a whole.

#include <algorithm>
#include <array>

#include "flow_analysis.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace flow;

namespace {

using enum FlowVerdict;

constexpr std::uint32_t deadlock = 3;
constexpr std::uint32_t endless = 4;

// Tools that guess passwords, by the User-Agent they send unless told otherwise.
constexpr auto scanners = std::to_array<std::string_view>(
    {"friendly-scanner", "sipvicious", "sipcli", "sip-scan", "sundayddr", "pplsip", "vaxsip",
     "iwar", "sipbomber", "smap", "sipsak-scan", "sipptk"});

bool is_scanner(std::string_view agent) {
  return std::ranges::any_of(scanners, [&](std::string_view name) {
    return !std::ranges::search(agent, name, {}, lower, lower).empty();
  });
}

bool is_dead_answer(int status) {
  return status == 0 || status == 400 || status == 403 || status == 404 ||
         (status >= 500 && status < 600);
}

std::string answers_text(const DeadChain& chain) {
  std::string text;
  const auto add = [&](std::uint32_t count, std::string_view what) {
    if (count == 0) return;
    if (!text.empty()) text.append(", ");
    text.append(std::to_string(count)).append(" ").append(what);
  };
  add(chain.forbidden, "answered 403");
  add(chain.other, joined({"answered ", std::to_string(chain.other_status)}));
  add(chain.silent, "not answered");
  if (chain.is_challenged) {
    add(chain.count, chain.stale == chain.count ? "answered with a new nonce and stale=true"
                                                : "answered with a new nonce");
  }
  return text;
}

struct Blame {
  std::string_view fault;
  std::string_view text;
};

// The phone is at fault when it sends what a 403 had refused. The server is, when the nonce was
// good once or right for this digest, and it never says 401.
Blame blame_of(const DeadChain& chain) {
  if (chain.is_challenged) {
    return {"phone", "At fault: the phone, which takes up none of the new nonces."};
  }
  if (chain.forbidden == 0 && chain.other == 0) {
    return {"server", "At fault: the server, which does not answer."};
  }
  if (chain.forbidden == 0) {
    return {"server", "At fault: the server, which neither accepts nor challenges again."};
  }
  if (chain.digest == Digest::wrong) {
    return {"phone",
            "At fault: the phone, whose digest is wrong, and which repeats what a 403 refused."};
  }
  if (chain.digest == Digest::right) {
    return {"both",
            "At fault: the server, which refuses a right digest for good where it should "
            "challenge again (401), and the phone, which repeats what a 403 refused."};
  }
  if (chain.was_accepted) {
    return {"both",
            "At fault: the server, which answers 403, not 401, to a nonce that it had accepted "
            "before, and the phone, which repeats what a 403 refused."};
  }
  if (chain.was_superseded) {
    return {"both",
            "At fault: the server, which had offered a later nonce and answers 403, not 401, to "
            "this one, and the phone, which repeats what a 403 refused."};
  }
  return {"both",
          "At fault: the server, which never challenges again (no 401), unless the password is "
          "wrong (--accounts tells), and the phone, which repeats what a 403 refused."};
}

}  // namespace

// `offer` is the challenge that it was answered with, if any.
void FlowAnalysis::Implementation::dead_step(Flow& flow, const Transaction& transaction,
                                             const Offer* offer) {
  if (transaction.method != "REGISTER" && transaction.method != "SUBSCRIBE") return;
  const bool is_challenged = offer != nullptr;
  if (!is_challenged && !is_dead_answer(transaction.status)) return end_dead_chain(flow);
  // Where a capture has one direction only, every request seems to get no answer.
  constexpr std::uint32_t clearly = 3;
  const bool is_unanswered =
      transaction.is_udp ? transaction.sent_times >= clearly : flow.was_answered;
  if (transaction.status == 0 && !is_unanswered) return;
  const auto& sent = transaction.sent.front();
  if (sent.scheme != Scheme::digest) return end_dead_chain(flow);
  auto& chain = flow.dead;
  auto& phone = phone_of(flow);
  if (chain.count == 0 && phone.dead && phone.dead->nonce == sent.nonce) chain = *phone.dead;
  constexpr auto together = 180 * second;
  const bool goes_on = chain.count > 0 && chain.nonce == sent.nonce &&
                       chain.is_challenged == is_challenged &&
                       (chain.response == sent.response || transaction.cseq > chain.cseq) &&
                       transaction.first - chain.last < together;
  if (!goes_on) {
    end_dead_chain(flow);
    chain = {.nonce = sent.nonce,
             .is_challenged = is_challenged,
             .first = transaction.first,
             .was_accepted = sent.was_accepted_before,
             .was_superseded = !flow.offers.empty() && flow.offers.back().nonce != sent.nonce,
             .nonce_tail = sent.nonce_tail};
  }
  ++chain.count;
  chain.response = sent.response;
  chain.cseq = transaction.cseq;
  chain.last = transaction.first;
  chain.number = transaction.number;
  if (sent.digest != Digest::unknown) chain.digest = sent.digest;
  if (is_challenged) {
    if (offer->is_stale) ++chain.stale;
  } else if (transaction.status == 0) {
    ++chain.silent;
  } else if (transaction.status == 403) {
    ++chain.forbidden;
  } else {
    ++chain.other;
    chain.other_status = transaction.status;
  }
  phone.dead = std::make_unique<DeadChain>(chain);
}

void FlowAnalysis::Implementation::end_dead_chain(Flow& flow) {
  const auto chain = std::exchange(flow.dead, {});
  if (chain.count == 0) return;
  auto& phone = phone_of(flow);
  if (phone.dead && phone.dead->nonce == chain.nonce) {
    const bool goes_on_elsewhere = phone.dead->count > chain.count;
    if (goes_on_elsewhere) return;
    phone.dead.reset();
  }
  if (chain.count < deadlock) return;
  const auto blame = blame_of(chain);
  findings_.judged("SP-DEAD-01");
  findings_.add(
      "SP-DEAD-01",
      {.verdict = fail,
       .text = joined({flow.aor, " sent ", std::to_string(chain.count), " requests with the nonce ",
                       chain.nonce_tail, within_text(chain.first, chain.last), ": ",
                       answers_text(chain),
                       chain.is_challenged ? ". " : ", and no challenge in between. ", blame.text}),
       .fault = std::string{blame.fault},
       .time = chain.first,
       .number = chain.number,
       .call_id = flow.call_id,
       .aor = flow.aor,
       .client = flow.client,
       .server = flow.server});
}

void FlowAnalysis::Implementation::loop_step(Flow& flow, const Event& event,
                                             const Answered& answered) {
  auto& loop = flow.loop;
  if (loop.answered == 0) loop.first = event.seen->time;
  ++loop.answered;
  if (flow.stale_claimed_at == answered.nonce) ++loop.stale;
  if (loop.last_nonce == answered.nonce) ++loop.same_nonce;
  loop.last_nonce = answered.nonce;
  loop.last = event.seen->time;
  loop.number = event.seen->number;
  constexpr std::size_t most_users = 8;
  if (loop.users.size() < most_users &&
      std::ranges::find(loop.users, answered.username) == loop.users.end()) {
    loop.users.push_back(answered.username);
  }
}

// A challenge that was answered and accepted is one step, and no loop.
void FlowAnalysis::Implementation::end_loop(Flow& flow) {
  const auto loop = std::exchange(flow.loop, {});
  if (loop.answered < endless) return;
  const auto count = std::to_string(loop.answered);
  const auto within = within_text(loop.first, loop.last);
  constexpr std::size_t several = 3;
  const bool guesses = loop.users.size() >= several || is_scanner(flow.user_agent);
  findings_.report("SP-LOOP-01", guesses ? info : fail, flow, loop.first, loop.number, [&] {
    if (guesses) {
      return joined({count, " challenges", within, " were answered, ",
                     loop.users.size() >= several ? "each as another user" : "by a known scanner",
                     ": somebody guesses passwords."});
    }
    // The challenge to the first request has no stale, whatever follows.
    const std::string_view kind =
        loop.same_nonce + 1 >= loop.answered ? "always with the same nonce"
        : loop.stale + 1 >= loop.answered    ? "each with a new nonce and stale=true"
                                             : "each with a new nonce and without stale=true";
    return joined({count, " challenges in a row", within, " were answered, ", kind, "."});
  });
}

void FlowAnalysis::Implementation::judge_silence(Flow& flow, const Transaction& transaction) {
  constexpr auto nearly_to_the_end = 27 * second;
  const bool was_repeated =
      transaction.sent_times > 1 && transaction.last - transaction.first >= nearly_to_the_end;
  if (transaction.sent.empty() || transaction.status != 0 || transaction.has_provisional ||
      !transaction.is_udp || !was_repeated) {
    return;
  }
  findings_.judged("SP-TX-02");
  findings_.report("SP-TX-02", warn, flow, transaction.first, transaction.number, [&] {
    return joined({transaction.method, " with CSeq ", std::to_string(transaction.cseq),
                   " was sent ", std::to_string(transaction.sent_times), " times within ",
                   duration_text(transaction.last - transaction.first), ", and never answered."});
  });
}

void FlowAnalysis::Implementation::judge_whole() {
  for (auto& [name, lint] : lint_) {
    if (lint.count > 1) {
      lint.finding.text += joined({" (", std::to_string(lint.count), " times)"});
    }
    findings_.add("SP-CH-01", lint.finding);
  }
  domains_.for_each([this](DomainSeen& domain) {
    if (domain.challenged + domain.refused > 1) findings_.judged("SP-ENUM-01");
    if (domain.challenged == 0 || domain.refused == 0) return;
    auto finding = domain.refused_one;
    finding.text =
        joined({"Without credentials ", finding.aor, " got ", finding.text, " and ",
                domain.challenged_one, " a challenge (", std::to_string(domain.refused), " and ",
                std::to_string(domain.challenged), " users of ", domain.name, ")."});
    findings_.add("SP-ENUM-01", finding);
  });
  servers_.for_each([this](ServerSeen& server) {
    const Flow place{.server = server.name};
    constexpr std::uint64_t several = 3;
    if (server.users >= several) findings_.judged("SP-TIME-02");
    if (server.most_stale >= several && server.most_stale * 2 > server.users) {
      findings_.report(
          "SP-TIME-02", info, place, server.most_stale_time, server.most_stale_number, [&] {
            return joined({std::to_string(server.most_stale), " of ", std::to_string(server.users),
                           " users were answered stale=true within 10 s."});
          });
    }
    constexpr auto worth_telling = 10 * second;
    const auto accepted = server.oldest_accepted.value_or(0);
    if (!server.youngest_stale && accepted < worth_telling) return;
    findings_.report("SP-TIME-01", info, place, 0, 0, [&] {
      std::string text;
      if (server.oldest_accepted) {
        text =
            joined({"Nonces were accepted up to ", duration_text(accepted), " after their offer"});
      }
      if (server.youngest_stale) {
        text += joined({text.empty() ? "Nonces" : ", and", " were stale ",
                        duration_text(*server.youngest_stale),
                        server.oldest_accepted ? " after it at the earliest"
                                               : " after their offer at the earliest"});
      }
      return text + '.';
    });
  });
}

}  // namespace sipauth
