#include "fuzz/challenge_list_target.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/lint.hpp"

namespace sipauth::fuzz {
namespace {

std::string answer_of(std::string_view rows) {
  std::string text{"SIP/2.0 401 Unauthorized\r\n"};
  for (std::size_t at = 0; at <= rows.size();) {
    const auto end = std::min(rows.find('\n', at), rows.size());
    auto row = rows.substr(at, end - at);
    if (row.ends_with('\r')) row.remove_suffix(1);
    text.append("WWW-Authenticate: ").append(row).append("\r\n");
    at = end + 1;
  }
  return text.append("\r\n");
}

struct Seen {
  std::string_view row;
  Challenge challenge;
};

// Row by row and offset by offset, without the library's own loop.
std::vector<Seen> one_by_one(const Message& message) {
  std::vector<Seen> seen;
  for (const auto& header : message.headers()) {
    std::optional<std::size_t> offset = 0;
    while (offset && seen.size() < limits::challenges) {
      Diagnostics diagnostics;
      const auto read =
          without_allocating([&] { return Challenge::parse(header.value, *offset, diagnostics); });
      require_within(diagnostics, header.value);
      if (!read) break;
      seen.push_back({header.value, *read});
      require(read->next_challenge().value_or(header.value.size()) > *offset,
              "the next challenge lies ahead");
      offset = read->next_challenge();
    }
  }
  return seen;
}

bool same_list(const AuthParams& a, const AuthParams& b) {
  return std::ranges::equal(
      a.parameters(), b.parameters(), [](const Parameter& one, const Parameter& other) {
        return one.name == other.name && one.value == other.value && one.quoted == other.quoted;
      });
}

// Cut out of its row, a challenge is the same one. Where quotes are open or single, what follows
// helps to tell where a value ends.
void require_same_alone(const Seen& seen) {
  const auto& list = seen.challenge.parameters();
  if (list.empty()) return;
  const auto begin = span_of(seen.challenge.scheme(), seen.row).offset;
  const auto end = list.back().where.offset + list.back().where.length;
  const ExactCopy alone{seen.row.substr(begin, end - begin)};
  Diagnostics diagnostics;
  const auto read = Challenge::parse(alone.view(), diagnostics);
  require(read.has_value() && read->scheme() == seen.challenge.scheme(),
          "a challenge can be read alone");
  if (diagnostics.has("SL-open-string") || alone.view().contains('\'')) return;
  require(!read->next_challenge() && same_list(*read, seen.challenge),
          "a challenge is the same without its neighbours");
}

void require_rules_of_sets(const std::vector<Seen>& seen, const Diagnostics& diagnostics) {
  std::vector<std::string_view> realms;
  for (const auto& [row, challenge] : seen) {
    if (challenge.is_digest()) realms.push_back(challenge.realm().value_or(""));
  }
  const bool several =
      std::ranges::adjacent_find(realms, std::ranges::not_equal_to{}) != realms.end();
  require(diagnostics.has("SL-several-realms") == several, "several realms are told");
  if (realms.size() < 2) {
    require(!diagnostics.has("SL-same-challenge-twice") && !diagnostics.has("SL-md5-first") &&
                !diagnostics.has("SL-sha-first"),
            "one challenge is not compared with itself");
  }
}

}  // namespace

void challenge_list(std::string_view input) {
  const ExactCopy text{answer_of(input)};
  Diagnostics unused;
  const auto message = Message::parse(text.view(), unused);
  if (!message) {
    require_within(message.error(), text.view());
    return;
  }
  const auto seen = one_by_one(*message);
  std::size_t visited = 0;
  for_each_challenge(*message, [&](const Header& header, const Challenge& challenge,
                                   const Diagnostics& diagnostics) {
    require_within(diagnostics, header.value);
    require(visited < seen.size() && header.value.data() == seen[visited].row.data() &&
                challenge.scheme().data() == seen[visited].challenge.scheme().data() &&
                same_list(challenge, seen[visited].challenge),
            "challenges are visited in their order");
    ++visited;
  });
  require(visited == seen.size(), "each challenge is visited");

  Diagnostics of_set;
  lint_challenges(*message, of_set);
  require_within(of_set, text.view());
  require_rules_of_sets(seen, of_set);
  if (!is_due_for_costly_claims(input)) return;
  std::ranges::for_each(seen, require_same_alone);
}

}  // namespace sipauth::fuzz
