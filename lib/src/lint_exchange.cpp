#include "sipauth/lint_exchange.hpp"

#include <arpa/inet.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "auth_params.hpp"
#include "lint_exchange.hpp"
#include "rows.hpp"
#include "sipauth/address.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/lint.hpp"

namespace sipauth {
namespace {

// --- What a message says about the transaction it belongs to. ---

struct Party {
  std::string host = {};  // in lower case
  std::uint16_t port = 0;

  friend bool operator==(const Party&, const Party&) = default;
};

struct SeenRequest {
  std::uint32_t number = 0;  // of its CSeq
  Party sent_by = {};
  std::string from_tag = {};
  std::string request_uri = {};
  bool is_abridged = false;
  bool has_authorization = false;
  bool has_proxy_authorization = false;
};

struct Transaction {
  std::string key = {};     // Call-ID, branch and method
  std::string branch = {};  // and method
  std::string_view call_id = {};
  std::string_view cseq = {};
  std::string_view via = {};
  std::string_view from_tag = {};
  SeenRequest facts = {};
};

std::uint16_t port_of(const Via& via) noexcept {
  const bool is_secure = same(via.transport, "TLS") || same(via.transport, "WSS");
  return via.port.value_or(is_secure ? std::uint16_t{5061} : std::uint16_t{5060});
}

std::string in_lower_case(std::string_view text) {
  std::string lowered{text};
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

// `[2001:db8:0:0::1]` is `[2001:db8::1]`.
std::string one_spelling(std::string_view host) {
  auto spelt = in_lower_case(host);
  if (!spelt.starts_with('[') || !spelt.ends_with(']')) return spelt;
  const auto address = spelt.substr(1, spelt.size() - 2);
  in6_addr bytes{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1 ||
      ::inet_ntop(AF_INET6, &bytes, text.data(), text.size()) == nullptr) {
    return spelt;
  }
  return text.data();
}

// nullopt where a part of it is missing, wrong or unreadable.
std::optional<Transaction> transaction_of(const Message& message, const ShownText& shown) {
  Diagnostics unused;
  const auto call_id = message.value(HeaderId::call_id);
  const auto via_row = message.value(HeaderId::via);
  const auto from_row = message.value(HeaderId::from);
  const auto cseq_row = message.value(HeaderId::cseq);
  for (const auto row : {call_id, via_row, from_row, cseq_row}) {
    if (row.empty() || !shown.shows(row)) return std::nullopt;
  }
  const auto via = Via::parse(via_row, unused);
  const auto from = NameAddr::parse(from_row, unused);
  const auto cseq = CSeq::parse(cseq_row, unused);
  if (!via || !from || !cseq) return std::nullopt;
  // One that is not unique (RFC 3261 8.1.1.7) tells nothing.
  const auto branch = via->branch().value_or("");
  if (!branch.starts_with("z9hG4bK") || branch == "z9hG4bK") return std::nullopt;

  Transaction transaction;
  transaction.branch.append(branch).append("\n").append(cseq->method);
  transaction.key.append(call_id).append("\n").append(transaction.branch);
  transaction.call_id = call_id;
  transaction.cseq = cseq_row;
  transaction.via = via->host;
  transaction.from_tag = from->tag().value_or(std::string_view{});
  transaction.facts = {.number = cseq->number,
                       .sent_by = {one_spelling(via->host), port_of(*via)},
                       .from_tag = std::string{from->tag().value_or("")},
                       .request_uri = std::string{message.request_uri()}};
  return transaction;
}

// --- What was offered. ---

// All challenges with one nonce of one realm.
struct Offer {
  bool without_qop = false;
  bool is_unclear = false;  // a list was made unreadable
  std::vector<std::string> qop_lists = {};
};

std::string key_of(std::string_view realm, std::string_view nonce) {
  std::string key{realm};
  return key.append("\n").append(nonce);
}

bool is_challenge(HeaderId id) noexcept {
  return id == HeaderId::www_authenticate || id == HeaderId::proxy_authenticate;
}

bool is_credentials(HeaderId id) noexcept {
  return id == HeaderId::authorization || id == HeaderId::proxy_authorization;
}

constexpr auto rules_of_exchange = std::to_array<RuleId>(
    {"SL-stale-at-first", "SL-realm-changes", "SL-default-realm", "SL-short-nonce",
     "SL-guessable-nonce", "SL-md5-only", "SL-qop-not-offered", "SL-qop-left-out",
     "SL-response-via", "SL-response-from", "SL-response-call-id", "SL-response-cseq"});
static_assert(rules_of_exchange.size() == exchange_rules.size());

}  // namespace

class ExchangeLint::State {
 public:
  void message(const Message& message, bool is_abridged, const ShownText& shown) {
    auto transaction = transaction_of(message, shown);
    const SeenRequest* request = nullptr;
    if (transaction && !message.is_request()) request = answered(*transaction, shown);
    for (const auto& header : message.headers()) row(header.id, header.value, shown);
    challenges(message, is_abridged, request, transaction, shown);
    if (transaction && message.is_request()) {
      remember(message, is_abridged, *std::move(transaction));
    }
  }

