// `sipauth probe`: one look at a registrar, as a phone would meet it.

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/advice.hpp"
#include "commands/obstacles.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/shown_challenges.hpp"
#include "results/escape.hpp"
#include "sip/dialogue.hpp"
#include "sip/session.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

constexpr int findings_exit = 1;
constexpr int interrupted_exit = 130;

/// A registrar that calls one fresh nonce after another stale will go on with it.
constexpr int most_stale_followed = 3;

std::string told(const sip::Exchange& exchange) {
  return fmt::format("{} {}", exchange.status, exchange.reason);
}

std::string header_of(const sip::Session& session, const sip::Exchange& exchange, HeaderId id) {
  if (!exchange.response) return {};
  Diagnostics ignored;
  const auto message = Message::parse(session.recorder().at(*exchange.response).bytes, ignored);
  return std::string{message ? message->value(id) : std::string_view{}};
}

class Probing {
 public:
  Probing(Run& run, bool has_user, results::Result& result)
      : session_{*run.session},
        has_user_{has_user},
        result_{result},
        probe_{result.probe.emplace()} {
    probe_.tls = run.route->transport().tls();
    session_.on_exchange = [this](const sip::Exchange& exchange) {
      exchanges_.push_back(exchange);
    };
  }
  ~Probing() { session_.on_exchange = nullptr; }
  Probing(const Probing&) = delete;
  Probing& operator=(const Probing&) = delete;

  void run(const ProbeOptions& options) {
    try {
      ask(options);
    } catch (const sip::NoAnswer& silence) {
      fail(error_of(silence, session_));
    } catch (const sip::OverLimit&) {
      fail({"inconclusive", "--max-requests was used up before all was seen: allow more."});
    } catch (const sip::Interrupted&) {
      fail({"interrupted", "Interrupted: what was seen until then is told."});
    }
    tell_noise();
    result_.client_impact = shown(checks::client_impact(session_.recorder(), exchanges_));
    // TLS is known only once the stream stands; a stream may have been opened again.
    if (!probe_.tls) probe_.tls = session_.transport().tls();
    result_.exit_code = exit_code();
  }

 private:
  void ask(const ProbeOptions& options) {
    sip::Dialogue dialogue{session_};
    const auto first = ask_for_challenge(dialogue);
    probe_.rtt_ms = std::chrono::duration<double, std::milli>(first.rtt).count();
    probe_.status = first.status;
    probe_.reason = first.reason;
    if (first.is_401_or_407()) {
      show_challenges(first);
      try_credentials(dialogue, first);
    } else {
      tell_unchallenged(first);
    }
    if (options.send_options) ask_options();
  }

  // Some registrars answer a REGISTER without Contact with 400 (FreeSWITCH can be set to).
  sip::Exchange ask_for_challenge(sip::Dialogue& dialogue) {
    auto first = dialogue.challenge();
    if (first.status != 400) return first;
    auto bound = dialogue.challenge_with_contact();
    if (!bound.is_401_or_407()) return first;
    result_.notes.push_back("A REGISTER without Contact was answered with " + told(first) +
                            "; one with a Contact of ours was challenged.");
    return bound;
  }

  void show_challenges(const sip::Exchange& exchange) {
    auto challenges = shown_challenges(session_.recorder().at(*exchange.response).bytes);
    for (auto& sentence : challenges.unreadable) find(std::move(sentence));
    if (challenges.list.empty() && challenges.unreadable.empty()) {
      find(told(exchange) + " came without a challenge: a phone has nothing to answer.");
    }
    has_findings_ = has_findings_ || challenges.has_error;
    for (auto& challenge : challenges.list) probe_.challenges.push_back(std::move(challenge));
    for (auto& line : challenges.lint) probe_.lint.push_back(std::move(line));
  }

  // Challenges that came later are shown when something is wrong with them: some registrars write
  // a mangled one only when they say stale=true.
  void look_at_later_challenge(const sip::Exchange& exchange) {
    if (!exchange.is_401_or_407() || !exchange.response) return;
    auto challenges = shown_challenges(session_.recorder().at(*exchange.response).bytes);
    if (challenges.has_error || challenges.list.empty()) show_challenges(exchange);
  }

