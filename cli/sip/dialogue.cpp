#include "sip/dialogue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "net/uri_user.hpp"
#include "sipauth/text.hpp"
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

Exchange Dialogue::challenge(const Shape& shape) { return send(shape); }

Exchange Dialogue::challenge_with_contact() {
  return send({.headers = {{"Contact", contact()}, {"Expires", "60"}}});
}

std::string Dialogue::contact() const {
  const auto& user = user_.empty() ? session_.identity().user : user_;
  return fmt::format("<sip:{}@{}>", net::escape_user(user), session_.transport().local());
}

Exchange Dialogue::answer(const Exchange& challenged, const Deviation& deviation,
                          const Shape& shape) {
  const auto& offer = *challenged.offer();
  const auto& identity = session_.identity();
  const auto* const account = deviation.account;
  auto user = account ? (account->auth_user.empty() ? account->user : account->auth_user) : user_;
  if (user.empty()) user = identity.auth_user.empty() ? identity.user : identity.auth_user;
  const auto count = session_.next_nonce_count(deviation.nonce.value_or(offer.nonce));
  auto credentials =
      make_credentials(session_, offer, user, deviation.nc.value_or(count), deviation, shape);
  const bool resynchronises = credentials.resynchronises;
  if (resynchronises) ++session_.counters().resynchronised;
  auto exchange = send(shape, std::move(credentials));
  // RFC 3261 22.3: the proxy is satisfied, and now the registrar asks.
  const bool passed_proxy = offer.proxy && exchange.status == 401 && exchange.usable() &&
                            !exchange.offer()->proxy && deviation.is_plain();
  if (passed_proxy && !session_.proxy()) {
    session_.pass_proxy(offer);
    return answer(exchange, deviation, shape);
  }
  // What follows is a challenge with an SQN that the card takes (RFC 3310 3.4).
  if (!resynchronises || !exchange.usable() || exchange.offer()->asks_to_resynchronise()) {
    return exchange;
  }
  return answer(exchange, deviation, shape);
}

Exchange Dialogue::send_again(const Exchange& exchange, const Shape& shape) {
  return send(shape, exchange.sent);
}

Exchange Dialogue::send_with(std::vector<WrittenHeader> rows, bool must_be_refused, Shape shape) {
  if (must_be_refused) ++session_.counters().refused;
  shape.headers.insert(shape.headers.begin(), std::make_move_iterator(rows.begin()),
                       std::make_move_iterator(rows.end()));
  return send(shape);
}

Exchange Dialogue::retransmit(const Exchange& exchange) {
  // A copy: the recorder grows meanwhile.
  const auto bytes = session_.recorder().at(exchange.request).bytes;
  return judged(session_.transact(bytes, exchange.branch, exchange.sent, exchange.over));
}

void Dialogue::wait(net::Duration time) { session_.wait_until(session_.clock().now() + time); }

Exchange Dialogue::send(const Shape& shape, std::optional<SentCredentials> credentials) {
  if (credentials && credentials->must_be_refused) ++session_.counters().refused;
  const auto sent_once = [&] {
    auto rows = rows_of(shape, credentials);
    ++cseq_;
    auto [exchange, error] = transmit(shape, credentials, rows);
    // RFC 3263 4.3: another server, another transaction, the same request.
    while (!shape.over && session_.goes_elsewhere(exchange, error)) {
      std::tie(exchange, error) = transmit(shape, credentials, rows);
    }
    return judged({std::move(exchange), std::move(error)});
  };
  auto exchange = sent_once();
  // The proxy's nonce has had its time; the registrar did not see the request.
  const bool proxy_asks_again = session_.proxy() && exchange.status == 407 && exchange.offer() &&
                                exchange.offer()->proxy &&
                                exchange.offer()->nonce != session_.proxy()->nonce;
  if (!proxy_asks_again) return exchange;
  session_.pass_proxy(*exchange.offer());
  return sent_once();
}

