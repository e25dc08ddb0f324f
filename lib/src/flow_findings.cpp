#include "flow_findings.hpp"

#include <algorithm>
#include <utility>

namespace sipauth::flow {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text.append(part);
  return text;
}

std::string duration_text(std::int64_t nanoseconds) {
  const auto tenths = nanoseconds / (second / 10);
  if (tenths < 1) return std::to_string(nanoseconds / 1'000'000) + " ms";
  if (tenths < 1200) return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
  const auto seconds = tenths / 10;
  return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
}

std::string within_text(std::int64_t begin, std::int64_t end) {
  return begin == 0 && end == 0 ? std::string{} : " within " + duration_text(end - begin);
}

std::string nonce_tail(std::string_view nonce) {
  constexpr std::size_t shown = 6;
  if (nonce.size() <= shown) return std::string{nonce};
  return joined({"..", nonce.substr(nonce.size() - shown)});
}

bool Findings::wants(FlowCheckId check, FlowVerdict verdict) const noexcept {
  const auto& findings = rows_[check.row()].findings;
  return findings.size() < most_kept || verdict < findings.back().verdict;
}

void Findings::add(FlowCheckId check, FlowFinding finding) {
  auto& row = rows_[check.row()];
  ++row.found;
  if (!wants(check, finding.verdict)) return;
  if (finding.fault.empty()) finding.fault = std::string{flow_checks[check.row()].fault};
  if (row.findings.size() == most_kept) row.findings.pop_back();
  const auto place =
      std::ranges::upper_bound(row.findings, finding.verdict, {}, &FlowFinding::verdict);
  row.findings.insert(place, std::move(finding));
}

std::vector<FlowRow> Findings::rows() const {
  std::vector<FlowRow> rows{rows_.begin(), rows_.end()};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.check = &flow_checks[i];
    if (!row.findings.empty()) {
      row.verdict = row.findings.front().verdict;
    } else if (row.judged > 0) {
      row.verdict = FlowVerdict::pass;
    }
  }
  return rows;
}

}  // namespace sipauth::flow
