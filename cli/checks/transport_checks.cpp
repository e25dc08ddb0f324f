// SA-TX-08 to -10: what becomes of a challenge when its connection is closed, how long challenges
// are, and whom the certificate is for.

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <locale>
#include <optional>
#include <sstream>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"
#include "net/certificate_names.hpp"
#include "sipauth/datagram.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using net::TransportKind;

Finding reconnect(Context& context) {
  auto& session = context.session();
  const auto used = session.transport().kind();
  const bool datagrams = !session.transport().is_reliable();
  const sip::AnotherWay way{.transport = datagrams ? TransportKind::tcp : used};
  const std::string name{net::transport_name(*way.transport)};
  const auto not_opened = [&](const net::NetError& error) {
    // A registrar need not take TCP beside UDP.
    if (datagrams || error.kind == net::NetError::Kind::usage) {
      return Finding{skip, name + " is not offered here: " + error.text};
    }
    return Finding{inconclusive, "a connection could not be opened: " + error.text};
  };
  const auto first = session.open_another(way);
  if (!first) return not_opened(first.error());
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue, {.over = *first});
  session.close(*first);
  if (fresh.problem) return *fresh.problem;
  const auto& offered = fresh.offered;
  const auto second = session.open_another(way);
  if (!second) return not_opened(second.error());
  const auto answered = dialogue.answer(offered, {}, {.over = *second});
  session.close(*second);
  const Letters letters{.accepted = pass, .stale = pass, .plain = pass, .forbidden = fail};
  return {.verdict = letter(letters, answered),
          .observed = "the challenge of one " + name +
                      " connection, answered on the next one, was answered with " +
                      describe(answered),
          .evidence = {answered},
          .stands_on_liveness = answered.status == 403};
}

// How many answers came, and how many of their requests had to be sent again.
struct Tally {
  int answers = 0;
  int lost = 0;

  void add(const sip::Exchange& exchange) {
    ++answers;
    lost += exchange.retransmissions > 0 ? 1 : 0;
  }
  [[nodiscard]] std::string text() const {
    return std::to_string(lost) + " of " + std::to_string(answers);
  }
};

Finding size(Context& context) {
  const auto& recorder = context.session().recorder();
  Tally few_bytes;
  Tally many_bytes;
  std::size_t longest = 0;
  std::optional<sip::Exchange> shown;
  for (const auto& exchange : context.exchanges()) {
    // By the record: another way may be closed by now.
    const auto& answer = recorder.at(*exchange.response);
    if (answer.transport != "udp" && answer.transport != "builtin") continue;
    const bool is_long = answer.bytes.size() > comfortable_datagram;
    (is_long ? many_bytes : few_bytes).add(exchange);
    if (!exchange.is_401_or_407() || answer.bytes.size() <= longest) continue;
    longest = answer.bytes.size();
    shown = exchange;
  }
  if (!shown) return {skip, "no challenge came over UDP"};
  const auto seen = "the longest challenge over UDP has " + std::to_string(longest) + " bytes";
  if (longest <= comfortable_datagram) return {pass, seen, {*shown}};
  // One loss may be chance, and without short answers there is nothing to compare with.
  const bool often = many_bytes.lost > 1 && 10 * many_bytes.lost >= many_bytes.answers;
  if (often && few_bytes.answers > 0 && few_bytes.lost == 0) {
    return {warn,
            seen + ", and " + many_bytes.text() +
                " requests with so long an answer had to be sent again, " + few_bytes.text() +
                " others: fragments are lost on the way",
            {*shown}};
  }
  return {info, seen + ": it travels in fragments, and some firewalls drop those", {*shown}};
}

// `Nov 25 10:00:00 2026 GMT`, as libcrypto writes it.
std::optional<net::WallTime> time_of(const std::string& text) {
  std::tm parts{};
  std::istringstream in{text};
  in.imbue(std::locale::classic());
  in >> std::get_time(&parts, "%b %d %H:%M:%S %Y");
  if (in.fail()) return std::nullopt;
  return net::WallTime{std::chrono::seconds{timegm(&parts)}};
}

