// Every message of a run with its time and exact bytes, whatever became of it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "net/clock.hpp"

namespace sipauth::sip {

enum class Direction : std::uint8_t { out, in };

struct RecordedMessage {
  std::uint32_t index = 0;
  net::Instant at{0};
  net::WallTime wall{};
  Direction direction = Direction::out;
  std::string transport = {};  ///< `udp`
  std::string local = {};
  std::string remote = {};
  std::string bytes = {};
  std::string note = {};  ///< empty, or why it was not the answer: `retransmission`, `stray`, ...
};

class Recorder {
 public:
  /// Returns the index. References to messages stay valid as long as the Recorder.
  std::uint32_t add(RecordedMessage message) {
    message.index = forgotten_ + static_cast<std::uint32_t>(messages_.size());
    messages_.push_back(std::move(message));
    if (on_message) on_message(messages_.back());
    return messages_.back().index;
  }

  /// What answers nothing is kept up to these bounds, so that a flood costs no more memory; beyond
  /// them it is counted and not recorded.
  static constexpr std::size_t max_noise_messages = 20'000;
  static constexpr std::size_t max_noise_bytes = 16U << 20;

  void add_noise(RecordedMessage message) {
    if (noise_messages_ >= max_noise_messages ||
        noise_bytes_ + message.bytes.size() > max_noise_bytes) {
      return;
    }
    ++noise_messages_;
    noise_bytes_ += message.bytes.size();
    add(std::move(message));
  }

  /// Branches of requests that had their final answer: another answer to one is a duplicate.
  void mark_answered(std::string_view branch) { answered_.emplace(branch); }
  [[nodiscard]] bool was_answered(std::string_view branch) const {
    return answered_.contains(std::string{branch});
  }

  [[nodiscard]] const RecordedMessage& at(std::uint32_t index) const {
    return messages_.at(index - forgotten_);
  }
  [[nodiscard]] RecordedMessage& at(std::uint32_t index) {
    return messages_.at(index - forgotten_);
  }
  [[nodiscard]] const std::deque<RecordedMessage>& all() const { return messages_; }

  /// Lets all messages go; the indices go on. For runs that send without an end.
  void forget() {
    forgotten_ += static_cast<std::uint32_t>(messages_.size());
    messages_.clear();
    answered_.clear();
    noise_messages_ = 0;
    noise_bytes_ = 0;
  }

  /// The wire trace of -vv; called for every message as it passes.
  std::function<void(const RecordedMessage&)> on_message;

 private:
  std::deque<RecordedMessage> messages_;
  std::uint32_t forgotten_ = 0;
  std::unordered_set<std::string> answered_;
  std::size_t noise_messages_ = 0;
  std::size_t noise_bytes_ = 0;
};

}  // namespace sipauth::sip
