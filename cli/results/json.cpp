#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "net/base64.hpp"
#include "results/capture_json.hpp"
#include "results/counts.hpp"
#include "results/escape.hpp"
#include "results/result.hpp"

// Schema sipauth/1. Within a major number members are only added; their order is that of the text.

namespace sipauth::results {
namespace {

using Json = nlohmann::ordered_json;

// RFC 3339, UTC, milliseconds.
std::string timestamp(net::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), ms);
}

Json time_of(const Row& row) {
  if (row.time_in_log) {
    const auto& text = row.time_in_log->rfc3339;
    return text.empty() ? Json(nullptr) : Json(text);
  }
  return row.wall ? Json(timestamp(*row.wall)) : Json(nullptr);
}

// To a microsecond: more digits would be noise.
double milliseconds(net::Duration time) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  return static_cast<double>(microseconds) / 1000;
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(for_json(text));
}

Json texts(const std::vector<std::string>& list) {
  auto array = Json::array();
  for (const auto& text : list) array.push_back(for_json(text));
  return array;
}

Json fact(const FactValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return for_json(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::get<std::int64_t>(value);
}

Json target_of(const TargetFacts& target) {
  return {{"input", for_json(target.input)},
          {"uri", text_or_null(target.uri)},
          {"understood", text_or_null(target.understood)},
          {"transport", text_or_null(target.transport)},
          {"address", text_or_null(target.address)},
          {"port", target.port == 0 ? Json(nullptr) : Json(target.port)},
          {"server", text_or_null(target.server)}};
}

Json addresses_of(const net::DnsAnswer& answer) {
  auto addresses = Json::array();
  for (const auto& record : answer.addresses) {
    addresses.push_back({{"address", for_json(record.address)}, {"ttl", record.ttl}});
  }
  return {{"status", net::status_text(answer.status)},
          {"cname", text_or_null(answer.canonical_name)},
          {"addresses", std::move(addresses)}};
}

Json naptr_of(const net::Resolution& resolution) {
  auto naptr = Json::array();
  for (const auto& [record, why_not] : resolution.naptr) {
    naptr.push_back({{"order", record.order},
                     {"preference", record.preference},
                     {"flags", for_json(record.flags)},
                     {"service", for_json(record.service)},
                     {"regexp", for_json(record.regexp)},
                     {"replacement", for_json(record.replacement)},
                     {"followed", why_not.empty()},
                     {"why_not", text_or_null(why_not)}});
  }
  return {{"status", net::status_text(resolution.naptr_status)}, {"records", std::move(naptr)}};
}

Json srv_of(const net::SrvSet& set) {
  auto records = Json::array();
  for (const auto& [record, addresses] : set.steps) {
    records.push_back({{"priority", record.priority},
                       {"weight", record.weight},
                       {"port", record.port},
                       {"target", for_json(record.target)},
                       {"host", addresses_of(addresses)}});
  }
  return {{"name", for_json(set.name)},
          {"transport", net::transport_name(set.transport)},
          {"status", net::status_text(set.status)},
          {"records", std::move(records)}};
}

std::string_view outcome_name(net::Candidate::Outcome outcome) {
  switch (outcome) {
    case net::Candidate::Outcome::used:
      return "used";
    case net::Candidate::Outcome::passed_over:
      return "passed-over";
    case net::Candidate::Outcome::not_tried:
      break;
  }
  return "not-tried";
}

Json resolution_of(const net::Resolution& resolution) {
  auto srv = Json::array();
  for (const auto& set : resolution.srv) srv.push_back(srv_of(set));
  auto candidates = Json::array();
  for (const auto& candidate : resolution.candidates) {
    candidates.push_back({{"transport", net::transport_name(candidate.transport)},
                          {"address", for_json(candidate.address)},
                          {"port", candidate.port},
                          {"name", text_or_null(candidate.name)},
                          {"outcome", outcome_name(candidate.outcome)},
                          {"why", text_or_null(candidate.why)}});
  }
  return {{"domain", for_json(resolution.domain)},
          {"name_servers", text_or_null(resolution.name_servers)},
          {"naptr", naptr_of(resolution)},
          {"srv", std::move(srv)},
          {"host", resolution.host ? addresses_of(resolution.host->answer) : Json(nullptr)},
          {"candidates", std::move(candidates)},
          {"problems", texts(resolution.problems)},
          {"notes", texts(resolution.notes)}};
}

Json mending_of(const std::vector<Mending>& list) {
  auto mending = Json::array();
  for (const auto& [server, advice, source, likely] : list) {
    mending.push_back({{"server", for_json(server)},
                       {"advice", for_json(advice)},
                       {"source", for_json(source)},
                       {"likely", likely}});
  }
  return mending;
}

Json client_impact_of(const std::vector<ClientImpact>& list) {
  auto impacts = Json::array();
  for (const auto& [client, consequence, severity, source] : list) {
    impacts.push_back({{"client", for_json(client)},
                       {"consequence", for_json(consequence)},
                       {"severity", for_json(severity)},
                       {"source", for_json(source)}});
  }
  return impacts;
}

Json row_of(const Row& row) {
  Json observed = Json::object();
  for (const auto& [name, value] : row.observed) observed[for_json(name)] = fact(value);
  Json json{{"id", for_json(row.id)},
            {"title", for_json(row.title)},
            {"verdict", verdict_name(row.verdict)},
            {"summary", for_json(row.summary)},
            {"expected", for_json(row.expected)},
            {"harm", for_json(row.harm)},
            {"references", texts(row.references)},
            {"observed", std::move(observed)},
            {"messages", row.messages},
            {"call_id", text_or_null(row.call_id)},
            {"time", time_of(row)},
            {"mending", mending_of(row.mending)}};
  for (const auto& [policy, verdict] : row.by_policy) {
    json["verdicts"][policy] = verdict_name(verdict);
  }
  if (row.known) json["known"] = true;
  if (row.expected_to_fail) json["expected_to_fail"] = true;
  return json;
}

Json caps_of(const Grade& grade) {
  auto caps = Json::array();
  for (const auto& cap : grade.caps) {
    caps.push_back({{"rule", cap.rule},
                    {"grade", cap.grade},
                    {"text", for_json(cap.reason)},
                    {"ids", cap.ids}});
  }
  return caps;
}

Json baseline_of(const Baseline& baseline) {
  return {{"file", for_json(baseline.file)},
          {"started", text_or_null(baseline.started)},
          {"new", texts(baseline.news)},
          {"known", texts(baseline.known)},
          {"gone", texts(baseline.gone)}};
}

Json tls_of(const net::TlsFacts& tls) {
  return {{"version", for_json(tls.version)},
          {"cipher", for_json(tls.cipher)},
          {"subject", for_json(tls.subject)},
          {"issuer", for_json(tls.issuer)},
          {"not_after", for_json(tls.not_after)},
          {"names", for_json(tls.names)},
          {"verified", tls.verified},
          {"verify_error", text_or_null(tls.verify_error)},
          {"by_wildcard", tls.by_wildcard}};
}

Json diagnostics_of(const std::vector<ShownChallenge::Lint>& list) {
  auto diagnostics = Json::array();
  for (const auto& lint : list) {
    diagnostics.push_back({{"rule", lint.rule},
                           {"severity", lint.severity},
                           {"offset", lint.offset},
                           {"length", lint.length},
                           {"text", for_json(lint.text)},
                           {"reference", lint.reference}});
  }
  return diagnostics;
}

Json challenge_of(const ShownChallenge& challenge, bool show_secrets) {
  auto parameters = Json::array();
  for (const auto& [name, value] : challenge.parameters) {
    const bool hidden = is_secret_parameter(name) && !show_secrets;
    parameters.push_back(
        {{"name", for_json(name)}, {"value", hidden ? std::string{"***"} : for_json(value)}});
  }
  return {{"header", challenge.header},
          {"scheme", for_json(challenge.scheme)},
          {"parameters", std::move(parameters)},
          {"diagnostics", diagnostics_of(challenge.lint)}};
}

Json probe_of(const Probe& probe, bool show_secrets) {
  auto challenges = Json::array();
  for (const auto& challenge : probe.challenges) {
    challenges.push_back(challenge_of(challenge, show_secrets));
  }
  Json json{{"rtt_ms", probe.rtt_ms},
            {"status", probe.status},
            {"reason", for_json(probe.reason)},
            {"tls", probe.tls ? tls_of(*probe.tls) : Json(nullptr)},
            {"challenges", std::move(challenges)},
            {"diagnostics", diagnostics_of(probe.lint)},
            {"credentials", nullptr},
            {"options", nullptr}};
  if (!probe.credentials_text.empty()) {
    json["credentials"] = {
        {"status", probe.credentials_status ? Json(*probe.credentials_status) : Json(nullptr)},
        {"text", for_json(probe.credentials_text)}};
  }
  if (probe.options_status) {
    json["options"] = {{"status", *probe.options_status},
                       {"allow", text_or_null(probe.options_allow)}};
  }
  return json;
}

Json message_of(const sip::RecordedMessage& message, bool show_secrets) {
  Json json{{"index", message.index},
            {"at_ms", milliseconds(message.at)},
            {"time", timestamp(message.wall)},
            {"direction", message.direction == sip::Direction::out ? "out" : "in"},
            {"transport", message.transport},
            {"local", for_json(message.local)},
            {"remote", for_json(message.remote)}};
  if (!message.note.empty()) json["note"] = for_json(message.note);
  auto [text, redacted] = redact(message.bytes);
  if (show_secrets) {
    text = message.bytes;
    redacted = false;
  }
  json["text"] = for_json(text);
  if (redacted) {
    json["redacted"] = true;
  } else {
    json["base64"] = net::base64(message.bytes);
  }
  return json;
}

Json messages_of(const sip::Recorder* recorder, bool show_secrets) {
  auto array = Json::array();
  if (recorder == nullptr) return array;
  for (const auto& message : recorder->all()) array.push_back(message_of(message, show_secrets));
  return array;
}

Json summary_of(const Result& result) {
  const auto counts = counts_of(result);
  Json json;
  for (const auto verdict : {Verdict::pass, Verdict::info, Verdict::warn, Verdict::fail,
                             Verdict::skip, Verdict::inconclusive}) {
    json[std::string{verdict_name(verdict)}] = counts.of(verdict);
  }
  json["grade"] = result.grade ? result.grade->letter : std::string{counts.grade()};
  if (result.grade) json["caps"] = caps_of(*result.grade);
  json["requests"] = result.requests;
  json["refused"] = result.refused;
  return json;
}

}  // namespace

