// What only a whole message shows.
#include <algorithm>
#include <array>
#include <span>

#include "auth_params.hpp"
#include "lint_rows.hpp"
#include "sipauth/address.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/datagram.hpp"
#include "sipauth/lint.hpp"

namespace sipauth {
namespace {

// --- What only the whole message shows. ---

struct Required {
  HeaderId id = HeaderId::other;
  RuleId missing;
  bool of_requests_only = false;
};

// RFC 3261 8.1.1.
constexpr auto required_headers = std::to_array<Required>({
    {HeaderId::via, "SL-missing-via"},
    {HeaderId::from, "SL-missing-from"},
    {HeaderId::to, "SL-missing-to"},
    {HeaderId::call_id, "SL-missing-call-id"},
    {HeaderId::cseq, "SL-missing-cseq"},
    {HeaderId::max_forwards, "SL-missing-max-forwards", true},
});

void lint_required(const Message& message, RowLint& lint) noexcept {
  for (const auto& required : required_headers) {
    if (required.of_requests_only && !message.is_request()) continue;
    if (message.find(required.id) == nullptr) {
      lint.report(required.missing, message.start_line().substr(message.start_line().size()));
    }
  }
}

void lint_repeated(const Message& message, RowLint& lint) noexcept {
  for (const auto& header : message.headers()) {
    if (stands_once(header.id) && message.find(header.id) != &header) {
      lint.report("SL-repeated-header", header.name);
    }
  }
}

// RFC 3261 20, tables 2 and 3.
constexpr auto headers_of_answers =
    std::to_array<HeaderId>({HeaderId::www_authenticate, HeaderId::proxy_authenticate,
                             HeaderId::authentication_info, HeaderId::unsupported});

void lint_place(const Message& message, RowLint& lint) noexcept {
  if (!message.is_request()) return;
  for (const auto& header : message.headers()) {
    if (std::ranges::find(headers_of_answers, header.id) != headers_of_answers.end()) {
      lint.report("SL-misplaced-header", header.name);
    }
  }
}

void lint_agreement(const Message& message, RowLint& lint) noexcept {
  Diagnostics reported_already;
  if (message.is_request()) {
    const auto* header = message.find(HeaderId::cseq);
    if (header == nullptr) return;
    const auto cseq = CSeq::parse(header->value, reported_already);
    if (cseq && cseq->method != message.method()) lint.report("SL-cseq-method", cseq->method);
    return;
  }
  const auto* to = message.find(HeaderId::to);
  if (to == nullptr || message.status() < 200) return;
  const auto address = NameAddr::parse(to->value, reported_already);
  if (address && reported_already.list().empty() && !address->tag()) {
    lint.report("SL-missing-to-tag", to->value.substr(to->value.size()));
  }
}

// Its headers would be those of a request made from it: they have no place in one that was made.
void lint_request_uri(const Message& message, RowLint& lint) noexcept {
  const auto text = message.request_uri();
  lint.part<Uri>(text);
  Diagnostics reported_already;
  const auto uri = Uri::parse(text, reported_already);
  if (uri && uri->headers.data() != nullptr) {
    lint.report("SL-request-uri-headers", text.substr(text.size() - uri->headers.size() - 1));
  }
}

// --- Headers that belong together. ---

constexpr auto stream_transports = std::to_array<std::string_view>({"TCP", "TLS", "SCTP"});

void lint_contacts(const Message& message, RowLint& lint) noexcept {
  std::size_t contacts = 0;
  std::string_view wildcard;
  for (const auto& header : message.headers()) {
    if (header.id != HeaderId::contact) continue;
    contacts += header.value.contains(',') ? 2 : 1;
    if (header.value.starts_with('*')) wildcard = header.value;
  }
  if (wildcard.empty() || !message.is_request() || message.method() != "REGISTER") return;
  if (contacts > 1 || number(message.value(HeaderId::expires), 0) != 0U) {
    lint.report("SL-wildcard-contact", wildcard);
  }
}

void lint_register(const Message& message, RowLint& lint) noexcept {
  if (message.method() != "REGISTER") return;
  Diagnostics reported_already;
  if (const auto to = NameAddr::parse(message.value(HeaderId::to), reported_already);
      to && to->tag()) {
    lint.report("SL-to-tag-in-register", *to->tag());
  }
  if (const auto uri = Uri::parse(message.request_uri(), reported_already);
      uri && !uri->user.empty()) {
    lint.report("SL-register-uri-user", uri->user);
  }
}

void lint_digest_uri(const Message& message, RowLint& lint) noexcept {
  if (!message.is_request()) return;
  for (const auto& header : message.headers()) {
    if (header.id != HeaderId::authorization && header.id != HeaderId::proxy_authorization)
      continue;
    Diagnostics reported_already;
    const auto credentials = Credentials::parse(header.value, reported_already);
    if (!credentials || !credentials->is_digest()) continue;
    const auto uri = credentials->uri();
    if (uri && !uri->empty() && *uri != message.request_uri()) {
      lint.report("SL-digest-uri-differs", *uri);
    }
  }
}

void lint_body(const Message& message, RowLint& lint) noexcept {
  const auto end = message.start_line().substr(message.start_line().size());
  if (!message.body().empty() && message.find(HeaderId::content_type) == nullptr) {
    lint.report("SL-missing-content-type", end);
  }
  if (message.find(HeaderId::content_length) != nullptr) return;
  Diagnostics reported_already;
  const auto via = Via::parse(message.value(HeaderId::via), reported_already);
  if (via && std::ranges::any_of(stream_transports, [&](std::string_view transport) {
        return same(transport, via->transport);
      })) {
    lint.report("SL-missing-content-length", end);
  }
}

struct Due {
  int status = 0;
  HeaderId header = HeaderId::other;
  RuleId missing;
};

constexpr auto due_headers = std::to_array<Due>({
    {420, HeaderId::unsupported, "SL-420-without-unsupported"},
    {423, HeaderId::min_expires, "SL-423-without-min-expires"},
});

void lint_status(const Message& message, RowLint& lint) noexcept {
  Diagnostics reported_already;
  const auto cseq = CSeq::parse(message.value(HeaderId::cseq), reported_already);
  if (message.status() == 407 && cseq && cseq->method == "REGISTER" &&
      message.find(HeaderId::proxy_authenticate) != nullptr) {
    lint.report("SL-407-to-register", message.start_line());
  }
  for (const auto& due : due_headers) {
    if (message.status() == due.status && message.find(due.header) == nullptr) {
      lint.report(due.missing, message.start_line());
    }
  }
}

void lint_length(const Message& message, RowLint& lint) noexcept {
  if (message.status() != 401 && message.status() != 407) return;
  if (message.text().size() <= comfortable_datagram) return;
  Diagnostics reported_already;
  const auto via = Via::parse(message.value(HeaderId::via), reported_already);
  if (via && same(via->transport, "UDP")) lint.report("SL-long-challenge", message.start_line());
}

// --- Challenges beside one another. ---

struct SeenChallenge {
  HeaderId header = HeaderId::other;
  std::string_view scheme;
  std::string_view realm;
  std::string_view algorithm;
  std::size_t hex_length = 0;  // 0 where it is neither MD5 nor SHA

