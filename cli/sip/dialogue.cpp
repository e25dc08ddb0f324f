#include "sip/dialogue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "net/uri_user.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {
namespace {

constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// With these a server says no to a digest; 404 and 5xx speak of something else.
constexpr std::array refusals{400, 401, 403, 407};

bool refuses(const Exchange& exchange) {
  return std::ranges::find(refusals, exchange.status) != refusals.end();
}

}  // namespace

Dialogue::Dialogue(Session& session, std::string user)
    : session_{session},
      user_{std::move(user)},
      call_id_{session.random().hex(24) + "@sipauth"},
      from_tag_{session.random().hex(12)} {}

Exchange Dialogue::challenge() { return send("REGISTER"); }

Exchange Dialogue::challenge_with_contact() {
  const auto& identity = session_.identity();
  const auto contact =
      fmt::format("<sip:{}@{}>", net::escape_user(user_.empty() ? identity.user : user_),
                  session_.transport().local());
  return send("REGISTER", std::nullopt, {{"Contact", contact}, {"Expires", "60"}});
}

Exchange Dialogue::request(const std::string& method) { return send(method); }

Exchange Dialogue::answer(const Exchange& challenged, const Deviation& deviation) {
  const auto& offer = *challenged.offer();
  const auto& identity = session_.identity();
  auto user = user_;
  if (user.empty()) user = identity.auth_user.empty() ? identity.user : identity.auth_user;
  const auto count = session_.next_nonce_count(deviation.nonce.value_or(offer.nonce));
  auto credentials =
      make_credentials(session_, offer, user, deviation.nc.value_or(count), deviation);
  const bool resynchronises = credentials.resynchronises;
  if (resynchronises) ++session_.counters().resynchronised;
  auto exchange = send("REGISTER", std::move(credentials));
  // What follows is a challenge with an SQN that the card takes (RFC 3310 3.4).
  if (!resynchronises || !exchange.usable() || exchange.offer()->asks_to_resynchronise()) {
    return exchange;
  }
  return answer(exchange, deviation);
}

Exchange Dialogue::send_again(const Exchange& exchange) { return send("REGISTER", exchange.sent); }

void Dialogue::wait(net::Duration time) { session_.wait_until(session_.clock().now() + time); }

Exchange Dialogue::send(const std::string& method, std::optional<SentCredentials> credentials,
                        std::vector<WrittenHeader> headers) {
  const auto& identity = session_.identity();
  if (credentials) headers.push_back({credentials->header, credentials->value});
  for (const auto& [name, value] : identity.extra_headers) headers.push_back({name, value});

  const bool has_credentials = credentials.has_value();
  const bool must_be_refused = has_credentials && credentials->must_be_refused;
  if (must_be_refused) ++session_.counters().refused;
  ++cseq_;
  auto [exchange, error] = transmit(method, credentials, headers);
  // RFC 3263 4.3: another server, another transaction, the same request.
  while (session_.goes_elsewhere(exchange, error)) {
    std::tie(exchange, error) = transmit(method, credentials, headers);
  }
  // Without an answer nobody knows what the server thought of a right digest.
  const bool resynchronises = has_credentials && credentials->resynchronises;
  if (has_credentials && !must_be_refused && !resynchronises && refuses(exchange))
    ++session_.counters().refused;
  if (exchange.status == 0) throw NoAnswer{std::move(exchange), std::move(error)};
  return std::move(exchange);
}

std::pair<Exchange, std::optional<net::NetError>> Dialogue::transmit(
    const std::string& method, const std::optional<SentCredentials>& credentials,
    const std::vector<WrittenHeader>& headers) {
  const auto& identity = session_.identity();
  const auto& user = user_.empty() ? identity.user : user_;
  const auto aor = fmt::format("<sip:{}@{}>", net::escape_user(user), identity.domain);
  const auto branch = "z9hG4bK" + session_.random().text(24, letters_and_digits);
  const auto request = write_request({
      .method = method,
      .request_uri = identity.request_uri,
      .transport = std::string{net::transport_row(session_.transport().kind()).via},
      .via_host = session_.transport().local(),
      .branch = branch,
      .from = aor + ";tag=" + from_tag_,
      .to = aor,
      .call_id = call_id_,
      .cseq = cseq_,
      .user_agent = identity.user_agent.empty() ? "sipauth/" SIPAUTH_VERSION : identity.user_agent,
      .headers = headers,
  });
  return session_.transact(request, branch, credentials);
}

}  // namespace sipauth::sip