std::string render_json(const Result& result) {
  Json json{{"schema", "sipauth/1"},
            {"tool", {{"name", "sipauth"}, {"version", SIPAUTH_VERSION}}},
            {"command", for_json(result.command)},
            {"started", timestamp(result.started)},
            {"elapsed_ms", milliseconds(result.elapsed)},
            {"target", target_of(result.target)}};
  if (result.resolution && result.resolution->has_lookups()) {
    json["resolution"] = resolution_of(*result.resolution);
  }
  if (result.seed) json["seed"] = *result.seed;
  json["insecure"] = result.insecure;
  if (!result.policy.empty()) json["policy"] = result.policy;
  json["headlines"] = texts(result.headlines);
  auto rows = Json::array();
  for (const auto& row : result.rows) rows.push_back(row_of(row));
  json["results"] = std::move(rows);
  if (result.probe) json["probe"] = probe_of(*result.probe, result.show_secrets);
  if (result.capture) json["capture"] = Json::parse(capture_json(*result.capture));
  if (result.baseline) json["baseline"] = baseline_of(*result.baseline);
  json["client_impact"] = client_impact_of(result.client_impact);
  json["notes"] = texts(result.notes);
  json["messages"] = messages_of(result.recorder, result.show_secrets);
  json["summary"] = summary_of(result);
  if (result.error) {
    json["error"] = {{"kind", result.error->kind}, {"text", for_json(result.error->text)}};
  }
  json["exit_code"] = result.exit_code;
  // Every text went through for_json; if one did not, a wrong byte is shown, and nothing is thrown.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace sipauth::results
