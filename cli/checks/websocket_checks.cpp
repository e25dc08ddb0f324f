// SA-TX-12: the rules of SIP over WebSocket (RFC 7118).

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/seen_challenges.hpp"
#include "checks/worst.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;
using Kind = net::NetError::Kind;

bool is_websocket(net::TransportKind kind) {
  return kind == net::TransportKind::ws || kind == net::TransportKind::wss;
}

// With the subprotocol offered, and then without it: what became of each, in `seen`.
void shake_hands(Context& context, Worst& worst, const sip::Exchange& evidence, std::string& seen) {
  auto& session = context.session();
  if (const auto with = session.open_another({})) {
    session.close(*with);
    seen = "101 repeats sip";
  } else if (with.error().kind == Kind::subprotocol) {
    return worst.add(fail, with.error().text, evidence);
  } else {
    return worst.add(inconclusive, "a second WebSocket could not be opened: " + with.error().text,
                     evidence);
  }
  if (const auto without = session.open_another({.offer_sip = false})) {
    session.close(*without);
    seen += "; a client that does not offer it gets 101 as well";
  } else if (without.error().kind == Kind::timeout) {
    worst.add(inconclusive, "without the subprotocol: " + without.error().text, evidence);
  } else {
    seen += "; a client that does not offer it is refused";
  }
}

struct Row {
  std::string_view what;
  sip::Shape shape;
};

// nullopt: silent twice, though the registrar lives on.
std::optional<sip::Exchange> asked_twice(Context& context, const sip::Shape& shape) {
  for (int tries = 0; tries < 2; ++tries) {
    try {
      return context.dialogue().challenge(shape);
    } catch (const sip::NoAnswer&) {
      if (context.liveness() != Liveness::alive) throw;
    }
  }
  return std::nullopt;
}

void ask(Context& context, Worst& worst, const sip::Exchange& plain, const Row& row) {
  const auto answered = asked_twice(context, row.shape);
  if (!answered) {
    return worst.add(warn,
                     "a query " + std::string{row.what} +
                         " is not answered, twice, though the registrar answers others",
                     plain);
  }
  const auto seen =
      "a query " + std::string{row.what} + " was answered with " + describe(*answered);
  const bool as_plain = answered->status == plain.status;
  worst.add(as_plain ? pass : answered->status >= 400 ? warn : inconclusive, seen, *answered);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

sip::RecordedMessage recorded(const net::Transport& transport, std::string bytes) {
  return {.at = transport.clock().now(),
          .wall = transport.clock().wall(),
          .direction = sip::Direction::out,
          .transport = std::string{net::transport_name(transport.kind())},
          .local = transport.local(),
          .remote = transport.remote(),
          .bytes = std::move(bytes)};
}

// Two queries of two Call-IDs, the second sent before the first is answered: does each have an
// answer? That of the first is no noise of the run.
bool answers_both(Context& context, const sip::Exchange& plain) {
  auto& session = context.session();
  auto& transport = session.transport();
  auto& recorder = session.recorder();
  const auto branch = "z9hG4bK" + session.random().hex(24);
  auto bytes = replaced(recorder.at(plain.request).bytes, plain.branch, branch);
  bytes = replaced(std::move(bytes), plain.call_id, session.random().hex(24) + "@sipauth");
  recorder.add(recorded(transport, bytes));
  ++session.counters().requests;
  if (!transport.send(bytes)) return false;
  const auto begin = recorder.all().size();
  static_cast<void>(context.dialogue().challenge());

  const auto end = session.clock().now() + session.timers().timeout;
  for (auto i = begin;; ++i) {
    while (i == recorder.all().size() && session.clock().now() < end) {
      session.wait_until(session.clock().now() + 10ms);
    }
    if (i == recorder.all().size()) return false;
    auto& message = recorder.at(static_cast<std::uint32_t>(i));
    if (message.direction != sip::Direction::in || !message.bytes.contains(branch)) continue;
    if (message.note == "stray") {
      --session.noise().strays;
      message.note.clear();
    }
    if (!message.bytes.starts_with("SIP/2.0 1")) return true;
  }
}

// One SIP message in each WebSocket message (RFC 7118 5).
void judge_framing(Context& context, Worst& worst, const sip::Exchange& plain) {
  const auto facts = context.session().transport().websocket();
  if (facts && facts->most_messages > 1) {
    worst.add(fail,
              "a WebSocket message held " + std::to_string(facts->most_messages) + " SIP messages",
              plain);
  }
  const auto& recorder = context.session().recorder();
  for (const auto& exchange : context.exchanges()) {
    const auto& answer = recorder.at(*exchange.response);
    const bool here = answer.transport == "ws" || answer.transport == "wss";
    if (!here || answer.bytes.contains("\r\n\r\n") || answer.bytes.contains("\n\n")) continue;
    return worst.add(fail, "a SIP message was spread over several WebSocket messages", exchange);
  }
}

void judge_schemes(Context& context, Worst& worst) {
  for_each_seen(context, [&](const SeenChallenge& seen) {
    if (!same(seen.challenge.scheme(), "Basic")) return;
    worst.add(fail, "a SIP answer challenges with Basic (SA-CH-15)", seen.exchange);
  });
}

Finding websocket_rules(Context& context) {
  auto& session = context.session();
  if (!is_websocket(session.transport().kind())) {
    return {skip, "the run is not over WebSocket"};
  }
  const auto plain = context.dialogue().challenge();
  Worst worst;
  std::string seen;
  shake_hands(context, worst, plain, seen);
  for (const auto& row : {Row{"in a text frame", {}}, Row{"in a binary frame", {.in_binary = true}},
                          Row{"without Content-Length", {.content_length = false}}}) {
    ask(context, worst, plain, row);
  }
  if (!answers_both(context, plain)) {
    worst.add(warn, "of two queries sent at once only one was answered", plain);
  }
  judge_framing(context, worst, plain);
  judge_schemes(context, worst);
  auto finding = worst.finding();
  if (finding.verdict == pass) {
    finding.observed = seen +
                       "; text and binary frames are answered, with and without "
                       "Content-Length, one SIP message in each WebSocket message";
  }
  return finding;
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-TX-12",
        .title = "The rules of SIP over WebSocket",
        .question = "Does the registrar keep the rules that browsers rely on?",
        .right = "101 repeats the subprotocol sip; queries in text and binary frames, with and "
                 "without Content-Length, are answered, one SIP message in each WebSocket message",
        .acceptable = "400 or 101 to a handshake without the subprotocol",
        .failing = "101 without sip, several SIP messages in one WebSocket message or one in "
                   "several, Basic; an unanswered query is a warning",
        .harm = "Browsers close the WebSocket, or lose answers.",
        .references = {"RFC 7118 4.1", "RFC 7118 4.2", "RFC 7118 5"},
        .stage = Stage::acceptance,
        .cost = {.requests = 13},
        .passes_on = {.profile = "strict", .peer = "ws"},
        .fails_on = {.profile = "strict", .peer = "ws-joins-answers"},
        .run = websocket_rules,
    },
});

}  // namespace

std::span<const Check> websocket_suite() { return checks; }

}  // namespace sipauth::checks
