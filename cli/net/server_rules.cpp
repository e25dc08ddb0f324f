// Which NAPTR records are followed, and in which order SRV records are tried.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

#include "net/find_server.hpp"
#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

struct ServiceRow {
  std::string_view service;
  TransportKind transport;
};

constexpr auto services = std::to_array<ServiceRow>({
    {"SIP+D2U", TransportKind::udp},
    {"SIP+D2T", TransportKind::tcp},
    {"SIPS+D2T", TransportKind::tls},
});

bool is_about_sip(std::string_view service) {
  return same(service.substr(0, 4), "SIP+") || same(service.substr(0, 5), "SIPS+");
}

std::string why_not(const NaptrRecord& record, bool secure,
                    const std::function<bool()>& speaks_tls) {
  if (!is_about_sip(record.service)) return "it is not about SIP";
  const auto transport = transport_of_service(record.service);
  if (!transport) return "this transport is not looked up by name here";
  if (!same(record.flags, "s")) return "only the flag s leads to SRV records";
  if (!record.regexp.empty() || record.replacement == ".") {
    return "it has to name SRV records in its replacement, without a regular expression";
  }
  if (secure && *transport != TransportKind::tls) return "sips: goes over TLS only";
  if (!secure && *transport == TransportKind::tls && !speaks_tls()) {
    return "TLS is not in this build";
  }
  return {};
}

// One priority: weight 0 first, then a lot for each place. At most max_records of them.
void draw_all(std::vector<SrvRecord> records, const Draw& draw, std::vector<SrvRecord>& into) {
  auto left = std::accumulate(
      records.begin(), records.end(), std::uint32_t{0},
      [](std::uint32_t sum, const SrvRecord& record) { return sum + record.weight; });
  while (!records.empty()) {
    const auto lot = draw(left);
    std::uint32_t sum = 0;
    auto chosen = std::ranges::find_if(records, [&](const SrvRecord& record) {
      sum += record.weight;
      return sum >= lot;
    });
    if (chosen == records.end()) chosen = std::prev(records.end());
    left -= chosen->weight;
    into.push_back(std::move(*chosen));
    records.erase(chosen);
  }
}

}  // namespace

std::optional<TransportKind> transport_of_service(std::string_view service) {
  const auto row = std::ranges::find_if(
      services, [&](const ServiceRow& known) { return same(known.service, service); });
  if (row == services.end()) return std::nullopt;
  return row->transport;
}

std::vector<NaptrStep> judge_naptr(std::vector<NaptrRecord> records, bool secure,
                                   const std::function<bool()>& speaks_tls) {
  const auto key = [](const NaptrRecord& r) {
    return std::tie(r.order, r.preference, r.service, r.replacement);
  };
  std::ranges::sort(records,
                    [&](const auto& one, const auto& other) { return key(one) < key(other); });
  std::vector<NaptrStep> steps;
  std::optional<std::uint16_t> order;
  for (auto& record : records) {
    auto reason = why_not(record, secure, speaks_tls);
    if (reason.empty() && record.order != order.value_or(record.order)) {
      reason = fmt::format("order {} comes before it", *order);
    }
    if (reason.empty()) order = record.order;
    steps.push_back({std::move(record), std::move(reason)});
  }
  return steps;
}

std::vector<SrvRecord> in_order(std::vector<SrvRecord> records, const Draw& draw) {
  if (records.size() > max_records) records.resize(max_records);
  const auto key = [](const SrvRecord& r) {
    return std::tie(r.priority, r.weight, r.target, r.port);
  };
  std::ranges::sort(records,
                    [&](const auto& one, const auto& other) { return key(one) < key(other); });
  std::vector<SrvRecord> ordered;
  auto begin = records.begin();
  while (begin != records.end()) {
    const auto end = std::find_if(begin, records.end(), [&](const SrvRecord& record) {
      return record.priority != begin->priority;
    });
    draw_all({begin, end}, draw, ordered);
    begin = end;
  }
  return ordered;
}

}  // namespace sipauth::net