// What came of a request, for the counters; throws when nothing came.
Exchange Dialogue::judged(std::pair<Exchange, std::optional<net::NetError>> sent) {
  auto& [exchange, error] = sent;
  // Without an answer nobody knows what the server thought of a right digest.
  const auto& credentials = exchange.sent;
  if (credentials && !credentials->must_be_refused && !credentials->resynchronises &&
      refuses(exchange)) {
    ++session_.counters().refused;
  }
  if (exchange.status == 0) throw NoAnswer{std::move(exchange), std::move(error)};
  return std::move(exchange);
}

SentCredentials Dialogue::proxy_credentials(const Shape& shape) {
  const auto& identity = session_.identity();
  const auto& offer = *session_.proxy();
  const auto& user = identity.auth_user.empty() ? identity.user : identity.auth_user;
  return make_credentials(session_, offer, user, session_.next_nonce_count(offer.nonce), {}, shape);
}

std::vector<WrittenHeader> Dialogue::rows_of(const Shape& shape,
                                             const std::optional<SentCredentials>& credentials) {
  const auto& identity = session_.identity();
  auto rows = shape.headers;
  const bool own_method = shape.method.empty() || shape.method == identity.method;
  if (own_method) {
    rows.insert(rows.end(), identity.method_headers.begin(), identity.method_headers.end());
  }
  const auto has_contact = [&] {
    return std::ranges::any_of(rows, [](const auto& row) { return same(row.name, "Contact"); });
  };
  const bool needs_contact = own_method && (identity.method == "SUBSCRIBE" ||
                                            (identity.method == "REGISTER" && session_.binds));
  if (needs_contact && !has_contact()) {
    rows.push_back({"Contact", contact()});
    if (identity.method == "REGISTER") rows.push_back({"Expires", "60"});
  }
  if (session_.proxy() && !(credentials && same(credentials->header, "Proxy-Authorization"))) {
    const auto proxy = proxy_credentials(shape);
    rows.push_back({proxy.header, proxy.value});
  }
  if (credentials) {
    rows.insert(rows.end(), credentials->rows_before.begin(), credentials->rows_before.end());
    rows.push_back({credentials->header, credentials->value, credentials->raw});
    rows.insert(rows.end(), credentials->rows_after.begin(), credentials->rows_after.end());
  }
  for (const auto& [name, value] : identity.extra_headers) rows.push_back({name, value});
  return rows;
}

std::pair<Exchange, std::optional<net::NetError>> Dialogue::transmit(
    const Shape& shape, const std::optional<SentCredentials>& credentials,
    const std::vector<WrittenHeader>& rows) {
  const auto& identity = session_.identity();
  auto& transport = shape.over ? *shape.over : session_.transport();
  const auto& user = user_.empty() ? identity.user : user_;
  const auto aor = [&](const std::string& of) {
    return fmt::format("<sip:{}@{}>", net::escape_user(of), identity.domain);
  };
  const auto branch = "z9hG4bK" + session_.random().text(24, letters_and_digits);
  const auto request = write_request({
      .method = shape.method.empty() ? identity.method : shape.method,
      .request_uri = identity.request_uri,
      .transport = std::string{net::transport_row(transport.kind()).via},
      .via_host = shape.via_host.value_or(transport.local()),
      .branch = branch,
      .from = aor(shape.from_user.value_or(user)) + ";tag=" + shape.from_tag.value_or(from_tag_),
      .to = aor(shape.to_user.value_or(user)) + (shape.to_tag ? ";tag=" + *shape.to_tag : ""),
      .call_id = call_id_,
      .cseq = shape.cseq.value_or(cseq_),
      .user_agent = identity.user_agent.empty() ? "sipauth/" SIPAUTH_VERSION : identity.user_agent,
      .headers = rows,
      .body = shape.body,
      .content_type = shape.content_type,
      .rport = shape.rport,
      .content_length = shape.content_length,
  });
  if (shape.in_binary) transport.send_next_as(net::WebSocketFrame::binary);
  auto result = session_.transact(request, branch, credentials, &transport);
  if (result.first.accepted()) session_.note_bindings(rows);
  return result;
}

}  // namespace sipauth::sip