  void tell_unchallenged(const sip::Exchange& first) {
    const auto& identity = session_.identity();
    if (first.accepted()) {
      find("The registrar took a REGISTER without any credentials: it asks nobody for a password.");
    } else if (first.status == 403 || first.status == 404) {
      const auto asked = fmt::format("{}@{} was refused with {} before any challenge",
                                     identity.user, identity.domain, told(first));
      if (!has_user_) {
        fail({"inconclusive",
              asked + ": that user was made up, so type sip:USER@HOST with one that exists."});
      } else {
        fail({identity.has_password ? "credentials" : "inconclusive",
              asked + ": check the user, and the domain (--domain)."});
      }
    } else if (first.status < 400) {
      fail(
          {"inconclusive", fmt::format("{} sends phones elsewhere, to {}: probe that.", told(first),
                                       header_of(session_, first, HeaderId::contact))});
    } else if (first.status == 405 || first.status == 501) {
      fail({"inconclusive", told(first) + ": this server takes no REGISTER, so it is no registrar; "
                                          "check host and port."});
    } else {
      fail({"inconclusive",
            told(first) + " instead of a challenge: the server's log should say why."});
    }
  }

  void try_credentials(sip::Dialogue& dialogue, const sip::Exchange& challenged) {
    if (!session_.identity().has_password) {
      result_.notes.emplace_back(
          "No password was given, so none was tried: --password-file FILE or SIPAUTH_PASSWORD.");
      return;
    }
    if (!challenged.offer()) {
      auto why = why_unanswerable(probe_, challenged, session_.identity());
      probe_.credentials_text = "not tried: " + why.text;
      why.text = "The credentials were not tried: " + why.text;
      fail(std::move(why));
      return;
    }
    try {
      judge(second_try(dialogue, answer(dialogue, challenged)));
    } catch (const sip::NoAnswer& silence) {
      const auto error = error_of(silence, session_);
      probe_.credentials_text = "no answer";
      fail({error.kind,
            "The registrar challenged, but the credentials got no answer. " + error.text});
    }
  }

  // The right credentials, and again with each new nonce that a stale=true brings.
  sip::Exchange answer(sip::Dialogue& dialogue, const sip::Exchange& challenged) {
    auto exchange = dialogue.answer(challenged);
    look_at_later_challenge(exchange);
    while (exchange.stale() && exchange.usable() && stale_followed_ < most_stale_followed) {
      ++stale_followed_;
      exchange = dialogue.answer(exchange);
      look_at_later_challenge(exchange);
    }
    return exchange;
  }

  // One refusal proves little: the nonce may have died without a stale=true, and a retransmission
  // may have used a one-time nonce up. What the registrar says to a second nonce counts.
  sip::Exchange second_try(sip::Dialogue& dialogue, sip::Exchange exchange) {
    if (exchange.accepted() || exchange.stale()) return exchange;
    if (exchange.usable()) {
      auto second = answer(dialogue, exchange);
      if (second.accepted()) forgot_stale_ = true;
      return second;
    }
    if (exchange.retransmissions == 0) return exchange;
    sip::Dialogue fresh{session_};
    const auto challenged = ask_for_challenge(fresh);
    return challenged.challenged() ? answer(fresh, challenged) : exchange;
  }

  void judge(const sip::Exchange& last) {
    probe_.credentials_status = last.status;
    const auto status = told(last);
    if (last.accepted()) {
      probe_.credentials_text = "accepted: " + status + after_stale();
      if (forgot_stale_) {
        find(
            "Right credentials were refused at first, without stale=true, and accepted with the "
            "next nonce: phones that believe a 401 without stale=true give up here.");
      }
    } else if (last.challenged() && last.offer()->asks_to_resynchronise()) {
      probe_.credentials_text = "not accepted: " + status + after_stale();
      find(
          "The card said with auts which SQN it is at, and the registrar goes on with a lower one: "
          "no phone with this card gets in.");
    } else if (last.stale() && last.usable()) {
      probe_.credentials_text = "not accepted: " + status + after_stale();
      find(fmt::format("{} fresh nonces were called stale one after another: no phone gets in.",
                       stale_followed_ + 1));
    } else if (last.stale()) {
      probe_.credentials_text = "not accepted: " + status + after_stale();
      find("A nonce was called stale and offered again: a phone cannot get any further.");
    } else if (last.status == 401 || last.status == 403 || last.status == 404 ||
               last.status == 407) {
      probe_.credentials_text = "refused: " + status + after_stale();
      fail({"credentials", fmt::format("The registrar refuses the credentials of {} with {}: check "
                                       "user, --auth-user, --domain and password.",
                                       session_.identity().user, status)});
    } else {
      probe_.credentials_text = "not judged: " + status + after_stale();
      fail({"inconclusive", "The credentials were answered with " + status +
                                ", which says nothing about them: see the server's log."});
    }
  }

