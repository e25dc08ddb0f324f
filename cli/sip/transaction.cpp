#include "sip/transaction.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sipauth/address.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::sip {
namespace {

// Provisional answers that are kept; no server has reason to send more in one transaction.
constexpr std::size_t max_provisional = 64;

// What ties an answer to its request (RFC 3261 17.1.3), owned.
struct Ties {
  std::string branch = {};
  std::string call_id = {};
  std::uint32_t cseq = 0;
  std::string method = {};
};

Ties ties_of(const Message& message) {
  Diagnostics ignored;
  Ties ties{.call_id = std::string{message.value(HeaderId::call_id)}};
  if (const auto via = Via::parse(message.value(HeaderId::via), ignored)) {
    ties.branch = via->branch().value_or("");
  }
  if (const auto cseq = CSeq::parse(message.value(HeaderId::cseq), ignored)) {
    ties.cseq = cseq->number;
    ties.method = cseq->method;
  }
  return ties;
}

RecordedMessage recorded(const net::Transport& transport, Direction direction, std::string bytes,
                         std::string note) {
  return {.at = transport.clock().now(),
          .wall = transport.clock().wall(),
          .direction = direction,
          .transport = std::string{net::transport_name(transport.kind())},
          .local = transport.local(),
          .remote = transport.remote(),
          .bytes = std::move(bytes),
          .note = std::move(note)};
}

class Transaction {
 public:
  Transaction(net::Transport& transport, Recorder& recorder, Noise& noise, const Timers& timers,
              std::string_view request, std::string_view branch)
      : transport_{transport},
        recorder_{recorder},
        noise_{noise},
        timers_{timers},
        request_{request} {
    Diagnostics ignored;
    if (const auto message = Message::parse(request, ignored)) ours_ = ties_of(*message);
    ours_.branch = branch;
  }

  TransactionResult run() {
    const auto started = now();
    const auto end = started + timers_.timeout;
    auto interval = timers_.t1;
    auto timer_e = started + interval;
    send("");

    while (!ended_) {
      const bool sends_again = !transport_.is_reliable() && !result_.error;
      const auto until = std::min(result_.error ? error_ends_ : end, end);
      receive(sends_again ? std::min(until, timer_e) : until);
      if (ended_ || now() >= until) break;
      if (sends_again && !result_.error && now() >= timer_e) {
        // 17.1.2.2: after a provisional answer Timer E runs at T2.
        interval = result_.provisional.empty() ? std::min(2 * interval, timers_.t2) : timers_.t2;
        timer_e = now() + interval;
        ++result_.retransmissions;
        send("retransmission");
      }
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] net::Instant now() const { return transport_.clock().now(); }

  void send(std::string note) {
    const auto index =
        recorder_.add(recorded(transport_, Direction::out, std::string{request_}, std::move(note)));
    if (result_.retransmissions == 0) result_.request = index;
    sent_at_ = now();
    if (auto sent = transport_.send(request_); !sent) fail(std::move(sent.error()));
  }

  void fail(net::NetError error) {
    // A server that closes after each answer may do so while the next request is under way. The
    // request goes out once more on a new connection, and counts as a retransmission: a refusal
    // proves nothing then.
    if (error.may_be_unseen && result_.retransmissions == 0) {
      ++result_.retransmissions;
      return send("sent again: the connection was closed");
    }
    // Only an ICMP error may be outrun: by the answer of a server that came up just now, or when a
    // router spoke out of turn.
    const bool may_pass = error.kind == net::NetError::Kind::refused ||
                          error.kind == net::NetError::Kind::unreachable;
    if (!may_pass || transport_.is_reliable()) ended_ = true;
    if (!result_.error) error_ends_ = now() + timers_.t1;
    result_.error = std::move(error);
  }

  void receive(net::Instant deadline) {
    auto received = transport_.receive(deadline);
    if (!received) return fail(std::move(received.error()));
    if (*received) take(std::move(**received));
  }

  void take(net::Received received) {
    Diagnostics ignored;
    const auto message = Message::parse(received.bytes, ignored);
    if (message && !message->is_request() && received.from_target) {
      const auto ties = ties_of(*message);
      if (same(ties.branch, ours_.branch) && ties.method == ours_.method) {
        return answer(message->status(), std::move(received.bytes));
      }
      if (ties.call_id == ours_.call_id && ties.cseq == ours_.cseq && ties.method == ours_.method) {
        result_.wrong_branch = true;
      }
    }
    take_noise(transport_, recorder_, noise_, std::move(received));
  }

  void answer(int status, std::string bytes) {
    if (status < 200) {
      if (result_.provisional.size() == max_provisional) {
        ++noise_.duplicates;
        return recorder_.add_noise(
            recorded(transport_, Direction::in, std::move(bytes), "one provisional too many"));
      }
      result_.provisional.push_back(
          recorder_.add(recorded(transport_, Direction::in, std::move(bytes), "provisional")));
      return;
    }
    result_.rtt = now() - sent_at_;
    result_.response = recorder_.add(recorded(transport_, Direction::in, std::move(bytes), ""));
    result_.error.reset();
    recorder_.mark_answered(ours_.branch);
    ended_ = true;
  }

  net::Transport& transport_;
  Recorder& recorder_;
  Noise& noise_;
  const Timers& timers_;
  std::string_view request_;
  Ties ours_;
  TransactionResult result_;
  net::Instant sent_at_{0};
  net::Instant error_ends_{0};
  bool ended_ = false;
};

// The counter it belongs to, and the word for it.
std::pair<std::uint64_t Noise::*, std::string> kind_of_noise(const Recorder& recorder,
                                                             const net::Received& received) {
  Diagnostics ignored;
  const auto message = Message::parse(received.bytes, ignored);
  if (!message) return {&Noise::unreadable, "not SIP"};
  if (message->is_request()) return {&Noise::requests, "request of the peer"};
  if (!received.from_target) return {&Noise::strays, "from elsewhere"};
  if (recorder.was_answered(ties_of(*message).branch)) return {&Noise::duplicates, "duplicate"};
  return {&Noise::strays, "stray"};
}

}  // namespace

TransactionResult run_transaction(net::Transport& transport, Recorder& recorder, Noise& noise,
                                  const Timers& timers, std::string_view request,
                                  std::string_view branch) {
  return Transaction{transport, recorder, noise, timers, request, branch}.run();
}

void take_noise(net::Transport& transport, Recorder& recorder, Noise& noise,
                net::Received received) {
  auto [counter, note] = kind_of_noise(recorder, received);
  ++(noise.*counter);
  auto message = recorded(transport, Direction::in, std::move(received.bytes), std::move(note));
  if (!received.from_target) message.remote = received.remote;
  recorder.add_noise(std::move(message));
}

}  // namespace sipauth::sip
