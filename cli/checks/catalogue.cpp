#include <algorithm>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

/// In which a report tells them; suites may be spread over several files.
std::size_t suite_rank(const Check* check) {
  constexpr std::string_view order = "SA-CH SA-AUTH SA-ENUM SA-NONCE SA-STALE SA-NC SA-TX SA-INFO";
  std::size_t rank = 0;
  for (std::size_t begin = 0; begin < order.size(); ++rank) {
    const auto end = std::min(order.find(' ', begin), order.size());
    if (order.substr(begin, end - begin) == check->suite()) break;
    begin = end + 1;
  }
  return rank;
}

std::vector<const Check*> all_checks() {
  std::vector<const Check*> all;
  for (const auto suite :
       {challenge_suite(),  offer_suite(),       layout_suite(),    authentication_suite(),
        contact_suite(),    password_suite(),    account_suite(),   digest_form_suite(),
        algorithm_suite(),  syntax_suite(),      overlong_suite(),  enumeration_suite(),
        nonce_suite(),      tampering_suite(),   binding_suite(),   nonce_value_suite(),
        lifetime_suite(),   expiry_suite(),      stale_suite(),     count_suite(),
        count_form_suite(), transaction_suite(), rebinding_suite(), transport_suite(),
        rport_suite(),      parity_suite(),      websocket_suite(), information_suite()}) {
    for (const auto& check : suite) all.push_back(&check);
  }
  std::ranges::sort(all, [](const Check* a, const Check* b) {
    return std::pair{suite_rank(a), a->id} < std::pair{suite_rank(b), b->id};
  });
  return all;
}

}  // namespace

std::span<const Check* const> catalogue() {
  static const auto all = all_checks();
  return all;
}

const Check* find(std::string_view id) {
  for (const auto* check : catalogue()) {
    if (same(check->id, id) || same(check->id.substr(3), id)) return check;
  }
  return nullptr;
}

}  // namespace sipauth::checks
