#include "results/capture_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "results/escape.hpp"

namespace sipauth::results {
namespace {

using Json = nlohmann::ordered_json;

// null where the capture knows no time of the calendar.
Json time_or_null(const Capture& capture, std::int64_t time) {
  auto text = rfc3339_text(time, capture.clock);
  return text.empty() ? Json(nullptr) : Json(std::move(text));
}

double milliseconds(std::int64_t nanoseconds) {
  const auto microseconds = nanoseconds / 1000;
  return static_cast<double>(microseconds) / 1000;
}

// null where it knows no time at all.
Json duration_or_null(const Capture& capture, std::int64_t nanoseconds) {
  return capture.clock.known == TimesKnown::nothing ? Json(nullptr)
                                                    : Json(milliseconds(nanoseconds));
}

Json steps_of(const Capture& capture, const FlowAttempt& attempt) {
  auto steps = Json::array();
  for (const auto& step : attempt.steps) {
    steps.push_back({{"at_ms", duration_or_null(capture, step.time - attempt.begin)},
                     {"packet", step.number},
                     {"from", step.from_client ? "phone" : "server"},
                     {"status", step.status == 0 ? Json(nullptr) : Json(step.status)},
                     {"text", for_json(step.text)}});
  }
  return steps;
}

Json attempt_of(const Capture& capture, const FlowAttempt& attempt) {
  return {{"index", attempt.index},
          {"time", time_or_null(capture, attempt.begin)},
          {"duration_ms", duration_or_null(capture, attempt.end - attempt.begin)},
          {"method", for_json(attempt.method)},
          {"aor", for_json(attempt.aor)},
          {"username", attempt.username.empty() ? Json(nullptr) : Json(for_json(attempt.username))},
          {"phone", for_json(attempt.client)},
          {"server", for_json(attempt.server)},
          {"transport", for_json(attempt.transport)},
          {"call_id", for_json(attempt.call_id)},
          {"user_agent", for_json(attempt.user_agent)},
          {"outcome", outcome_name(attempt.outcome)},
          {"status", attempt.status == 0 ? Json(nullptr) : Json(attempt.status)},
          {"requests", attempt.requests},
          {"retransmissions", attempt.retransmissions},
          {"challenges", attempt.challenges},
          {"stale", attempt.stale},
          {"digests_right", attempt.digests_right},
          {"digests_wrong", attempt.digests_wrong},
          {"digest_explanation",
           attempt.digest_text.empty() ? Json(nullptr) : Json(for_json(attempt.digest_text))},
          {"steps", steps_of(capture, attempt)},
          {"steps_left_out", attempt.steps_left_out}};
}

}  // namespace

std::string capture_json(const Capture& capture) {
  Json counts = Json::object();
  for (const auto& [name, count] : capture.counts) {
    auto member = name;
    std::ranges::replace(member, ' ', '_');
    counts[member] = count;
  }
  auto attempts = Json::array();
  for (const auto& attempt : capture.attempts) attempts.push_back(attempt_of(capture, attempt));
  auto findings = Json::array();
  for (const auto& [id, finding] : capture.findings) {
    findings.push_back(
        {{"id", id},
         {"verdict", finding.verdict == FlowVerdict::fail   ? "fail"
                     : finding.verdict == FlowVerdict::warn ? "warn"
                                                            : "info"},
         {"fault", finding.fault},
         {"text", for_json(finding.text)},
         {"time", finding.number == 0 ? Json(nullptr) : time_or_null(capture, finding.time)},
         {"packet", finding.number == 0 ? Json(nullptr) : Json(finding.number)},
         {"call_id", for_json(finding.call_id)},
         {"aor", for_json(finding.aor)},
         {"phone", for_json(finding.client)},
         {"server", for_json(finding.server)}});
  }
  const Json json{{"file", for_json(capture.file)},
                  {"first", time_or_null(capture, capture.first)},
                  {"last", time_or_null(capture, capture.last)},
                  {"counts", std::move(counts)},
                  {"attempts_seen", capture.attempts_seen},
                  {"attempts", std::move(attempts)},
                  {"findings", std::move(findings)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sipauth::results
