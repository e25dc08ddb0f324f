#include "net/resolution.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace sipauth::net {
namespace {

struct StatusRow {
  DnsStatus status;
  std::string_view text;
};

constexpr auto statuses = std::to_array<StatusRow>({
    {DnsStatus::found, "found"},
    {DnsStatus::no_name, "no such name"},
    {DnsStatus::no_data, "no such record"},
    {DnsStatus::server_failed, "the name server failed"},
    {DnsStatus::unreachable, "the name server cannot be reached"},
    {DnsStatus::timeout, "no answer"},
    {DnsStatus::not_asked, "not asked"},
});

}  // namespace

std::string_view status_text(DnsStatus status) {
  return std::ranges::find(statuses, status, &StatusRow::status)->text;
}

std::string Candidate::text() const {
  const bool v6 = address.find(':') != std::string::npos;
  const auto place = fmt::format("{}{}{}:{} over {}", v6 ? "[" : "", address, v6 ? "]" : "", port,
                                 transport_row(transport).via);
  return name.empty() ? place : fmt::format("{} at {}", name, place);
}

const Candidate* Resolution::find(TransportKind transport, std::string_view address,
                                  std::uint16_t port) const {
  const auto found = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
    return candidate.transport == transport && candidate.address == address &&
           candidate.port == port;
  });
  return found == candidates.end() ? nullptr : &*found;
}

}  // namespace sipauth::net
