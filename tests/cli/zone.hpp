// Records that stand in a test, asked as a name server would be.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "net/find_server.hpp"

namespace sipauth::net {

/// A zone: what stands at each name. A name with anything at it exists.
struct Zone {
  std::map<std::string, std::vector<NaptrRecord>> naptr = {};
  std::map<std::string, std::vector<SrvRecord>> srv = {};
  std::map<std::string, std::vector<AddressRecord>> addresses = {};
  std::map<std::string, std::string> aliases = {};
  std::map<std::string, DnsStatus> failing = {};

  [[nodiscard]] bool exists(const std::string& name) const {
    return naptr.contains(name) || srv.contains(name) || addresses.contains(name);
  }

  [[nodiscard]] DnsAnswer answer(const DnsQuestion& question) const {
    const auto& name = question.name;
    if (const auto fails = failing.find(name); fails != failing.end()) return {fails->second};
    DnsAnswer answer{.status = exists(name) ? DnsStatus::no_data : DnsStatus::no_name};
    if (question.type == DnsType::naptr && naptr.contains(name)) answer.naptr = naptr.at(name);
    if (question.type == DnsType::srv && srv.contains(name)) answer.srv = srv.at(name);
    if (question.type == DnsType::address && addresses.contains(name)) {
      answer.addresses = addresses.at(name);
      if (aliases.contains(name)) answer.canonical_name = aliases.at(name);
    }
    if (!answer.naptr.empty() || !answer.srv.empty() || !answer.addresses.empty()) {
      answer.status = DnsStatus::found;
    }
    return answer;
  }
};

struct Search {
  Resolution found;
  std::vector<std::string> asked;  ///< `SRV _sip._udp.a`
};

inline std::string text_of(const DnsQuestion& question) {
  constexpr std::array names{"NAPTR ", "SRV ", "A "};
  return names.at(static_cast<std::size_t>(question.type)) + question.name;
}

inline Search search(const Zone& zone, const Wanted& wanted, bool speaks_tls = true) {
  Search result;
  result.found = find_server(wanted, {.fetch =
                                          [&](const std::vector<DnsQuestion>& questions) {
                                            std::vector<DnsAnswer> answers;
                                            for (const auto& question : questions) {
                                              result.asked.push_back(text_of(question));
                                              answers.push_back(zone.answer(question));
                                            }
                                            return answers;
                                          },
                                      .draw = [](std::uint32_t) { return 0U; },
                                      .speaks_tls = [=] { return speaks_tls; }});
  return result;
}

}  // namespace sipauth::net
