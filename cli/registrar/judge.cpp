#include "registrar/judge.hpp"

#include <algorithm>
#include <utility>

#include "sipauth/text.hpp"

namespace sipauth::registrar {
namespace {

// As strtoul reads it in base ten: up to the first letter.
std::optional<std::uint32_t> decimal_count(std::string_view nc) {
  if (!read_count(nc)) return std::nullopt;
  const auto digits = nc.substr(0, std::min(nc.find_first_not_of("0123456789"), nc.size()));
  return number(digits, 99'999'999).value_or(0);
}

}  // namespace

// One request on its way through the tests.
struct Judge::Trial {
  const Request& request;
  const NonceContext& context;
  Judgement judgement;
  CallState* call = nullptr;
  std::string_view hashed_nonce = {};  // the one that the digest is computed with
  std::optional<bool> digest = {};     // computed when first asked for

  const Presented& credentials() const { return *judgement.credentials; }
};

Judge::Judge(const Profile& profile, std::span<const Account> accounts, sip::Random& random)
    : profile_{profile},
      accounts_{accounts},
      book_{profile.nonce, random},
      home_{profile.aka, random} {}

const Account* Judge::account(std::string_view user) const {
  const auto found = std::ranges::find(accounts_, user, &Account::user);
  return found == accounts_.end() ? nullptr : &*found;
}

std::string Judge::realm_of(const Request& request) const {
  auto realm = std::string{profile_.realm ? *profile_.realm : request.to_host};
  if (profile_.realm_changes) {
    realm.append("-").append(std::to_string(request.cseq)).append(request.from_tag);
  }
  return realm;
}

Judgement Judge::judge(const Request& request, const NonceContext& context) {
  Trial trial{.request = request, .context = context, .judgement = {}};
  trial.judgement.credentials = find_credentials(request);
  trial.call = living_call(context);
  const bool stateless = profile_.nonce.scope == Scope::call_id && trial.call == nullptr;
  if (!trial.judgement.credentials || stateless) {
    const bool known = account(request.to_user) != nullptr;
    trial.judgement.reply = known ? profile_.on.no_credentials : profile_.on.unknown_user_asks;
    if (const auto reply = reply_to_other_scheme(request)) trial.judgement.reply = *reply;
    return trial.judgement;
  }
  if (const auto reply = reply_out_of_order(request, trial.credentials())) {
    trial.judgement.reply = *reply;
    return trial.judgement;
  }
  trial.hashed_nonce = trial.credentials().nonce;
  for (const auto next : profile_.order) {
    if (const auto refused = test(next, trial)) {
      trial.judgement.reply = *refused;
      return std::move(trial.judgement);
    }
  }
  accept(trial);
  return std::move(trial.judgement);
}

Judge::Outcome Judge::test(Test test, Trial& trial) {
  switch (test) {
    case Test::account:
      return test_account(trial);
    case Test::nonce:
      return test_nonce(trial);
    case Test::count:
      return test_count(trial);
    case Test::digest:
      return test_digest(trial);
    case Test::user_match:
      return test_user_match(trial);
  }
  std::unreachable();
}

Judge::Outcome Judge::test_account(Trial& trial) const {
  const auto& user =
      profile_.account_from_to ? trial.request.to_user : trial.credentials().username;
  trial.judgement.account = account(user);
  if (trial.judgement.account == nullptr) return profile_.on.unknown_user;
  return std::nullopt;
}

Judge::Outcome Judge::test_nonce(Trial& trial) {
  const auto& credentials = trial.credentials();
  const bool has_none = credentials.nonce.size() < profile_.nonce.shortest;
  if (has_none && credentials.has_nonce) return profile_.on.empty_nonce;
  if (!credentials.complete) return profile_.on.malformed;
  if (profile_.opaque_required && credentials.opaque != profile_.opaque_text) {
    return profile_.on.malformed;
  }

  FoundNonce found;
  if (profile_.nonce.scope == Scope::call_id) {
    found.state = state_in_call(credentials.nonce, *trial.call, trial.context.now);
    if (found.state == NonceState::fresh) trial.hashed_nonce = trial.call->nonce;
  } else {
    found = book_.find(credentials.nonce, trial.context);
  }
  trial.judgement.nonce = found.entry;

  switch (found.state) {
    case NonceState::foreign:
      return verdict_on(trial.context.reliable && profile_.foreign_on_streams
                            ? *profile_.foreign_on_streams
                            : profile_.on.foreign,
                        trial);
    case NonceState::misbound:
      return verdict_on(profile_.on.misbound.value_or(profile_.on.foreign), trial);
    case NonceState::expired:
      return verdict_on(profile_.on.expired, trial);
    case NonceState::used:
      return verdict_on(profile_.on.used, trial);
    case NonceState::fresh:
      break;
  }
  if (profile_.nonce.burn == Burn::before_digest) {
    if (found.entry != nullptr) found.entry->used = true;
    if (trial.call != nullptr) trial.call->answered = true;
  }
  return std::nullopt;
}

NonceState Judge::state_in_call(std::string_view nonce, const CallState& call,
                                net::Instant now) const {
  const auto& rules = profile_.nonce;
  if (rules.verify == Verify::stored || rules.verify == Verify::none) return NonceState::fresh;
  const bool equal = rules.ignores_case ? same(nonce, call.nonce) : nonce == call.nonce;
  if (equal == (rules.verify == Verify::inverted)) return NonceState::foreign;
  if (rules.one_time && call.answered) return NonceState::used;
  const bool expires = rules.lifetime != net::Duration{0};
  return expires && now - call.issued >= rules.lifetime ? NonceState::expired : NonceState::fresh;
}

Judge::Outcome Judge::test_count(Trial& trial) {
  auto* nonce = trial.judgement.nonce;
  const auto& rules = profile_.count;
  const auto count =
      rules.decimal ? decimal_count(trial.credentials().nc) : read_count(trial.credentials().nc);
  if (nonce == nullptr || !count || trial.credentials().qop == Qop::none) return std::nullopt;
  if (rules.keeps_cnonce) {
    if (nonce->cnonce.empty()) nonce->cnonce = trial.credentials().cnonce;
    if (nonce->cnonce != trial.credentials().cnonce) {
      return verdict_on(profile_.on.count_replayed, trial);
    }
  }
  if (take_count(profile_.count, *nonce, *count)) return std::nullopt;
  return verdict_on(profile_.on.count_replayed, trial);
}

Judge::Outcome Judge::test_digest(Trial& trial) {
  if (!digest_fits(trial)) return profile_.on.wrong_password;
  if (trial.judgement.aka_password && trial.credentials().auts) return resynchronise(trial);
  return std::nullopt;
}

// RFC 3310 3.4. The nonce has had its answer, even if it was none.
Judge::Outcome Judge::resynchronise(Trial& trial) {
  const auto& credentials = trial.credentials();
  if (trial.judgement.nonce != nullptr) trial.judgement.nonce->used = true;
  const auto& account = *trial.judgement.account;
  if (home_.resynchronise(account, credentials.nonce, *credentials.auts)) {
    return profile_.on.resynchronised;
  }
  return profile_.on.wrong_password;
}

Judge::Outcome Judge::test_user_match(Trial& trial) const {
  if (!profile_.reads_username) return std::nullopt;
  if (trial.credentials().username == trial.request.to_user) return std::nullopt;
  return profile_.on.user_mismatch;
}

Reply Judge::verdict_on(ByDigest replies, Trial& trial) {
  if (replies.right == replies.wrong) return replies.right;
  return digest_fits(trial) ? replies.right : replies.wrong;
}

DigestInput Judge::digest_input(const Request& request, const Judgement& judgement) const {
  const auto& credentials = *judgement.credentials;
  const auto* const named = judgement.account;
  return {.algorithm = credentials.algorithm,
          .qop = credentials.qop.value_or(Qop::none),
          .username = named->user,
          .realm = credentials.realm,
          .password = (judgement.aka_password ? *judgement.aka_password : named->password).reveal(),
          .method = request.method,
          .uri = credentials.uri,
          .nonce = credentials.nonce,
          .nc = credentials.nc,
          .cnonce = credentials.cnonce,
          .body = request.message->body()};
}

bool Judge::digest_fits(Trial& trial) {
  if (trial.digest) return *trial.digest;
  const auto& credentials = trial.credentials();
  if (trial.judgement.account == nullptr) static_cast<void>(test_account(trial));
  trial.digest = false;
  if (trial.judgement.account == nullptr || credentials.algorithm == nullptr || !credentials.qop) {
    return false;
  }
  if (profile_.aka.used && credentials.aka) {
    trial.judgement.aka_password = home_.password(*trial.judgement.account, trial.hashed_nonce,
                                                  *credentials.aka, credentials.auts.has_value());
    if (!trial.judgement.aka_password) return false;
  }
  const auto realm = realm_of(trial.request);
  auto input = digest_input(trial.request, trial.judgement);
  input.nonce = trial.hashed_nonce;
  if (!profile_.checks_realm) input.realm = realm;
  if (profile_.credentials.hashes_request_uri) input.uri = trial.request.request_uri;
  trial.digest = response_fits(input, credentials.response);
  return *trial.digest;
}

// The state is the one of before this request: a nonce that came with stale=true stays one.
void Judge::accept(Trial& trial) {
  auto& judgement = trial.judgement;
  judgement.reply = profile_.on.right;
  const bool after_stale = judgement.nonce != nullptr
                               ? judgement.nonce->came_with_stale
                               : trial.call != nullptr && trial.call->came_with_stale;
  if (after_stale && profile_.after_stale) judgement.reply = *profile_.after_stale;
  if (trial.call != nullptr) trial.call->answered = true;
  if (judgement.nonce == nullptr) return;
  judgement.nonce->used = true;
  if (profile_.nonce.sliding && read_count(judgement.credentials->nc)) {
    const auto expires = number(trial.request.message->value(HeaderId::expires), 86'400);
    judgement.nonce->ends =
        trial.context.now + profile_.nonce.lifetime + std::chrono::seconds{expires.value_or(0)};
  }
}

CallState* Judge::living_call(const NonceContext& context) {
  if (profile_.nonce.scope != Scope::call_id) return nullptr;
  auto* call = calls_.find(context.call_id);
  if (call == nullptr || context.now < call->ends) return call;
  calls_.erase(context.call_id);
  return nullptr;
}

std::string Judge::nonce_for(const Judgement& judgement, const NonceContext& context) {
  const auto& rules = profile_.nonce;
  const bool stale = judgement.reply.stale;
  if (stale && rules.stale_repeats_nonce && judgement.credentials) {
    return judgement.credentials->nonce;
  }
  if (profile_.aka.used) {
    const auto* const known = judgement.account ? judgement.account : account(context.to_user);
    return book_.issue(context, stale,
                       [&] { return known ? home_.challenge(*known) : std::nullopt; });
  }
  if (rules.scope != Scope::call_id) return book_.issue(context, stale);

  auto& call = calls_[context.call_id];
  const bool rekey = !judgement.credentials || call.nonce.empty() || call.answered ||
                     (stale ? rules.rekey_on_stale : rules.rekey_on_plain);
  if (rekey) {
    call = {.nonce = book_.issue(context, stale),
            .issued = context.now,
            .ends = context.now,
            .answered = false,
            .came_with_stale = stale};
  }
  return call.nonce;
}

std::string Judge::next_nonce(const NonceContext& context) { return book_.issue(context, false); }

void Judge::answered(const NonceContext& context) {
  if (profile_.nonce.scope != Scope::call_id) return;
  if (auto* call = calls_.find(context.call_id))
    call->ends = context.now + profile_.nonce.state_ttl;
}

}  // namespace sipauth::registrar
