#include "registrar/registrar.hpp"

#include <array>
#include <utility>

#include "registrar/answer.hpp"
#include "registrar/bindings.hpp"
#include "registrar/bounded_map.hpp"
#include "registrar/judge.hpp"
#include "registrar/request.hpp"
#include "sip/random.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/text.hpp"

namespace sipauth::registrar {
namespace {

/// Timer J on an unreliable transport: 64 * T1 (RFC 3261 17.2.2).
constexpr std::chrono::seconds transaction_lifetime{32};

/// Answers that are kept for retransmissions. At the 100 requests a second of a busy probe this is
/// ten seconds, the time in which almost all retransmissions come.
constexpr std::size_t max_transactions = 1024;

/// An answer copies headers that a client may make long; with two challenges of 8 KiB it fits. A
/// longer one is not kept: 20 MiB are the most that all of them take.
constexpr std::size_t max_kept_answer = 20'480;

/// Addresses and users whose refused credentials are counted.
constexpr std::size_t max_counted = 1024;

constexpr auto known_methods =
    std::to_array<std::string_view>({"INVITE", "BYE", "INFO", "MESSAGE", "NOTIFY", "PRACK",
                                     "PUBLISH", "REFER", "SUBSCRIBE", "UPDATE"});

struct Transaction {
  std::string answer;  ///< empty: it was left unanswered
  net::Instant ends{0};
};

struct LastRequest {
  std::uint32_t cseq = 0;
  std::string branch;
  net::Instant ends{0};
};

// RFC 3261 17.2.3, and what tells apart requests of clients that do not draw branches. All parts
// are bounded by read_request.
std::string transaction_key(const Request& request, std::string_view source) {
  std::string key{source};
  for (const auto part : {request.branch, request.method, request.call_id, request.from_tag}) {
    key.append("\n").append(part);
  }
  return key.append("\n").append(std::to_string(request.cseq));
}

}  // namespace

std::vector<Account> built_in_accounts() {
  const auto card = [](std::string_view k, std::string_view opc) {
    auto keys = AkaKeys::from_opc(k, opc);
    return keys ? std::optional{AkaSubscription{.keys = *std::move(keys)}} : std::nullopt;
  };
  std::vector<Account> accounts;
  accounts.push_back(
      {.user = "alice",
       .password = Secret{"secret"},
       .aka = card("\x46\x5b\x5c\xe8\xb1\x99\xb4\x9f\xaa\x5f\x0a\x2e\xe2\x38\xa6\xbc",
                   "\xcd\x63\xcb\x71\x95\x4a\x9f\x4e\x48\xa5\x99\x4e\x37\xa0\x2b\xaf")});
  accounts.push_back({.user = "bob",
                      .password = Secret{"secret2"},
                      .aka = card("bob's card its K", "bob's card: OPc.")});
  return accounts;
}

struct Registrar::State {
  State(Profile chosen, std::vector<Account> given, std::uint64_t seed)
      : profile{std::move(chosen)},
        accounts{std::move(given)},
        random{seed},
        secret{random.hex(32)},
        judge{profile, accounts, random} {
    if (!profile.proxy_first) return;
    std::vector<Account> same_accounts;
    for (const auto& one : accounts) {
      same_accounts.push_back({.user = one.user, .password = one.password.duplicate()});
    }
    proxy = std::make_unique<State>(proxy_before(profile), std::move(same_accounts), seed + 1);
  }

  static Profile proxy_before(const Profile& registrar) {
    Profile proxy{.name = registrar.name, .description = registrar.description};
    proxy.nonce.lifetime = std::chrono::seconds{60};
    proxy.on.foreign = proxy.on.expired = {.right = reply::stale, .wrong = reply::challenge};
    proxy.challenge_code = 407;
    proxy.reads_username = false;
    proxy.qop = "auth";
    proxy.realm = "proxy.test";
    return proxy;
  }

  std::vector<Answer> answer(const Message& message, std::string_view source,
                             const NonceContext& times, bool reliable);
  std::string answer_request(const Request& request, std::string_view source,
                             const NonceContext& context);
  std::string answer_register(const Request& request, std::string_view source,
                              const NonceContext& context);
  std::string refuse(const Request& request, std::string_view source, const NonceContext& context,
                     const Judgement& judgement);
  std::string accept(const Request& request, std::string_view source, const NonceContext& context,
                     const Judgement& judgement);
  std::string write(const Request& request, std::string_view source, AnswerParts parts) const;
  WrittenHeader authentication_info(const Request& request, const NonceContext& context,
                                    const Judgement& judgement);

  bool is_merged(const Request& request, net::Instant now);
  std::optional<Reply> punishment(const Request& request, std::string_view source,
                                  bool has_credentials);
  void count_refusal(const Request& request, std::string_view source);

