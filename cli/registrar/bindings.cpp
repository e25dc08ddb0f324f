#include "registrar/bindings.hpp"

#include <algorithm>

#include "sipauth/address.hpp"
#include "sipauth/text.hpp"

namespace sipauth::registrar {
namespace {

using std::chrono::seconds;

// What cannot be read counts as the default (RFC 3261 10.2.1.1).
seconds expiry_of(std::string_view text) {
  const auto read = number(text, static_cast<std::uint32_t>(Bindings::longest_expiry.count()));
  if (read) return seconds{*read};
  const bool digits = !text.empty() && std::ranges::all_of(text, is_digit);
  return digits ? Bindings::longest_expiry : Bindings::default_expiry;
}

bool is_wildcard(std::string_view contact) { return contact == "*"; }

}  // namespace

std::expected<std::vector<Bindings::Change>, std::string_view> Bindings::read_changes(
    const Request& request) {
  const auto& message = *request.message;
  const auto* const expires = message.find(HeaderId::expires);
  const auto for_all = expires != nullptr ? expiry_of(expires->value) : default_expiry;
  std::vector<Change> changes;
  for (const auto& header : message.headers()) {
    if (header.id != HeaderId::contact) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      Diagnostics diagnostics;
      const auto contact = NameAddr::parse(rest, diagnostics);
      if (!contact) return std::unexpected{"Bad Contact"};
      if (changes.size() == max_contacts) return std::unexpected{"Too Many Contacts"};
      if (contact->uri.text.size() > max_contact_bytes) {
        return std::unexpected{"Contact Too Long"};
      }
      const auto own = contact->parameter("expires");
      changes.push_back({.contact = contact->is_wildcard
                                        ? std::string{"*"}
                                        : '<' + std::string{contact->uri.text} + '>',
                         .expiry = own ? expiry_of(*own) : for_all});
      rest = contact->rest;
    }
  }
  const auto wildcards = std::ranges::count_if(
      changes, [](const Change& change) { return is_wildcard(change.contact); });
  const bool alone = changes.size() == 1 && expires != nullptr && for_all == seconds{0};
  if (wildcards != 0 && !alone) return std::unexpected{"Invalid Use Of Contact *"};
  return changes;
}

void Bindings::apply(List& list, const Change& change, const Request& request, net::Instant now) {
  if (is_wildcard(change.contact)) {
    list.clear();
    return;
  }
  std::erase_if(list, [&](const Binding& binding) { return binding.contact == change.contact; });
  if (change.expiry == seconds{0}) return;
  if (list.size() == max_contacts) list.erase(list.begin());
  list.push_back({.contact = change.contact,
                  .ends = now + change.expiry,
                  .call_id = std::string{request.call_id},
                  .cseq = request.cseq});
}

std::expected<std::vector<WrittenHeader>, std::string_view> Bindings::update(
    const Request& request, net::Instant now, SequenceRules::OldCSeq old_cseq) {
  const auto changes = read_changes(request);
  if (!changes) return std::unexpected{changes.error()};
  auto* known = users_.find(request.to_user);
  if (known == nullptr && changes->empty()) return std::vector<WrittenHeader>{};

  auto& list = known != nullptr ? *known : users_[request.to_user];
  std::erase_if(list, [&](const Binding& binding) { return binding.ends <= now; });
  // Step 7: of one Call-ID only a higher CSeq may change anything.
  const bool outdated = std::ranges::any_of(list, [&](const Binding& binding) {
    return binding.call_id == request.call_id && request.cseq <= binding.cseq;
  });
  using enum SequenceRules::OldCSeq;
  if (!changes->empty() && outdated && old_cseq == refused) {
    return std::unexpected{"CSeq Not Increased"};
  }
  if (!outdated || old_cseq == applied) {
    for (const auto& change : *changes) apply(list, change, request, now);
  }

  std::vector<WrittenHeader> rows;
  for (const auto& binding : list) {
    const auto left = std::chrono::ceil<seconds>(binding.ends - now);
    rows.push_back({"Contact", binding.contact + ";expires=" + std::to_string(left.count())});
  }
  return rows;
}

}  // namespace sipauth::registrar