  void row(HeaderId id, std::string_view value, const ShownText& shown) {
    if (is_challenge(id)) challenge_row(id, value, shown);
    if (is_credentials(id)) credentials(value, shown);
  }

  void challenge_row(HeaderId id, std::string_view value, const ShownText& shown) {
    std::optional<std::size_t> offset = 0;
    for (std::size_t seen = 0; offset && seen < limits::challenges; ++seen) {
      Diagnostics unused;
      const auto challenge = Challenge::parse(value, *offset, unused);
      if (!challenge) return;
      if (challenge->is_digest()) offered(id, *challenge, shown);
      offset = challenge->next_challenge();
    }
  }

  void credentials(std::string_view value, const ShownText& shown) {
    Diagnostics unused;
    const auto read = Credentials::parse(value, unused);
    if (!read || !read->is_digest() || !shown.shows(read->nonce()) || !shown.shows(read->realm()) ||
        !shown.shows(read->qop())) {
      return;
    }
    const auto offer = offers_.find(key_of(read->realm().value_or(""), read->nonce().value_or("")));
    if (offer == offers_.end() || offer->second.is_unclear) return;
    const auto& [without_qop, unclear, lists] = offer->second;
    const auto qop = read->qop().value_or("");
    if (qop.empty()) {
      const bool is_known = std::ranges::any_of(lists, [](const std::string& list) {
        return qop_offers(list, "auth") || qop_offers(list, "auth-int");
      });
      if (!without_qop && is_known && read->response()) {
        shown.report("SL-qop-left-out", read->scheme());
      }
      return;
    }
    // What is no qop at all has a rule of its own.
    if (!same(qop, "auth") && !same(qop, "auth-int")) return;
    if (std::ranges::none_of(lists,
                             [&](const std::string& list) { return qop_offers(list, qop); })) {
      shown.report("SL-qop-not-offered", qop);
    }
  }

 private:
  // Retransmissions, hop by hop; a peer that uses one branch for ever costs no memory.
  static constexpr std::size_t most_requests = 8;

  // The request that this answers, if it is there and there is no doubt.
  const SeenRequest* answered(const Transaction& transaction, const ShownText& shown) {
    const auto found = requests_.find(transaction.key);
    if (found == requests_.end()) {
      // A branch is unique across space and time (RFC 3261 8.1.1.7), but not in examples.
      const auto other = branches_.find(transaction.branch);
      if (other != branches_.end() && other->second.number == transaction.facts.number &&
          other->second.from_tag == transaction.facts.from_tag) {
        shown.report("SL-response-call-id", transaction.call_id);
      }
      return nullptr;
    }
    const auto& sent = found->second;
    const auto said_the_same = [&](auto member) {
      return std::ranges::any_of(sent, [&](const SeenRequest& request) {
        return request.*member == transaction.facts.*member;
      });
    };
    if (!said_the_same(&SeenRequest::sent_by)) shown.report("SL-response-via", transaction.via);
    if (!transaction.from_tag.empty() && !said_the_same(&SeenRequest::from_tag)) {
      shown.report("SL-response-from", transaction.from_tag);
    }
    if (sent.size() < most_requests && !said_the_same(&SeenRequest::number)) {
      shown.report("SL-response-cseq", transaction.cseq);
    }
    const auto request = std::ranges::find(sent, transaction.facts.number, &SeenRequest::number);
    return request == sent.end() ? nullptr : &*request;
  }

  void remember(const Message& message, bool is_abridged, Transaction transaction) {
    auto& facts = transaction.facts;
    facts.is_abridged = is_abridged;
    facts.has_authorization = message.find(HeaderId::authorization) != nullptr;
    facts.has_proxy_authorization = message.find(HeaderId::proxy_authorization) != nullptr;
    branches_[std::move(transaction.branch)] = facts;
    auto& sent = requests_[std::move(transaction.key)];
    if (sent.size() == most_requests) sent.erase(sent.begin());
    sent.push_back(std::move(facts));
  }

  void offered(HeaderId id, const Challenge& challenge, const ShownText& shown) {
    if (!shown.shows(challenge.realm()) || !shown.shows(challenge.nonce())) return;
    const auto realm = challenge.realm().value_or("");
    const auto nonce = challenge.nonce().value_or("");
    if (!nonce.empty()) {
      auto& offer = offers_[key_of(realm, nonce)];
      const auto qop = challenge.qop().value_or("");
      offer.is_unclear = offer.is_unclear || !shown.shows(challenge.qop());
      if (qop.empty()) {
        offer.without_qop = true;
      } else if (std::ranges::find(offer.qop_lists, qop) == offer.qop_lists.end()) {
        // No server says it in so many ways.
        constexpr std::size_t most_lists = 8;
        offer.is_unclear = offer.is_unclear || offer.qop_lists.size() == most_lists;
        if (!offer.is_unclear) offer.qop_lists.emplace_back(qop);
      }
      // Once for a realm is enough.
      const auto bits = bits_of_nonce(nonce);
      constexpr double enough_bits = 64;
      constexpr double least_bits = 32;
      if (bits < enough_bits && nonces_told_.insert({id, std::string{realm}}).second) {
        shown.report(bits < least_bits ? RuleId{"SL-guessable-nonce"} : RuleId{"SL-short-nonce"},
                     nonce);
      }
    }
    if (is_default_realm(realm) && realms_told_.emplace(realm).second) {
      shown.report("SL-default-realm", realm);
    }
  }