Finding certificate(Context& context) {
  auto& session = context.session();
  const auto facts = session.transport().tls();
  if (!facts) return {skip, "the run is not over TLS"};
  std::vector<sip::Exchange> evidence;
  if (context.shared.first) evidence.push_back(*context.shared.first);
  const auto found = [&](Verdict verdict, std::string text) {
    return Finding{verdict, std::move(text), evidence};
  };
  const auto& domain = session.identity().domain;
  const auto names = facts->names.empty() ? std::string{"nobody"} : facts->names;
  if (const auto ends = time_of(facts->not_after); ends && session.clock().wall() >= *ends) {
    return found(warn, "the certificate has expired: it was valid until " + facts->not_after);
  }
  const auto match = net::match_certificate(facts->identities, domain);
  if (match == net::NameMatch::none) {
    return found(warn, "the certificate is for " + names + ", not for " + domain);
  }
  // On a WebSocket names are matched as on the web (RFC 6455 4.1).
  if (match == net::NameMatch::wildcard && session.transport().kind() == net::TransportKind::tls) {
    return found(warn, "the certificate is for " + domain + " by a wildcard only (" + names +
                           "): most clients take that, RFC 5922 does not");
  }
  if (facts->version != "TLSv1.2" && facts->version != "TLSv1.3") {
    return found(warn, "the connection is " + facts->version);
  }
  return found(pass, facts->version + ", and the certificate is for " + domain + " (" + names +
                         "), valid until " + facts->not_after +
                         (facts->verified || facts->verify_error.empty()
                              ? ""
                              : "; its issuer is not trusted here: " + facts->verify_error));
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-TX-08",
        .title = "The connection is closed between challenge and answer",
        .question = "May a phone answer on a second TCP connection what it was asked on the first?",
        .right = "200, or 401 with stale=true and a new nonce",
        .acceptable = "a plain 401 with a new nonce",
        .failing = "403; another refusal is a warning",
        .harm = "A phone behind a NAT that closes idle connections stays out.",
        .references = {"RFC 7616 3.3", "RFC 3261 18.1.1"},
        .needs = {.credentials = true, .second_source = true},
        .cost = {.requests = 3, .refused = 1},
        .priority = 220,
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-other-port"},
        .run = reconnect,
    },
    {
        .id = "SA-TX-09",
        .title = "Challenges fit into a datagram",
        .question = "Is no 401 longer than 1300 bytes over UDP?",
        .right = "at most 1300 bytes",
        .acceptable = "longer, and none gets lost (note)",
        .failing = "longer, and only the long ones get lost (warning)",
        .harm = "Where fragments are dropped the phone never sees the challenge.",
        .references = {"RFC 3261 18.1.1"},
        .stage = Stage::whole_run,
        .builds_on = {"SA-AUTH-01"},
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "long-lost"},
        .run = size,
    },
    {
        .id = "SA-TX-10",
        .title = "The certificate is for the SIP domain",
        .question = "Does the certificate name the domain that phones ask for, and is it valid?",
        .right = "a URI sip:DOMAIN in subjectAltName, else a DNS name there, else, where there is "
                 "no subjectAltName, the CN; TLS 1.2 or 1.3",
        .acceptable = "a wildcard over wss",
        .failing = "another name, a wildcard, or an expired certificate (warnings); without -k or "
                   "--tls-name a run ends at a certificate of another name",
        .harm = "A phone that checks names refuses to connect.",
        .references = {"RFC 5922 7.1", "RFC 5922 7.2", "RFC 3261 26.3.2.1"},
        .stage = Stage::challenge,
        .worst = warn,
        .passes_on = {.profile = "strict", .peer = "tls"},
        .fails_on = {.profile = "strict", .peer = "tls-other-name"},
        .run = certificate,
    },
});

}  // namespace

std::span<const Check> transport_suite() { return checks; }

}  // namespace sipauth::checks
