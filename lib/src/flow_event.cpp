#include "flow_event.hpp"

#include <algorithm>

#include "flow_table.hpp"
#include "sipauth/address.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth::flow {
namespace {

constexpr int unauthorized = 401;
constexpr int proxy_unauthorized = 407;

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

Scheme scheme_of(std::string_view name) noexcept {
  if (same(name, "Digest")) return Scheme::digest;
  return same(name, "Basic") ? Scheme::basic : Scheme::other;
}

std::optional<std::uint32_t> hexadecimal(std::optional<std::string_view> digits) noexcept {
  constexpr std::size_t length = 8;
  if (!digits || digits->size() != length) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : *digits) {
    if (!is_hex(c)) return std::nullopt;
    value = value << 4U | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower(c) - 'a' + 10);
  }
  return value;
}

bool removes_all(const Message& message) {
  if (trim(message.value(HeaderId::expires)) == "0") return true;
  Diagnostics ignored;
  const auto contact = NameAddr::parse(message.value(HeaderId::contact), ignored);
  return contact && contact->rest.empty() && contact->parameter("expires") == "0";
}

}  // namespace

Algorithms algorithm_bit(std::optional<std::string_view> name) noexcept {
  const auto* known = find_algorithm(trim(name.value_or("")));
  if (known == nullptr) return unknown_algorithm;
  return static_cast<Algorithms>(1U << static_cast<unsigned>(known - algorithms().data()));
}

Algorithms md5_bits() noexcept {
  return static_cast<Algorithms>(algorithm_bit("MD5") | algorithm_bit("MD5-sess"));
}

std::string algorithm_names(Algorithms set) {
  std::string names;
  for (const auto& algorithm : algorithms()) {
    if ((set & algorithm_bit(algorithm.name)) == 0) continue;
    if (!names.empty()) names.append(", ");
    names.append(algorithm.name);
  }
  if ((set & unknown_algorithm) == 0) return names;
  return names.empty() ? "an unknown one" : names + ", an unknown one";
}

std::string_view host_of(std::string_view endpoint) noexcept {
  return endpoint.substr(0, std::min(endpoint.rfind(':'), endpoint.size()));
}

bool Event::read(const FlowMessage& from) {
  seen = &from;
  sent_count_ = 0;
  offer_count_ = 0;
  has_challenge_ = false;
  removes = false;
  diagnostics_ = {};
  Diagnostics ignored;
  auto parsed = Message::parse(from.text, ignored);
  if (!parsed) return false;
  message = *parsed;
  if (!read_who()) return false;
  if (is_request()) {
    read_credentials();
    removes = method == "REGISTER" && removes_all(message);
  } else if (message.status() == unauthorized || message.status() == proxy_unauthorized) {
    read_challenges();
  }
  return true;
}

bool Event::read_who() {
  Diagnostics ignored;
  call_id = trim(message.value(HeaderId::call_id));
  const auto sequence = CSeq::parse(message.value(HeaderId::cseq), ignored);
  if (call_id.empty() || !sequence) return false;
  cseq = sequence->number;
  method = sequence->method;
  const auto from = NameAddr::parse(message.value(HeaderId::from), ignored);
  const auto to = NameAddr::parse(message.value(HeaderId::to), ignored);
  from_tag = from ? from->tag().value_or("") : "";
  has_to_tag = to && to->tag().has_value();
  const auto& whose = method == "REGISTER" ? to : from;
  aor.clear();
  domain = {};
  if (whose) {
    domain = whose->uri.host;
    aor = std::string{whose->uri.user};
    if (!domain.empty()) aor += (aor.empty() ? "" : "@") + lower_case(domain);
  }
  const auto via = Via::parse(message.value(HeaderId::via), ignored);
  branch = via ? via->branch().value_or("") : "";
  has_cookie = branch.starts_with("z9hG4bK");
  transport = lower_case(!seen->transport.empty() ? seen->transport : via ? via->transport : "");
  client = is_request() ? seen->source : seen->destination;
  server = is_request() ? seen->destination : seen->source;
  return true;
}

// Nonces that were taken out are not one and the same nonce.
std::uint64_t Event::hash_of_nonce(std::string_view nonce) const {
  Key key;
  key.add(nonce);
  if (is_redacted(nonce)) key.add(seen->number).add(static_cast<std::uint64_t>(seen->time));
  return key.value();
}

void Event::read_credentials() {
  for (const auto& header : message.headers()) {
    const bool is_proxy = header.id == HeaderId::proxy_authorization;
    if (!is_proxy && header.id != HeaderId::authorization) continue;
    if (sent_count_ == most_sent) return;
    Diagnostics ignored;
    const auto parsed = Credentials::parse(header.value, ignored);
    if (!parsed) continue;
    const bool is_digest = parsed->is_digest();
    if (is_digest &&
        (parsed->nonce().value_or("").empty() || parsed->response().value_or("").empty())) {
      continue;
    }
    // Member by member: g++ 12 cuts the pointers of such an aggregate to 16 bits.
    auto& sent = sent_[sent_count_++];
    sent.parsed = *parsed;
    sent.is_proxy = is_proxy;
    sent.scheme = scheme_of(parsed->scheme());
    sent.nonce = hash_of_nonce(parsed->nonce().value_or(""));
    sent.realm = hash_of(parsed->realm().value_or(""));
    sent.response = hash_of(parsed->response().value_or(""));
    sent.cnonce = hash_of(parsed->cnonce().value_or(""));
    sent.username = hash_of(parsed->username().value_or(""));
    sent.count = hexadecimal(parsed->nc());
    sent.has_qop = parsed->qop().has_value();
    sent.algorithm = algorithm_bit(parsed->algorithm());
    sent.is_aka = find_aka_algorithm(trim(parsed->algorithm().value_or(""))).has_value();
    sent.resynchronises = parsed->auts().has_value();
  }
}

void Event::read_challenges() {
  for_each_challenge(
      message, [&](const Header& header, const Challenge& challenge, const Diagnostics& found) {
        has_challenge_ = true;
        diagnostics_.append(found, 0);
        if (offer_count_ == most_offers) return;
        const auto nonce = challenge.nonce().value_or("");
        const auto realm = challenge.realm().value_or("");
        auto& offer = offers_[offer_count_++];
        offer.scheme = scheme_of(challenge.scheme());
        offer.is_proxy = header.id == HeaderId::proxy_authenticate;
        offer.nonce = hash_of_nonce(nonce);
        offer.realm = hash_of(realm);
        offer.is_stale = challenge.stale().value_or(false);
        offer.has_qop = qop_offers(challenge.qop().value_or(""), "auth") ||
                        qop_offers(challenge.qop().value_or(""), "auth-int");
        offer.algorithm = algorithm_bit(challenge.algorithm());
        offer.nonce_text = nonce;
        offer.realm_text = realm;
      });
  if (has_challenge_) lint_challenges(message, diagnostics_);
  has_challenge_ = has_challenge_ || message.find(HeaderId::www_authenticate) != nullptr ||
                   message.find(HeaderId::proxy_authenticate) != nullptr;
}

}  // namespace sipauth::flow