  [[nodiscard]] bool is_md5() const noexcept { return hex_length == 32; }
  [[nodiscard]] bool is_sha() const noexcept { return hex_length > 32; }
};

class ChallengeSet {
 public:
  explicit ChallengeSet(const Message& message) noexcept {
    for_each_challenge(
        message, [&](const Header& header, const Challenge& challenge, const Diagnostics&) {
          if (!challenge.is_digest()) return;
          const auto algorithm = challenge.algorithm().value_or("MD5");
          const auto facts = algorithm_facts(algorithm);
          seen_[count_++] = {header.id, challenge.scheme(), challenge.realm().value_or(""),
                             algorithm, facts && !facts->aka ? facts->hex_length : 0};
        });
  }

  void lint(RowLint& lint) const noexcept {
    const auto seen = std::span{seen_}.first(count_);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      lint_one(seen[i], seen.first(i), seen.subspan(i + 1), lint);
    }
    const auto other = std::ranges::find_if(
        seen, [&](const SeenChallenge& one) { return one.realm != seen.front().realm; });
    if (other != seen.end()) lint.report("SL-several-realms", other->scheme);
    const auto other_kind = std::ranges::find_if(
        seen, [&](const SeenChallenge& one) { return one.header != seen.front().header; });
    if (other_kind != seen.end()) lint.report("SL-both-challenges", other_kind->scheme);
  }

 private:
  static void lint_one(const SeenChallenge& one, std::span<const SeenChallenge> above,
                       std::span<const SeenChallenge> below, RowLint& lint) noexcept {
    const auto beside = [&](const SeenChallenge& other) {
      return other.header == one.header && other.realm == one.realm;
    };
    if (std::ranges::any_of(above, [&](const SeenChallenge& other) {
          return beside(other) && same(other.algorithm, one.algorithm);
        })) {
      lint.report("SL-same-challenge-twice", one.scheme);
    }
    if (one.is_md5() && std::ranges::any_of(below, [&](const SeenChallenge& other) {
          return beside(other) && other.is_sha();
        })) {
      lint.report("SL-md5-first", one.scheme);
    }
    if (one.is_sha() && std::ranges::none_of(above, beside) &&
        std::ranges::any_of(
            below, [&](const SeenChallenge& other) { return beside(other) && other.is_md5(); })) {
      lint.report("SL-sha-first", one.scheme);
    }
  }

  std::array<SeenChallenge, limits::challenges> seen_{};
  std::size_t count_ = 0;
};

constexpr auto due_challenges = std::to_array<Due>({
    {401, HeaderId::www_authenticate, "SL-401-without-challenge"},
    {407, HeaderId::proxy_authenticate, "SL-407-without-challenge"},
});

}  // namespace

std::expected<void, ParseError> lint_message(std::string_view text,
                                             Diagnostics& diagnostics) noexcept {
  const auto message = Message::parse(text, diagnostics);
  if (!message) return std::unexpected{message.error()};

  RowLint lint{text, diagnostics};
  if (message->is_request()) lint_request_uri(*message, lint);
  for (const auto& header : message->headers()) lint.value(header.id, header.value);
  lint_required(*message, lint);
  lint_repeated(*message, lint);
  lint_place(*message, lint);
  lint_agreement(*message, lint);
  lint_contacts(*message, lint);
  lint_register(*message, lint);
  lint_digest_uri(*message, lint);
  lint_body(*message, lint);
  lint_status(*message, lint);
  lint_length(*message, lint);
  if (!lint.left_challenges_out()) lint_challenges(*message, diagnostics);
  return {};
}

void lint_challenges(const Message& message, Diagnostics& diagnostics) noexcept {
  RowLint lint{message.text(), diagnostics};
  for (const auto& due : due_challenges) {
    if (message.status() == due.status && message.find(due.header) == nullptr) {
      lint.report(due.missing, message.start_line());
    }
  }
  ChallengeSet{message}.lint(lint);
}

}  // namespace sipauth
