#include "fuzzing/case_sender.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "fuzzing/valid_request.hpp"
#include "sipauth/message.hpp"

namespace sipauth::fuzzing {
namespace {

// With these a server says no to a digest.
constexpr std::array refusals{401, 403, 407};

// Nothing: a provisional answer, or none at all.
std::optional<int> status_of(const net::Received& received) {
  Diagnostics ignored;
  const auto message = Message::parse(received.bytes, ignored);
  if (!message || message->is_request() || message->status() < 200) return std::nullopt;
  return message->status();
}

// Of a new connection, in times that it took to open: the peer may have to read a handshake to its
// end, and start somebody who answers. Were the answer not waited for, the connection would be
// given up for the next one, over which it comes no sooner.
constexpr int openings_for_first_answer = 8;
constexpr std::chrono::milliseconds longest_first_wait{500};

const std::string& call_id_of(const ValidMessage& message) {
  return std::ranges::find(message.fresh, "call-id", &FreshValue::name)->value;
}

bool carries_credentials(const ValidMessage& message) {
  return std::ranges::find(message.fresh, "response", &FreshValue::name) != message.fresh.end();
}

}  // namespace

net::Transport* CaseSender::way() {
  if (way_) return way_;
  const auto begin = session_.clock().now();
  const auto opened = session_.open_another({});
  if (!opened) return nullptr;
  way_ = *opened;
  first_wait_ = std::min<net::Duration>(
      openings_for_first_answer * (session_.clock().now() - begin), longest_first_wait);
  return way_;
}

void CaseSender::close() {
  if (way_) session_.close(std::exchange(way_, nullptr));
}

bool CaseSender::send_new(std::uint64_t number, const sip::Exchange* challenged) {
  session_.admit();
  last_ = {};
  auto* const over = way();
  if (!over) return false;
  const auto valid = make_valid_request(session_, challenged, *over, seed_of_case(number, seed_));
  last_ = draw_case(number, seed_, valid, most_bytes_);
  return send(with_values(last_.text, valid.fresh), call_id_of(valid), carries_credentials(valid));
}

bool CaseSender::send_again(const Case& one, const sip::Exchange* challenged) {
  session_.admit();
  auto* const over = way();
  if (!over) return false;
  // Another branch and Call-ID: the same ones would be a retransmission.
  const auto seed = seed_of_case(++sent_again_, ~seed_of_case(one.number, seed_));
  const auto valid = make_valid_request(session_, challenged, *over, seed);
  return send(with_values(one.text, valid.fresh), call_id_of(valid), carries_credentials(valid));
}

bool CaseSender::send(std::string_view bytes, const std::string& call_id, bool with_credentials) {
  ++sent_;
  tell(sip::Direction::out, bytes);
  if (const auto sent = way_->send(bytes); !sent) {
    if (sent.error().kind == net::NetError::Kind::interrupted) throw sip::Interrupted{};
    count(0, false);
    close();
    return false;
  }
  const auto end = session_.clock().now() + wait();
  while (session_.clock().now() <= end) {
    auto received = way_->receive(end);
    if (!received) {
      if (received.error().kind == net::NetError::Kind::interrupted) throw sip::Interrupted{};
      count(0, false);
      close();
      return false;
    }
    if (!*received) break;
    first_wait_ = {};
    tell(sip::Direction::in, (*received)->bytes);
    const bool late = !call_id_before_.empty() && (*received)->bytes.contains(call_id_before_);
    const auto status = status_of(**received);
    if (late || !status) continue;
    call_id_before_ = call_id;
    count(*status, with_credentials);
    return true;
  }
  call_id_before_ = call_id;
  count(0, false);
  // What was left unanswered on a stream may be waited for to its end: what follows would be taken
  // for its body.
  if (way_->is_reliable()) close();
  return true;
}

// Not recorded: a run may be long.
void CaseSender::tell(sip::Direction direction, std::string_view bytes) {
  const auto& on_message = session_.recorder().on_message;
  if (!on_message) return;
  on_message({.index = static_cast<std::uint32_t>(sent_),
              .at = session_.clock().now(),
              .wall = session_.clock().wall(),
              .direction = direction,
              .transport = std::string{net::transport_name(way_->kind())},
              .local = way_->local(),
              .remote = way_->remote(),
              .bytes = std::string{bytes},
              .note = "case"});
}

void CaseSender::count(int status, bool with_credentials) {
  ++answers_[status];
  if (with_credentials && std::ranges::find(refusals, status) != refusals.end()) {
    ++session_.counters().refused;
  }
}

}  // namespace sipauth::fuzzing
