#include "results/advice_text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace sipauth::results {
namespace {

struct Heading {
  std::string_view severity;
  std::string_view text;
};

constexpr auto headings = std::to_array<Heading>({
    {"cannot-register", "Clients that cannot register here"},
    {"loses-registration", "Clients that may lose their registration here"},
    {"prompts-user", "Clients that ask their user for a password again here"},
});

std::string sourced(const TextPage& page, const std::string& text, const std::string& source) {
  return page.verbosity() > 0 ? text + " (" + source + ")" : text;
}

}  // namespace

void add_client_impact(TextPage& page, const std::vector<ClientImpact>& impacts) {
  for (const auto& [severity, heading] : headings) {
    if (std::ranges::find(impacts, severity, &ClientImpact::severity) == impacts.end()) continue;
    page.blank();
    page.paragraph("1", heading);
    for (const auto& impact : impacts) {
      if (impact.severity != severity) continue;
      const auto head = "  " + impact.client + ": ";
      page.hanging(head, head.size(), 4, sourced(page, impact.consequence, impact.source));
    }
    page.blank();
  }
}

void add_mending(TextPage& page, const Row& row) {
  if (row.mending.empty()) return;
  const bool all = page.verbosity() > 0;
  for (const auto& mending : row.mending) {
    if (!all && !mending.likely) continue;
    page.labelled("  Mend", sourced(page, mending.server + ": " + mending.advice, mending.source));
  }
  if (!all && !row.mending.front().likely) page.labelled("  Mend", "sipauth explain " + row.id);
}

}  // namespace sipauth::results
