#include "registrar/registrar.hpp"

#include <array>
#include <utility>

#include "registrar/answer.hpp"
#include "registrar/authentication_info.hpp"
#include "registrar/bindings.hpp"
#include "registrar/bounded_map.hpp"
#include "registrar/judge.hpp"
#include "registrar/request.hpp"
#include "sip/random.hpp"
#include "sipauth/datagram.hpp"
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
  std::string from_tag;
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

// `rows` are those of Bindings::update.
void show_contacts(std::vector<WrittenHeader>& rows, ContactRows shown) {
  if (shown == ContactRows::with_expiry || rows.empty()) return;
  if (shown == ContactRows::none) {
    rows.clear();
    return;
  }
  constexpr std::string_view parameter = ";expires=";
  std::string expiry;
  for (auto& row : rows) {
    const auto at = row.value.rfind(parameter);
    expiry = row.value.substr(at + parameter.size());
    row.value.resize(at);
  }
  rows.push_back({"Expires", expiry});
}

}  // namespace

struct Registrar::State {
  State(Profile chosen, std::vector<Account> given, std::uint64_t seed)
      : profile{std::move(chosen)},
        accounts{std::move(given)},
        random{seed},
        secret{random.hex(32)},
        judge{profile, accounts, random} {
    if (!profile.proxy_first) return;
    std::vector<Account> same_accounts;
    same_accounts.reserve(accounts.size());
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
                             const NonceContext& times);
  std::vector<Answer> answers_to(const Request& request, std::string_view source,
                                 const NonceContext& context);
  std::optional<std::string> answered_already(const std::string& key, const Request& request,
                                              std::string_view source, const NonceContext& context,
                                              bool has_credentials);
  std::string answer_request(const Request& request, std::string_view source,
                             const NonceContext& context);
  std::string answer_register(const Request& request, std::string_view source,
                              const NonceContext& context);
  std::string refuse(const Request& request, std::string_view source, const NonceContext& context,
                     const Judgement& judgement);
  std::string accept(const Request& request, std::string_view source, const NonceContext& context,
                     const Judgement& judgement);
  std::string write(const Request& request, std::string_view source, AnswerParts parts) const;

  bool kills(const Request& request) const;
  Reply out_of_place(const Request& request, net::Instant now);
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
  int judged_requests = 0;
  bool answered_before = false;
  bool dead = false;
};

std::vector<Answer> Registrar::State::answer(const Message& message, std::string_view source,
                                             const NonceContext& times) {
  const auto request = read_request(message);
  if (!request) {
    // Without a Via nobody would take the answer.
    if (message.find(HeaderId::via) == nullptr) return {};
    return {{.bytes = write_answer(profile, message, source,
                                   {.status = 400, .reason = request.error()})}};
  }
  if (request->method == "ACK") return {};
  dead = dead || kills(*request);
  if (dead) return {};

  auto context = times;
  context.source = source;
  context.source_address = address_of(source);
  context.call_id = request->call_id;
  context.request_uri = request->request_uri;
  context.from_user = request->from_user;
  context.to_user = request->to_user;

  auto answers = answers_to(*request, source, context);
  if (context.reliable) return answers;
  for (auto& one : answers) {
    one.to = way_back(profile.returns.to, *request, source);
    one.from_elsewhere = profile.returns.from_elsewhere;
  }
  return answers;
}

// What a retransmission gets; nullopt: it is judged, as what it is or as if it were new.
std::optional<std::string> Registrar::State::answered_already(const std::string& key,
                                                              const Request& request,
                                                              std::string_view source,
                                                              const NonceContext& context,
                                                              bool has_credentials) {
  const auto* known = transactions.find(key);
  if (known == nullptr || context.now >= known->ends) return std::nullopt;
  const auto& rules = profile.retransmission;
  if (has_credentials && rules.answer) {
    return refuse(request, source, context, {.reply = *rules.answer});
  }
  return known->answer;
}

