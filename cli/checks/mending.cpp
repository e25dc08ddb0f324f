#include "checks/mending.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

bool mentions(std::string_view header, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= header.size(); ++at) {
    if (same(header.substr(at, word.size()), word)) return true;
  }
  return false;
}

/// chan_sip was alone before Asterisk 12 and is gone in 21.
constexpr std::uint64_t first_with_res_pjsip = 12;
constexpr std::uint64_t first_without_chan_sip = 21;

// The first number: 1 of `Asterisk PBX 1.8.32`.
std::optional<std::uint64_t> major_version(std::string_view header) {
  const auto digit = header.find_first_of("0123456789");
  if (digit == std::string_view::npos) return std::nullopt;
  const auto version = header.substr(digit);
  return number(version.substr(0, version.find_first_not_of("0123456789")), 1'000'000);
}

bool is_one_of(std::string_view server, std::span<const std::string_view> servers) {
  return std::ranges::find(servers, server) != servers.end();
}

}  // namespace

std::vector<std::string_view> servers_named_by(std::string_view header) {
  for (const std::string_view name : {"Kamailio", "OpenSIPS", "FreeSWITCH", "Flexisip"}) {
    if (mentions(header, name)) return {name};
  }
  const bool is_freepbx = mentions(header, "FPBX");  // which writes its own version first
  if (!is_freepbx && !mentions(header, "Asterisk")) return {};
  const auto version = is_freepbx ? std::nullopt : major_version(header);
  if (version && *version < first_with_res_pjsip) return {"Asterisk chan_sip"};
  if (version && *version >= first_without_chan_sip) return {"Asterisk res_pjsip"};
  return {"Asterisk res_pjsip", "Asterisk chan_sip"};
}

std::vector<const Mending*> mendings_of(std::string_view check,
                                        std::span<const std::string_view> servers) {
  std::vector<const Mending*> found;
  if (check.empty()) return found;  // as unused places of a row are
  for (const bool wanted : {true, false}) {
    for (const auto& row : mendings()) {
      if (is_one_of(check, row.checks) && is_one_of(row.server, servers) == wanted) {
        found.push_back(&row);
      }
    }
  }
  return found;
}

}  // namespace sipauth::checks
