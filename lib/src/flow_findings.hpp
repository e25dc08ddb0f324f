// Findings by check, a few of each kept and all counted.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "flow_state.hpp"
#include "sipauth/flow.hpp"

namespace sipauth::flow {

/// One string out of several.
[[nodiscard]] std::string joined(std::initializer_list<std::string_view> parts);
/// `4.2 s`, `3 min 20 s`.
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);
/// ` within 4.2 s`; empty where the messages have no times.
[[nodiscard]] std::string within_text(std::int64_t begin, std::int64_t end);
/// `..f1a2`: the end of a nonce, by which it is told in ladders.
[[nodiscard]] std::string nonce_tail(std::string_view nonce);

class Findings {
 public:
  /// There was an occasion to find something.
  void judged(FlowCheckId check, std::uint64_t occasions = 1) noexcept {
    rows_[check.row()].judged += occasions;
  }

  /// Will another finding of this verdict be kept? Otherwise its sentence need not be made.
  [[nodiscard]] bool wants(FlowCheckId check, FlowVerdict verdict) const noexcept;

  void add(FlowCheckId check, FlowFinding finding);

  template <typename Sentence>
  void report(FlowCheckId check, FlowVerdict verdict, const Flow& flow, std::int64_t time,
              std::uint64_t number, const Sentence& sentence) {
    FlowFinding finding{.verdict = verdict};
    if (wants(check, verdict)) {
      finding = {.verdict = verdict,
                 .text = sentence(),
                 .fault = {},
                 .time = time,
                 .number = number,
                 .call_id = flow.call_id,
                 .aor = flow.aor,
                 .client = flow.client,
                 .server = flow.server};
    }
    add(check, std::move(finding));
  }

  [[nodiscard]] std::vector<FlowRow> rows() const;

 private:
  static constexpr std::size_t most_kept = 8;
  std::array<FlowRow, flow_checks.size()> rows_{};
};

}  // namespace sipauth::flow
