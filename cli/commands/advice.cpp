#include "commands/advice.hpp"

#include <algorithm>
#include <string>

#include "checks/mending.hpp"

namespace sipauth::commands {

std::vector<results::ClientImpact> shown(const std::vector<checks::ClientImpact>& impacts) {
  std::vector<results::ClientImpact> shown;
  shown.reserve(impacts.size());
  for (const auto& [client, consequence, impact, source] : impacts) {
    shown.push_back({.client = std::string{client},
                     .consequence = std::string{consequence},
                     .severity = std::string{checks::impact_name(impact)},
                     .source = std::string{source}});
  }
  return shown;
}

std::vector<results::Mending> mending_of(std::string_view check, std::string_view server_header) {
  std::vector<results::Mending> list;
  const auto servers = checks::servers_named_by(server_header);
  for (const auto* row : checks::mendings_of(check, servers)) {
    list.push_back({.server = std::string{row->server},
                    .advice = std::string{row->advice},
                    .source = std::string{row->source},
                    .likely = std::ranges::find(servers, row->server) != servers.end()});
  }
  return list;
}

void add_mending(results::Result& result) {
  for (auto& row : result.rows) {
    if (row.verdict != Verdict::fail && row.verdict != Verdict::warn) continue;
    row.mending = mending_of(row.id, result.target.server);
  }
}

}  // namespace sipauth::commands
