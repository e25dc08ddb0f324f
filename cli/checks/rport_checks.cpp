// SA-TX-13: do answers find a phone behind a NAT (RFC 3581)?

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"
#include "sipauth/address.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

/// Set aside for documents (RFC 5737): nobody has it.
constexpr std::string_view other_host = "192.0.2.1";

/// What an answer takes at most, in sendings of the request: 0, T1, 3 * T1.
constexpr int patience = 4;

std::optional<Via> topmost_via(const Message& message) {
  Diagnostics ignored;
  const auto via = Via::parse(message.value(HeaderId::via), ignored);
  return via ? std::optional{*via} : std::nullopt;
}

// The answers to the last request that came, but not to the socket that asked from the address
// that was asked: `note` says what the record made of them.
const sip::RecordedMessage* misdirected(const sip::Recorder& recorder, const sip::Exchange& asked,
                                        std::string_view note) {
  const auto& all = recorder.all();
  for (std::size_t i = asked.request + 1; i < all.size(); ++i) {
    if (all[i].direction != sip::Direction::in || all[i].note != note) continue;
    Diagnostics ignored;
    const auto message = Message::parse(all[i].bytes, ignored);
    const auto via = message ? topmost_via(*message) : std::nullopt;
    if (via && same(via->branch().value_or(""), asked.branch)) return &all[i];
  }
  return nullptr;
}

enum class Arrival {
  at_source,
  at_via_port,
  from_elsewhere,
  nowhere,
};

struct Sent {
  Arrival arrival = Arrival::nowhere;
  sip::Exchange exchange = {};
};

// What lies at the second socket; nothing of it answers a request that was sent from there.
void read_all(sip::Session& session, net::Transport& listening, const sip::Exchange& asked,
              bool& arrived) {
  while (auto received = listening.receive(session.clock().now())) {
    if (!*received) return;
    Diagnostics ignored;
    const auto message = Message::parse((*received)->bytes, ignored);
    const auto via = message ? topmost_via(*message) : std::nullopt;
    arrived = arrived || (via && same(via->branch().value_or(""), asked.branch));
    session.recorder().add_noise({.at = listening.clock().now(),
                                  .wall = listening.clock().wall(),
                                  .direction = sip::Direction::in,
                                  .transport = std::string{net::transport_name(listening.kind())},
                                  .local = listening.local(),
                                  .remote = (*received)->remote,
                                  .bytes = std::move((*received)->bytes),
                                  .note = "at the port in Via"});
  }
}

// A query whose Via names another host, and the port of `listening`.
Sent send_from_behind_nat(Context& context, net::Transport& listening, bool rport) {
  auto& session = context.session();
  const auto local = listening.local();
  auto dialogue = context.dialogue();
  const sip::Shape shape{.via_host = std::string{other_host} + local.substr(local.rfind(':')),
                         .rport = rport};
  // Where none is to be expected, an answer is not waited for as long as elsewhere.
  const auto timeout = session.timers().timeout;
  session.timers().timeout = std::min(timeout, patience * session.timers().t1);
  struct Restore {
    sip::Session& session;
    net::Duration timeout;
    ~Restore() { session.timers().timeout = timeout; }
  } restore{session, timeout};
  Sent sent;
  try {
    sent.exchange = dialogue.challenge(shape);
    sent.arrival = Arrival::at_source;
  } catch (const sip::NoAnswer& silence) {
    sent.exchange = silence.exchange;
    bool at_via_port = false;
    read_all(session, listening, silence.exchange, at_via_port);
    if (misdirected(session.recorder(), silence.exchange, "from elsewhere")) {
      sent.arrival = Arrival::from_elsewhere;
    } else if (at_via_port) {
      sent.arrival = Arrival::at_via_port;
    }
  }
  return sent;
}

// Filled in where the server tells the phone what its NAT makes of it.
std::string missing_in_via(Context& context, const sip::Exchange& exchange) {
  Diagnostics ignored;
  const auto answer =
      Message::parse(context.session().recorder().at(*exchange.response).bytes, ignored);
  const auto via = answer ? topmost_via(*answer) : std::nullopt;
  if (!via) return "Via cannot be read";
  std::string missing;
  for (const std::string_view name : {"rport", "received"}) {
    if (!via->parameter(name).value_or("").empty()) continue;
    missing += (missing.empty() ? "" : " and ") + std::string{name};
  }
  return missing.empty() ? missing : missing + " is not filled in";
}