  std::string after_stale() const {
    if (stale_followed_ == 0) return {};
    return fmt::format(" after {} stale=true", stale_followed_);
  }

  void ask_options() {
    try {
      session_.on_exchange = nullptr;  // what follows is no REGISTER
      sip::Dialogue dialogue{session_};
      const auto exchange = dialogue.request("OPTIONS");
      probe_.options_status = exchange.status;
      probe_.options_allow = header_of(session_, exchange, HeaderId::allow);
    } catch (const sip::NoAnswer&) {
      result_.notes.emplace_back("OPTIONS got no answer.");
    }
  }

  void tell_noise() {
    const auto& noise = session_.noise();
    const auto tell = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) result_.notes.push_back(fmt::format("{} {}", count, what));
    };
    tell(noise.duplicates, "answers came twice.");
    tell(noise.strays, "answers came that belong to no request of this run.");
    tell(noise.requests, "requests of the server came and were ignored.");
    tell(noise.unreadable, "answers were no SIP.");
    if (session_.counters().resynchronised > 0) {
      result_.notes.emplace_back(
          "The SQN of a challenge was not above that of the card, which said so with auts (RFC "
          "3310 3.4).");
    }
  }

  void find(std::string sentence) {
    has_findings_ = true;
    result_.headlines.push_back(std::move(sentence));
  }

  // The first error is the telling one.
  void fail(Error error) {
    if (!result_.error) result_.error = std::move(error);
  }

  // The contract's precedence: 130, 5, 2, 1, 4, 3, 0.
  int exit_code() const {
    const int of_error = result_.error ? exit_code_of(result_.error->kind) : 0;
    const bool outranks_findings = of_error == interrupted_exit || of_error == 5 || of_error == 2;
    return has_findings_ && !outranks_findings ? findings_exit : of_error;
  }

  sip::Session& session_;
  bool has_user_;
  results::Result& result_;
  results::Probe& probe_;
  std::vector<sip::Exchange> exchanges_;  // of REGISTER
  int stale_followed_ = 0;
  bool forgot_stale_ = false;
  bool has_findings_ = false;
};

// One query, perhaps with a Contact after it; two tries, each with its stale ones, and a challenge
// between them.
int most_requests(const Prepared& prepared, const ProbeOptions& options) {
  int most = 2;
  if (prepared.identity.has_password) most += 2 + 2 + most_stale_followed;
  if (prepared.identity.card) most += 2;  // with auts
  return most + (options.send_options ? 1 : 0);
}

// What the DNS said is told when it leads nowhere most of all.
int put_out_not_opened(const GlobalOptions& global, const std::vector<Output>& outputs,
                       const TargetOptions& target, const NotOpened& why) {
  results::Result result{.command = "probe", .started = net::SystemClock{}.wall()};
  result.target.input = target.target;
  result.resolution = why.resolution;
  result.error = why;
  result.insecure = target.insecure;
  result.exit_code = exit_code_of(why.kind);
  return put_out(global, outputs, result);
}

}  // namespace

int run_probe(const GlobalOptions& global, const TargetOptions& target,
              const ProbeOptions& options) {
  const auto failed = [&](const Error& error) {
    return put_out_error(global, "probe", error, target.target);
  };
  const auto outputs = outputs_of(global);
  if (!outputs) return failed(outputs.error());
  auto prepared = prepare(global, target, false);
  if (!prepared) return failed(prepared.error());
  say(global, fmt::format("probe: {}, at most {} requests", prepared->target.understood(),
                          most_requests(*prepared, options)));

  const bool has_user = prepared->has_user;
  auto run = open(global, target, std::move(*prepared));
  if (!run && !run.error().resolution.has_lookups()) return failed(run.error());
  if (!run) return put_out_not_opened(global, *outputs, target, run.error());

  auto& session = *run->session;
  const auto begin = session.clock().now();
  results::Result result{.command = "probe", .started = session.clock().wall()};
  Probing{*run, has_user, result}.run(options);
  result.elapsed = session.clock().now() - begin;
  result.target = target_facts(run->target, &run->route->transport(), &session.recorder());
  result.resolution = run->route->resolution();
  result.seed = run->seed;
  result.recorder = &session.recorder();
  result.requests = session.counters().requests;
  result.refused = session.counters().refused;
  result.show_secrets = target.show_secrets;
  result.insecure = target.insecure;
  return end_capture(*run, put_out(global, *outputs, result));
}

}  // namespace sipauth::commands