std::vector<Answer> Registrar::State::answers_to(const Request& request, std::string_view source,
                                                 const NonceContext& context) {
  const auto& message = *request.message;
  const bool has_credentials = message.find(HeaderId::authorization) != nullptr ||
                               message.find(HeaderId::proxy_authorization) != nullptr;
  const auto& rules = profile.retransmission;
  const bool replays =
      !context.reliable && (has_credentials ? rules.replays_answers : rules.replays_challenges);
  const auto key = transaction_key(request, source);
  if (replays) {
    if (auto known = answered_already(key, request, source, context, has_credentials)) {
      if (known->empty()) return {};
      return {{.bytes = *std::move(known)}};
    }
  }

  std::vector<Answer> answers;
  if (profile.trying && request.method == "REGISTER") {
    answers.push_back({.bytes = write(request, source, {.status = 100})});
  }
  ++judged_requests;
  auto final_answer = answer_request(request, source, context);
  if (replays && final_answer.size() <= max_kept_answer) {
    transactions[key] = {final_answer, context.now + transaction_lifetime};
  }
  const bool is_long =
      profile.loses_long && !context.reliable && final_answer.size() > comfortable_datagram;
  const bool lost =
      (profile.loses_every != 0 && ++final_answers % profile.loses_every == 0) || is_long;
  if (final_answer.empty() || lost) return answers;
  auto delay = answered_before ? net::Duration{0} : profile.first_answer_delay;
  if (has_credentials && judge.account(request.to_user)) delay += profile.known_user_delay;
  answers.push_back({.bytes = std::move(final_answer), .delay = delay});
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
  if (const auto reply = out_of_place(request, context.now); reply != reply::accept) {
    return refuse(request, source, context, {.reply = reply});
  }
  auto judgement = judge.judge(request, context);
  if (const auto other = punishment(request, source, judgement.credentials.has_value())) {
    judgement.reply = *other;
  }
  const bool unregisters = request.message->value(HeaderId::expires) == "0";
  if (profile.unregisters_anybody && !judgement.credentials && unregisters) {
    judgement.reply = reply::accept;
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
      if (profile.auth_info_on_refusal) {
        parts.headers.push_back(authentication_info(AuthInfo::next_nonce_only, {}, nonce));
      }
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
  auto rows = bindings.update(request, context.now, profile.sequence.old_cseq);
  if (!rows) return write(request, source, {.status = 400, .reason = rows.error()});
  show_contacts(*rows, profile.contact_rows);
  if (profile.auth_info != AuthInfo::none && judgement.account != nullptr) {
    std::string next_nonce;
    if (has_next_nonce(profile.auth_info)) next_nonce = judge.next_nonce(context);
    rows->push_back(authentication_info(profile.auth_info, judge.digest_input(request, judgement),
                                        std::move(next_nonce)));
  }
  return write(request, source, {.status = 200, .headers = std::move(*rows)});
}

// A retransmission gets the same tag, because it hashes the same (RFC 3261 8.2.7).
std::string Registrar::State::write(const Request& request, std::string_view source,
                                    AnswerParts parts) const {
  const auto cseq = std::to_string(request.cseq);
  const auto turn =
      profile.retransmission.new_to_tag ? std::to_string(judged_requests) : std::string{};
  const std::array<std::string_view, 6> parts_of_tag{
      secret, request.branch, request.call_id, request.from_tag, cseq, turn};
  const auto tag = hash_hex(Hash::md5, parts_of_tag);
  const bool is_challenge = parts.status == 401 || parts.status == 407;
  const bool tagged = parts.status != 100 && (profile.to_tag || !is_challenge);
  if (tagged && tag) parts.to_tag = tag->view().substr(0, 12);
  return write_answer(profile, *request.message, source, parts);
}

bool Registrar::State::kills(const Request& request) const {
  const auto longest = profile.credentials.dies_of;
  return longest != 0 && std::ranges::any_of(request.message->headers(), [&](const Header& header) {
           return header.id == HeaderId::authorization && header.value.size() >= longest;
         });
}

// `accept` when nothing is wrong with its tags and its CSeq.
Reply Registrar::State::out_of_place(const Request& request, net::Instant now) {
  const auto& rules = profile.sequence;
  if (!request.to_tag.empty() && rules.to_with_tag != reply::accept) return rules.to_with_tag;
  auto& last = last_requests[request.call_id];
  const bool follows = now < last.ends;
  const bool merged = follows && last.cseq == request.cseq && last.branch != request.branch;
  if (merged && rules.same_cseq != reply::accept) return rules.same_cseq;
  const bool other_tag = follows && last.from_tag != request.from_tag;
  if (other_tag && rules.other_from_tag != reply::accept) return rules.other_from_tag;
  last = {request.cseq, std::string{request.branch}, std::string{request.from_tag},
          now + transaction_lifetime};
  return reply::accept;
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
  return state_->answer(*message, source, {.now = now, .wall = wall, .reliable = reliable});
}

void Registrar::restart() {
  auto& old = *state_;
  const auto seed = old.random.below(0xffff'ffff);
  state_ = std::make_unique<State>(std::move(old.profile), std::move(old.accounts), seed);
}

const Profile& Registrar::profile() const { return state_->profile; }

}  // namespace sipauth::registrar
