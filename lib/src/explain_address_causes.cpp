// The uri taken from a header that it has nothing to do with.
#include <array>

#include "explain_change.hpp"
#include "sipauth/address.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

using Header = std::string_view ExplainContext::*;

template <Header Of>
void uri_of_header(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto uri = uri_of(context.*Of);
  if (!uri.empty()) with(candidate, &DigestInput::uri, uri, sink);
}

// `"Alice" <sip:alice@example.com>`, without and with the parameters of the header.
template <Header Of>
void whole_header(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto value = trim(context.*Of);
  Diagnostics ignored;
  const auto address = NameAddr::parse(value, ignored);
  if (!address || address->is_wildcard) return;
  const auto bracket = value.find('>');
  if (bracket != std::string_view::npos) {
    const auto name_addr = value.substr(0, bracket + 1);
    with(candidate, &DigestInput::uri, name_addr, sink);
    if (const auto brackets = name_addr.rfind('<');
        brackets != 0 && brackets != std::string_view::npos) {
      with(candidate, &DigestInput::uri, name_addr.substr(brackets), sink);
    }
    if (bracket + 1 == value.size()) return;
  }
  with(candidate, &DigestInput::uri, value, sink);
}

constexpr std::string_view address_is_no_uri =
    "The phone hashes an address where the uri of the header is due, which for a registration is "
    "that of the registrar.";

constexpr auto table = std::to_array<Cause>({
    {"uri-of-to", "uri", "The digest was made for {}, the URI of To, not for {given}.",
     address_is_no_uri, Rank::usual, Composes::yes, uri_of_header<&ExplainContext::to>},
    {"uri-of-from", "uri", "The digest was made for {}, the URI of From, not for {given}.",
     address_is_no_uri, Rank::usual, Composes::yes, uri_of_header<&ExplainContext::from>},
    {"uri-of-contact", "uri", "The digest was made for {}, the URI of Contact, not for {given}.",
     address_is_no_uri, Rank::usual, Composes::yes, uri_of_header<&ExplainContext::contact>},
    {"uri-is-to", "uri", "The digest was made for {}, which is To with its display name.",
     address_is_no_uri, Rank::seen, Composes::no, whole_header<&ExplainContext::to>},
    {"uri-is-from", "uri", "The digest was made for {}, which is From with its display name.",
     address_is_no_uri, Rank::seen, Composes::no, whole_header<&ExplainContext::from>},
    {"uri-is-contact", "uri", "The digest was made for {}, which is Contact with its display name.",
     address_is_no_uri, Rank::seen, Composes::no, whole_header<&ExplainContext::contact>},
});

}  // namespace

std::span<const Cause> address_causes() noexcept { return table; }

}  // namespace sipauth::explain
