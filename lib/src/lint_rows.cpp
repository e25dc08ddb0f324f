#include "lint_rows.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>

#include "lint_values.hpp"
#include "sipauth/address.hpp"
#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth {
namespace {

// What is said about a value that its parser refuses.
struct Refusal {
  ParseError::Kind kind = ParseError::Kind::empty;
  RuleId rule;
};

constexpr auto refusals = std::to_array<Refusal>({
    {ParseError::Kind::not_a_scheme, "SL-not-a-scheme"},
    {ParseError::Kind::too_many_parameters, "SL-too-many-parameters"},
    {ParseError::Kind::not_a_uri, "SL-not-a-uri"},
    {ParseError::Kind::not_an_address, "SL-not-an-address"},
    {ParseError::Kind::not_a_via, "SL-not-a-via"},
    {ParseError::Kind::not_a_cseq, "SL-not-a-cseq"},
    {ParseError::Kind::not_a_number, "SL-not-a-number"},
});

RuleId rule_of(ParseError::Kind kind) noexcept {
  const auto* row = std::ranges::find(refusals, kind, &Refusal::kind);
  return row == refusals.end() ? RuleId{"SL-unreadable-value"} : row->rule;
}

constexpr std::uint32_t most_hops = 255;  // RFC 3261 20.22

template <typename Value>
Left read_one(std::string_view text, Diagnostics& diagnostics) noexcept {
  const auto value = Value::parse(text, diagnostics);
  if (!value) return std::unexpected{value.error()};
  return std::string_view{};
}

template <typename Value>
Left read_first(std::string_view text, Diagnostics& diagnostics) noexcept {
  const auto value = Value::parse(text, diagnostics);
  if (!value) return std::unexpected{value.error()};
  return value->rest;
}

Left read_address_with_tag(std::string_view text, Diagnostics& diagnostics) noexcept {
  Diagnostics found;
  const auto address = NameAddr::parse(text, found);
  diagnostics.append(found, 0);
  if (!address) return std::unexpected{address.error()};
  // Where the parameters could not be told apart, a missing tag is a consequence.
  if (found.list().empty() && address->tag().value_or("").empty()) {
    diagnostics.report("SL-missing-from-tag", {static_cast<std::uint32_t>(text.size()), 0});
  }
  return address->rest;
}

// A route, which is nothing without brackets (RFC 3261 20.34, RFC 3327 4, RFC 3608 5).
Left read_route(std::string_view text, Diagnostics& diagnostics) noexcept {
  const auto address = NameAddr::parse(text, diagnostics);
  if (!address) return std::unexpected{address.error()};
  const auto uri = span_of(address->uri.text, text);
  if (!address->is_wildcard && !text.substr(0, uri.offset).contains('<')) {
    diagnostics.report("SL-route-brackets", uri);
  }
  return address->rest;
}

Left read_challenge(std::string_view text, Diagnostics& diagnostics) noexcept {
  const auto challenge = Challenge::parse(text, diagnostics);
  if (!challenge) return std::unexpected{challenge.error()};
  const auto next = challenge->next_challenge();
  return next ? text.substr(*next) : std::string_view{};
}

template <std::uint32_t most>
Left read_number(std::string_view text, Diagnostics&) noexcept {
  if (!number(text, most)) return std::unexpected{ParseError{ParseError::Kind::not_a_number, 0}};
  return std::string_view{};
}

enum class Rows : std::uint8_t { any_number, one };
enum class Values : std::uint8_t { any_number, one };

struct KnownHeader {
  HeaderId id = HeaderId::other;
  Rows rows = Rows::any_number;
  Values values = Values::one;
  Left (*read)(std::string_view, Diagnostics&) noexcept = nullptr;
};

constexpr auto known_headers = std::to_array<KnownHeader>({
    {HeaderId::via, Rows::any_number, Values::any_number, read_first<Via>},
    {HeaderId::from, Rows::one, Values::one, read_address_with_tag},
    {HeaderId::to, Rows::one, Values::one, read_first<NameAddr>},
    {HeaderId::call_id, Rows::one, Values::one, read_call_id},
    {HeaderId::cseq, Rows::one, Values::one, read_one<CSeq>},
    {HeaderId::contact, Rows::any_number, Values::any_number, read_first<NameAddr>},
    {HeaderId::route, Rows::any_number, Values::any_number, read_route},
    {HeaderId::record_route, Rows::any_number, Values::any_number, read_route},
    {HeaderId::path, Rows::any_number, Values::any_number, read_route},
    {HeaderId::service_route, Rows::any_number, Values::any_number, read_route},
    {HeaderId::allow, Rows::any_number, Values::one, read_words},
    {HeaderId::supported, Rows::any_number, Values::one, read_words},
    {HeaderId::require, Rows::any_number, Values::one, read_words},
    {HeaderId::proxy_require, Rows::any_number, Values::one, read_words},
    {HeaderId::unsupported, Rows::any_number, Values::one, read_words},
    {HeaderId::user_agent, Rows::any_number, Values::one, read_products},
    {HeaderId::server, Rows::any_number, Values::one, read_products},
    {HeaderId::date, Rows::one, Values::one, read_date},
    {HeaderId::content_type, Rows::any_number, Values::one, read_media_type},
    {HeaderId::retry_after, Rows::any_number, Values::one, read_retry_after},
    {HeaderId::max_forwards, Rows::one, Values::one, read_number<most_hops>},
    {HeaderId::expires, Rows::one, Values::one, read_number<most_seconds>},
    {HeaderId::min_expires, Rows::one, Values::one, read_number<most_seconds>},
    {HeaderId::www_authenticate, Rows::any_number, Values::any_number, read_challenge},
    {HeaderId::proxy_authenticate, Rows::any_number, Values::any_number, read_challenge},
    {HeaderId::authorization, Rows::any_number, Values::one, read_one<Credentials>},
    {HeaderId::proxy_authorization, Rows::any_number, Values::one, read_one<Credentials>},
    {HeaderId::authentication_info, Rows::any_number, Values::one, read_one<AuthenticationInfo>},
});

const KnownHeader* find_known(HeaderId id) noexcept {
  const auto* row = std::ranges::find(known_headers, id, &KnownHeader::id);
  return row == known_headers.end() ? nullptr : row;
}

bool is_challenge(HeaderId id) noexcept {
  return id == HeaderId::www_authenticate || id == HeaderId::proxy_authenticate;
}

}  // namespace