  Profile profile;
  std::vector<Account> accounts;
  sip::Random random;
  std::string secret;
  Judge judge;
  std::unique_ptr<State> proxy;
  Bindings bindings;
  BoundedMap<Transaction> transactions{max_transactions};
  BoundedMap<LastRequest> last_requests{max_transactions};
  BoundedMap<int> refused_of_address{max_counted};
  BoundedMap<int> refused_of_user{max_counted};
  int final_answers = 0;
  bool answered_before = false;
};

std::vector<Answer> Registrar::State::answer(const Message& message, std::string_view source,
                                             const NonceContext& times, bool reliable) {
  const auto request = read_request(message);
  if (!request) {
    // Without a Via nobody would take the answer.
    if (message.find(HeaderId::via) == nullptr) return {};
    return {{.bytes = write_answer(profile, message, source,
                                   {.status = 400, .reason = request.error()})}};
  }
  if (request->method == "ACK") return {};

  auto context = times;
  context.source_address = address_of(source);
  context.call_id = request->call_id;
  context.request_uri = request->request_uri;
  context.from_user = request->from_user;
  context.to_user = request->to_user;

  const bool has_credentials = message.find(HeaderId::authorization) != nullptr ||
                               message.find(HeaderId::proxy_authorization) != nullptr;
  const bool replays =
      !reliable && (has_credentials ? profile.replays_answers : profile.replays_challenges);
  const auto key = transaction_key(*request, source);
  if (replays) {
    const auto* known = transactions.find(key);
    if (known != nullptr && context.now < known->ends) {
      if (known->answer.empty()) return {};
      return {{.bytes = known->answer}};
    }
  }

  std::vector<Answer> answers;
  if (profile.trying && request->method == "REGISTER") {
    answers.push_back({.bytes = write(*request, source, {.status = 100})});
  }
  auto final_answer = answer_request(*request, source, context);
  if (replays && final_answer.size() <= max_kept_answer) {
    transactions[key] = {final_answer, context.now + transaction_lifetime};
  }
  const bool lost = profile.loses_every != 0 && ++final_answers % profile.loses_every == 0;
  if (final_answer.empty() || lost) return answers;
  answers.push_back({.bytes = std::move(final_answer),
                     .delay = answered_before ? net::Duration{0} : profile.first_answer_delay});
  answered_before = true;
  return answers;
}

std::string Registrar::State::answer_request(const Request& request, std::string_view source,
                                             const NonceContext& context) {
  if (proxy && request.method != "CANCEL") {
    const auto judgement = proxy->judge.judge(request, context);
    if (judgement.reply != reply::accept) return proxy->refuse(request, source, context, judgement);
  }
  if (request.method == "REGISTER") return answer_register(request, source, context);
  const bool challenged =
      profile.other_methods == OtherMethods::challenged && request.method != "CANCEL";
  if (challenged) {
    const auto judgement = judge.judge(request, context);
    if (judgement.reply != reply::accept) return refuse(request, source, context, judgement);
  }
  AnswerParts parts{.headers = {{"Allow", "REGISTER, OPTIONS"}}};
  if (request.method == "OPTIONS") return write(request, source, std::move(parts));
  if (request.method == "CANCEL") return write(request, source, {.status = 481});
  const bool known = std::ranges::find(known_methods, request.method) != known_methods.end();
  if (known && profile.other_methods == OtherMethods::bare_when_stale) {
    auto judgement = judge.judge(request, context);
    judgement.reply.bare = judgement.reply.stale;
    if (judgement.reply != reply::accept) return refuse(request, source, context, judgement);
  }
  parts.status = known ? 405 : 501;
  return write(request, source, std::move(parts));
}

std::string Registrar::State::answer_register(const Request& request, std::string_view source,
                                              const NonceContext& context) {
  if (profile.refuses_to_tag && !request.to_tag.empty()) {
    return write(request, source, {.status = 481});
  }
  if (profile.refuses_merged && is_merged(request, context.now)) {
    return write(request, source, {.status = 482});
  }
  auto judgement = judge.judge(request, context);
  if (const auto other = punishment(request, source, judgement.credentials.has_value())) {
    judgement.reply = *other;
  }
  if (judgement.reply.status == 200) return accept(request, source, context, judgement);
  if (judgement.credentials && !judgement.reply.stale) count_refusal(request, source);
  return refuse(request, source, context, judgement);
}

std::string Registrar::State::refuse(const Request& request, std::string_view source,
                                     const NonceContext& context, const Judgement& judgement) {
  const auto& reply = judgement.reply;
  if (reply.status == 0) return {};
  AnswerParts parts{.status = reply.status, .reason = reply.reason};
  if (reply.status == 401) {
    parts.status = profile.challenge_code;
    if (!reply.bare) {
      const auto realm = judge.realm_of(request);
      const auto nonce = judge.nonce_for(judgement, context);
      const auto opaque =
          profile.opaque == Opaque::random ? random.hex(16) : std::string{profile.opaque_text};
      parts.headers = challenge_headers(
          profile, {.realm = realm, .nonce = nonce, .opaque = opaque, .stale = reply.stale});
    }
  }
  if (!reply.warning.empty()) {
    parts.headers.push_back({"Warning", "399 registrar " + quote(reply.warning)});
  }
  judge.answered(context);
  return write(request, source, std::move(parts));
}

std::string Registrar::State::accept(const Request& request, std::string_view source,
                                     const NonceContext& context, const Judgement& judgement) {
  judge.answered(context);
  auto rows = bindings.update(request, context.now);
  if (!rows) return write(request, source, {.status = 400, .reason = rows.error()});
  if (profile.auth_info != AuthInfo::none && judgement.account != nullptr) {
    rows->push_back(authentication_info(request, context, judgement));
  }
  return write(request, source, {.status = 200, .headers = std::move(*rows)});
}

// RFC 7616 3.5. Kamailio writes its list even for a client that sent no qop.
WrittenHeader Registrar::State::authentication_info(const Request& request,
                                                    const NonceContext& context,
                                                    const Judgement& judgement) {
  const std::string name{header_name(HeaderId::authentication_info)};
  if (profile.auth_info == AuthInfo::empty) return {name, ""};
  auto input = judge.digest_input(request, judgement);
  input.body = {};
  const auto trace = compute_rspauth(input);
  auto rspauth = trace ? std::string{trace->response.view()} : std::string{};
  if (profile.auth_info == AuthInfo::wrong_rspauth) std::ranges::reverse(rspauth);

  std::vector<WrittenParameter> list;
  if (profile.auth_info == AuthInfo::next_nonce) {
    list.push_back({"nextnonce", judge.next_nonce(context)});
    list.push_back({"qop", std::string{qop_name(input.qop)}});
  }
  list.push_back({"rspauth", std::move(rspauth)});
  if (input.qop != Qop::none || profile.auth_info == AuthInfo::next_nonce) {
    if (profile.auth_info != AuthInfo::next_nonce) {
      list.push_back({"qop", std::string{qop_name(input.qop)}});
    }
    list.push_back({"cnonce", std::string{input.cnonce}});
    list.push_back({"nc", std::string{input.nc}});
  }
  return {name, write_authentication_info(list)};
}

// A retransmission gets the same tag, because it hashes the same (RFC 3261 8.2.7).
std::string Registrar::State::write(const Request& request, std::string_view source,
                                    AnswerParts parts) const {
  const auto cseq = std::to_string(request.cseq);
  const std::array<std::string_view, 5> parts_of_tag{secret, request.branch, request.call_id,
                                                     request.from_tag, cseq};
  const auto tag = hash_hex(Hash::md5, parts_of_tag);
  const bool is_challenge = parts.status == 401 || parts.status == 407;
  const bool tagged = parts.status != 100 && (profile.to_tag || !is_challenge);
  if (tagged && tag) parts.to_tag = tag->view().substr(0, 12);
  return write_answer(profile, *request.message, source, parts);
}

bool Registrar::State::is_merged(const Request& request, net::Instant now) {
  auto& last = last_requests[request.call_id];
  const bool merged = now < last.ends && last.cseq == request.cseq && last.branch != request.branch;
  if (!merged) last = {request.cseq, std::string{request.branch}, now + transaction_lifetime};
  return merged;
}

std::optional<Reply> Registrar::State::punishment(const Request& request, std::string_view source,
                                                  bool has_credentials) {
  const auto reached = [](int limit, const int* count) {
    return limit != 0 && count != nullptr && *count >= limit;
  };
  if (reached(profile.silent_after, refused_of_address.find(address_of(source)))) {
    return reply::silence;
  }
  if (has_credentials && reached(profile.locked_after, refused_of_user.find(request.to_user))) {
    return reply::forbidden;
  }
  return std::nullopt;
}

void Registrar::State::count_refusal(const Request& request, std::string_view source) {
  if (profile.silent_after != 0) ++refused_of_address[address_of(source)];
  if (profile.locked_after != 0) ++refused_of_user[request.to_user];
}

Registrar::Registrar(Profile profile, std::vector<Account> accounts, std::uint64_t seed)
    : state_{std::make_unique<State>(std::move(profile), std::move(accounts), seed)} {}
Registrar::~Registrar() = default;
Registrar::Registrar(Registrar&&) noexcept = default;
Registrar& Registrar::operator=(Registrar&&) noexcept = default;

std::vector<Answer> Registrar::handle(std::string_view bytes, std::string_view source,
                                      net::Instant now, net::WallTime wall, bool reliable) {
  if (bytes.size() > limits::message_bytes) return {};
  Diagnostics diagnostics;
  const auto message = Message::parse(bytes, diagnostics);
  if (!message || !message->is_request()) return {};
  return state_->answer(*message, source, {.now = now, .wall = wall}, reliable);
}

const Profile& Registrar::profile() const { return state_->profile; }

}  // namespace sipauth::registrar