void judge_with_rport(Context& context, Worst& worst, const Sent& sent) {
  const std::string what = "with rport and a Via from behind a NAT the answer ";
  switch (sent.arrival) {
    case Arrival::at_source: {
      const auto missing = missing_in_via(context, sent.exchange);
      if (!missing.empty()) return worst.add(warn, what + "came, but " + missing, sent.exchange);
      return worst.add(pass, what + "came to the source port, and Via says which", sent.exchange);
    }
    case Arrival::at_via_port:
      return worst.add(fail, what + "went to the port in Via, where the NAT drops it",
                       sent.exchange);
    case Arrival::from_elsewhere:
      return worst.add(fail,
                       what +
                           "came from another address or port than was asked, where the NAT "
                           "drops it",
                       sent.exchange);
    case Arrival::nowhere:
      // The runner asks again, and makes sure that the registrar lives.
      throw sip::NoAnswer{sent.exchange, std::nullopt};
  }
}

void judge_without_rport(Worst& worst, const Sent& sent) {
  const std::string what = "; without rport the answer ";
  auto seen = worst.finding().observed;
  switch (sent.arrival) {
    case Arrival::at_source:
      seen += what + "came to the source port as well";
      break;
    case Arrival::at_via_port:
      seen += what + "went to the port in Via";
      break;
    case Arrival::from_elsewhere:
      return worst.add(fail,
                       "without rport the answer came from another address or port than was "
                       "asked",
                       sent.exchange);
    case Arrival::nowhere:
      return worst.add(inconclusive,
                       "without rport no answer was seen, neither at the source port nor at the "
                       "port in Via, which a NAT or a firewall may keep from us",
                       sent.exchange);
  }
  if (worst.finding().verdict != pass) return;
  const auto evidence = worst.finding().evidence.front();
  worst = Worst{};
  worst.add(pass, std::move(seen), evidence);
}

Finding answers_behind_nat(Context& context) {
  auto& session = context.session();
  if (session.transport().is_reliable()) {
    return {skip, "answers keep to their connection over " +
                      std::string{net::transport_name(session.transport().kind())}};
  }
  const auto listening = session.open_another({});
  if (!listening) {
    const bool never = listening.error().kind == net::NetError::Kind::usage;
    return {never ? skip : inconclusive, listening.error().text};
  }
  struct Close {
    sip::Session& session;
    net::Transport* transport;
    ~Close() { session.close(transport); }
  } close{session, *listening};
  // A firewall lets back in what answers this.
  const auto greeted = context.dialogue().challenge({.over = *listening});
  Worst worst;
  const auto with = send_from_behind_nat(context, **listening, true);
  judge_with_rport(context, worst, with);
  judge_without_rport(worst, send_from_behind_nat(context, **listening, false));
  auto finding = worst.finding();
  if (finding.evidence.empty()) finding.evidence = {greeted};
  return finding;
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-TX-13",
        .title = "Answers find a phone behind a NAT",
        .question =
            "Does the answer to a request with rport go to the port it came from, over UDP?",
        .right = "it comes to the source port, and its Via has rport and received filled in",
        .acceptable = "without rport: at the port in Via, or at the source port",
        .failing = "no answer to a request with rport, or one from another address or port; rport "
                   "or received that is not filled in is a warning",
        .harm = "A phone behind a NAT never sees the challenge.",
        .references = {"RFC 3581 4", "RFC 3261 18.2.1", "RFC 3261 18.2.2"},
        .stage = Stage::acceptance,
        .needs = {.credentials = true, .second_source = true},
        .cost = {.requests = 3, .waiting = 4000ms},
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"strict", "rport-ignored"},
        .run = answers_behind_nat,
    },
});

}  // namespace

std::span<const Check> rport_suite() { return checks; }

}  // namespace sipauth::checks
