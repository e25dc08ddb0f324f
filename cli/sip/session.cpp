#include "sip/session.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::sip {
namespace {

// Background work that is always due must not keep the clock of a built-in registrar still.
constexpr net::Duration shortest_nap = std::chrono::milliseconds{1};

void read_final_answer(Exchange& exchange, std::string_view response, std::string_view realm) {
  Diagnostics ignored;
  if (const auto message = Message::parse(response, ignored)) {
    exchange.status = message->status();
    exchange.reason = message->reason();
  }
  read_offers(exchange, response, realm);
}

// Why a server does not serve, or nothing when it does, or when another would not do better.
std::string why_elsewhere(const Exchange& exchange, const std::optional<net::NetError>& error,
                          net::Duration timeout) {
  constexpr int service_unavailable = 503;
  if (exchange.status == service_unavailable) {
    return fmt::format("It answered {} {}.", exchange.status, exchange.reason);
  }
  if (exchange.status != 0) return {};
  if (!error) {
    return fmt::format("No answer within {:g} s.", std::chrono::duration<double>(timeout).count());
  }
  const bool ours =
      error->kind == net::NetError::Kind::usage || error->kind == net::NetError::Kind::internal;
  return ours ? std::string{} : error->text;
}

std::string call_id_of(std::string_view request) {
  Diagnostics ignored;
  const auto message = Message::parse(request, ignored);
  return std::string{message ? message->value(HeaderId::call_id) : std::string_view{}};
}

}  // namespace

Session::Session(net::Transport& transport, Identity identity, Timers timers, Limits limits,
                 std::uint64_t seed)
    : transport_{&transport},
      identity_{std::move(identity)},
      timers_{timers},
      shortest_t1_{timers.t1},
      limits_{limits},
      random_{seed} {}

std::pair<Exchange, std::optional<net::NetError>> Session::transact(
    const std::string& request, const std::string& branch, std::optional<SentCredentials> sent,
    net::Transport* over) {
  auto& transport = over ? *over : *transport_;
  admit();

  Exchange exchange{.call_id = call_id_of(request),
                    .wall = clock().wall(),
                    .sent_at = clock().now(),
                    .sent = std::move(sent),
                    .over = &transport,
                    .branch = branch};
  auto result = run_transaction(transport, recorder_, noise_, timers_, request, branch);
  exchange.request = result.request;
  exchange.response = result.response;
  exchange.rtt = result.rtt;
  exchange.retransmissions = result.retransmissions;
  exchange.wrong_branch = result.wrong_branch;
  if (result.response) {
    measure(exchange);
    read_final_answer(exchange, recorder_.at(*result.response).bytes, identity_.realm);
    leave_out_what_we_cannot_compute(exchange);
    if (identity_.card) identity_.card->choose(exchange, identity_.realm);
    exchange.past_authentication =
        past_authentication_ != 0 && exchange.status == past_authentication_;
  }
  if (on_exchange) on_exchange(exchange);
  if (result.error && result.error->kind == net::NetError::Kind::interrupted) throw Interrupted{};
  return {std::move(exchange), std::move(result.error)};
}

void Session::admit() {
  if (net::stop_requested.load(std::memory_order_relaxed)) throw Interrupted{};
  if (limits_.max_requests > 0 && counters_.requests >= limits_.max_requests) throw OverLimit{};
  brake();
  ++counters_.requests;
  last_request_ = clock().now();
}

std::expected<net::Transport*, net::NetError> Session::open_another(const AnotherWay& way) {
  if (!connect_another) {
    return std::unexpected{net::NetError{net::NetError::Kind::usage, "There is no other way."}};
  }
  auto transport = connect_another(way);
  if (!transport) return std::unexpected{std::move(transport.error())};
  return others_.emplace_back(std::move(*transport)).get();
}

void Session::close(net::Transport* transport) {
  std::erase_if(others_, [&](const auto& other) { return other.get() == transport; });
}

void Session::note_bindings(const std::vector<WrittenHeader>& rows) {
  for (const auto& row : rows) {
    if (identity_.method != "REGISTER" || !same(row.name, "Contact") || row.value == "*") continue;
    if (std::ranges::find(bindings_, row.value) == bindings_.end()) bindings_.push_back(row.value);
  }
}

bool Session::goes_elsewhere(const Exchange& exchange, const std::optional<net::NetError>& error) {
  if (!next_server) return false;
  const auto why = why_elsewhere(exchange, error, timers_.timeout);
  auto* const next = why.empty() ? nullptr : next_server(why);
  if (net::stop_requested.load(std::memory_order_relaxed)) throw Interrupted{};
  if (!next) {
    next_server = nullptr;
    return false;
  }
  transport_ = next;
  noise_ = {};
  rtt_is_known_ = false;
  timers_.t1 = shortest_t1_;
  return true;
}

// Counted from the first sending: which sending an answer belongs to is not known.
void Session::measure(const Exchange& exchange) {
  if (rtt_is_known_) return;
  rtt_is_known_ = exchange.retransmissions == 0;
  const auto longest = std::max(shortest_t1_, timers_.t2);
  timers_.t1 = std::clamp(4 * (clock().now() - exchange.sent_at), shortest_t1_, longest);
}

// With an HA1 only challenges of its algorithm can be answered; and a system may refuse a hash
// (FIPS has no MD5). A digest that cannot be right must not be sent as if it were.
void Session::leave_out_what_we_cannot_compute(Exchange& exchange) const {
  if (!identity_.has_password) return;
  for (auto& offer : exchange.offers) {
    if (!offer.answerable) continue;
    const auto digest = compute_digest({
        .algorithm = offer.algorithm,
        .qop = offer.qop,
        .ha1 = identity_.password_is_ha1 ? identity_.password.reveal() : std::string_view{},
        .nc = "00000001",
        .cnonce = "0",
    });
    offer.answerable = digest.has_value();
  }
  choose_offer(exchange, identity_.realm);
}

void Session::brake() {
  if (limits_.requests_per_second <= 0 || !last_request_) return;
  const auto gap = std::chrono::duration_cast<net::Duration>(
      std::chrono::duration<double>{1 / limits_.requests_per_second});
  read_until(*last_request_ + gap);
}

std::optional<net::Instant> Session::run_background() {
  if (!background || in_background_) return std::nullopt;
  struct Within {
    bool& flag;
    explicit Within(bool& within) : flag{within} { flag = true; }
    ~Within() { flag = false; }
  } within{in_background_};
  return background(clock().now());
}

void Session::wait_until(net::Instant when) {
  auto due = run_background();
  while (clock().now() < when) {
    read_until(due ? std::min(when, std::max(*due, clock().now() + shortest_nap)) : when);
    if (due && clock().now() >= *due) due = run_background();
  }
}

void Session::read_until(net::Instant when) {
  while (clock().now() < when) {
    auto received = transport_->receive(when);
    if (received && *received) {
      take_noise(*transport_, recorder_, noise_, std::move(**received));
    } else if (!received && received.error().kind == net::NetError::Kind::interrupted) {
      throw Interrupted{};
    }
    // Other errors belong to requests that are over; the next one meets them anew.
  }
  if (net::stop_requested.load(std::memory_order_relaxed)) throw Interrupted{};
}

}  // namespace sipauth::sip
