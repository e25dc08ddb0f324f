// Sends mutated requests to a registrar on a way of their own, so that a stream they break is not
// the one by which the registrar is looked after.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fuzzing/cases.hpp"
#include "sip/exchange.hpp"
#include "sip/session.hpp"

namespace sipauth::fuzzing {

class CaseSender {
 public:
  CaseSender(sip::Session& session, std::uint64_t seed, std::size_t most_bytes)
      : session_{session}, seed_{seed}, most_bytes_{most_bytes} {}
  ~CaseSender() { close(); }
  CaseSender(const CaseSender&) = delete;
  CaseSender& operator=(const CaseSender&) = delete;

  /// Draws case `number` and sends it once; `challenged` may be null. False: it could not be sent,
  /// or the peer hung up or refused it, so a look at its health is due.
  [[nodiscard]] bool send_new(std::uint64_t number, const sip::Exchange* challenged);
  /// What the last send_new() drew; its text is empty where there was no way to send it.
  [[nodiscard]] const Case& last() const { return last_; }

  /// Once more, with fresh values.
  [[nodiscard]] bool send_again(const Case& one, const sip::Exchange* challenged);

  /// How long an answer is waited for: long enough for a server that is well. The first one over a
  /// new connection may take longer, by as much as opening that did.
  void set_wait(net::Duration wait) { wait_ = wait; }

  /// Status codes of the answers, 0 where none came in time, and how often.
  [[nodiscard]] const std::map<int, std::uint64_t>& answers() const { return answers_; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  net::Transport* way();
  void close();
  [[nodiscard]] net::Duration wait() const { return std::max(wait_, first_wait_); }
  bool send(std::string_view bytes, const std::string& call_id, bool carries_credentials);
  void tell(sip::Direction direction, std::string_view bytes);
  void count(int status, bool carries_credentials);

  sip::Session& session_;
  std::uint64_t seed_;
  std::size_t most_bytes_;
  net::Transport* way_ = nullptr;
  net::Duration wait_ = std::chrono::milliseconds{100};
  net::Duration first_wait_{};  // over a connection that nothing has come back over; else 0
  Case last_;
  std::string call_id_before_;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_again_ = 0;
  std::map<int, std::uint64_t> answers_;
};

}  // namespace sipauth::fuzzing