  // What the challenges of a message say together.
  void challenges(const Message& message, bool is_abridged, const SeenRequest* request,
                  const std::optional<Transaction>& transaction, const ShownText& shown) {
    std::vector<std::string> realms;
    std::string_view first_realm;
    std::string_view first_md5;
    bool all_readable = true;
    bool md5_alone = true;
    for_each_challenge(message,
                       [&](const Header& header, const Challenge& challenge, const Diagnostics&) {
                         if (!challenge.is_digest()) {
                           md5_alone = false;
                           return;
                         }
                         all_readable = all_readable && shown.shows(challenge.realm()) &&
                                        shown.shows(challenge.algorithm()) && challenge.realm();
                         const auto facts = algorithm_facts(challenge.algorithm().value_or("MD5"));
                         md5_alone = md5_alone && facts && !facts->aka && facts->hex_length == 32;
                         if (first_md5.empty()) first_md5 = challenge.scheme();
                         if (stale_at_first(header.id, challenge, request)) {
                           shown.report("SL-stale-at-first", *challenge.value("stale"));
                         }
                         if (header.id != HeaderId::www_authenticate || !challenge.realm()) return;
                         if (realms.empty()) first_realm = *challenge.realm();
                         realms.emplace_back(*challenge.realm());
                       });
    if (!all_readable || first_md5.empty()) return;
    if (md5_alone && !is_abridged &&
        md5_told_.emplace(realms.empty() ? std::string{} : realms.front()).second) {
      shown.report("SL-md5-only", first_md5);
    }
    if (request == nullptr || message.status() != 401 || realms.empty()) return;
    realm_changes(*transaction, *request, std::move(realms), first_realm, shown);
  }

  static bool stale_at_first(HeaderId id, const Challenge& challenge, const SeenRequest* request) {
    if (request == nullptr || request->is_abridged || !challenge.stale().value_or(false)) {
      return false;
    }
    return id == HeaderId::www_authenticate ? !request->has_authorization
                                            : !request->has_proxy_authorization;
  }

  // Of the 401s to the REGISTERs of one Call-ID, which one registrar sends.
  void realm_changes(const Transaction& transaction, const SeenRequest& request,
                     std::vector<std::string> realms, std::string_view first_realm,
                     const ShownText& shown) {
    if (!transaction.key.ends_with("\nREGISTER")) return;
    auto key = transaction.key.substr(0, transaction.key.find('\n'));
    key.append("\n").append(request.request_uri);
    const auto [before, is_first] = registrar_realms_.try_emplace(std::move(key), realms);
    if (is_first) return;
    const bool shares_one = std::ranges::any_of(realms, [&](const std::string& realm) {
      return std::ranges::find(before->second, realm) != before->second.end();
    });
    if (!shares_one) shown.report("SL-realm-changes", first_realm);
    before->second = std::move(realms);
  }

  std::map<std::string, std::vector<SeenRequest>> requests_;
  std::map<std::string, SeenRequest> branches_;
  std::map<std::string, Offer> offers_;
  std::map<std::string, std::vector<std::string>> registrar_realms_;
  std::set<std::pair<HeaderId, std::string>> nonces_told_;
  std::set<std::string> realms_told_;
  std::set<std::string> md5_told_;
};

ExchangeLint::ExchangeLint() : state_{std::make_unique<State>()} {}
ExchangeLint::~ExchangeLint() = default;

void ExchangeLint::look(std::string_view text, std::span<const Span> hidden, bool is_abridged,
                        Diagnostics& diagnostics) {
  if (text.size() > limits::message_bytes) return;
  const ShownText shown{text, hidden, diagnostics};
  switch (kind_of(text)) {
    case InputKind::message: {
      Diagnostics unused;
      if (const auto message = Message::parse(text, unused)) {
        state_->message(*message, is_abridged, shown);
      }
      return;
    }
    case InputKind::header:
      for (std::size_t at = 0; at < text.size();) {
        const auto end = detail::end_of_row(text, at);
        const auto row = detail::cut_row(text.substr(at, end - at));
        state_->row(header_id(row.name), row.value, shown);
        at = end;
      }
      return;
    case InputKind::challenge:
      state_->challenge_row(HeaderId::other, text, shown);
      return;
    case InputKind::credentials:
      state_->credentials(text, shown);
      return;
  }
}

bool is_of_exchange(RuleId rule) noexcept {
  return std::ranges::find(rules_of_exchange, rule) != rules_of_exchange.end();
}

}  // namespace sipauth