// Where a fold stands that is not within quotes, and whether blanks stand behind the row.
void RowLint::challenge_layout(std::string_view value) noexcept {
  bool quoted = false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == '\\') {
      ++at;
    } else if (value[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && (value[at] == '\r' || value[at] == '\n')) {
      const auto end = value.find_first_not_of(" \t\r\n", at);
      report("SL-folded-challenge",
             value.substr(at, end == std::string_view::npos ? end : end - at));
      break;
    }
  }
  const auto end = span_of(value, text_).offset + value.size();
  const auto blanks =
      text_.substr(end, std::min(text_.find_first_not_of(" \t", end), text_.size()) - end);
  if (!blanks.empty() && !value.empty()) report("SL-blank-behind-challenge", blanks);
}

void RowLint::value(HeaderId id, std::string_view value) noexcept {
  const auto* known = find_known(id);
  if (known == nullptr || known->read == nullptr) return;
  if (is_challenge(id)) challenge_layout(value);
  while (true) {
    if (is_challenge(id) && challenges_++ == limits::challenges) {
      report("SL-too-many-challenges", value.substr(0, 0));
      return;
    }
    Diagnostics found;
    const auto left = known->read(value, found);
    diagnostics_.append(found, span_of(value, text_).offset);
    if (!left) {
      refused(value, left.error());
      return;
    }
    if (left->empty()) return;
    if (known->values == Values::one) {
      report("SL-one-value-only", *left);
      return;
    }
    value = *left;
  }
}

void RowLint::refused(std::string_view part, ParseError error) noexcept {
  report(rule_of(error.kind), part.substr(std::min<std::size_t>(error.offset, part.size())));
}

bool stands_once(HeaderId id) noexcept {
  const auto* known = find_known(id);
  return known != nullptr && known->rows == Rows::one;
}

}  // namespace sipauth
