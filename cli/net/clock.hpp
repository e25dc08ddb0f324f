// The time. Nothing else asks for it.
#pragma once

#include <chrono>

namespace sipauth::net {

using Duration = std::chrono::nanoseconds;

/// Counted from the start of the run.
using Instant = Duration;

/// Of the calendar, for people and log files.
using WallTime = std::chrono::system_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
};

/// The system's monotonic clock. All of them tell the same time, counted from the first.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::steady_clock::now() - started();
  }
  [[nodiscard]] WallTime wall() const override { return std::chrono::system_clock::now(); }

 private:
  static std::chrono::steady_clock::time_point started() {
    static const auto first = std::chrono::steady_clock::now();
    return first;
  }
};

/// Stands still until it is moved: what a built-in registrar and the tool share. It begins at a
/// fixed date, so that two runs print the same.
class JumpingClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override {
    return WallTime{std::chrono::duration_cast<WallTime::duration>(epoch + now_)};
  }
  void advance(Duration by) { now_ += by; }
  void jump_to(Instant when) { now_ = when > now_ ? when : now_; }

 private:
  /// 2026-01-01T00:00:00Z
  static constexpr auto epoch = std::chrono::seconds{1'767'225'600};
  Instant now_{0};
};

}  // namespace sipauth::net
