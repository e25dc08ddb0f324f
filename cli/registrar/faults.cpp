#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <vector>

#include "registrar/fault_tables.hpp"
#include "registrar/profile.hpp"

// Each fault changes as little as makes its name true, so that a check that fails on a profile with
// a fault fails because of it.

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

/// Every situation in which credentials are refused.
template <typename Change>
void for_each_refusal(Situations& on, Change change) {
  for (auto* pair : {&on.foreign, &on.expired, &on.used, &on.count_replayed}) {
    change(pair->right);
    change(pair->wrong);
  }
  for (auto* single :
       {&on.empty_nonce, &on.malformed, &on.wrong_password, &on.unknown_user, &on.user_mismatch}) {
    change(*single);
  }
}

void write_in_order(Profile& profile, std::string_view order) { profile.style.order = order; }

void add_parameter(Profile& profile, std::string_view name, std::string_view value,
                   Quoting quoting) {
  profile.style.order = "realm nonce opaque stale algorithm qop extra";
  profile.style.extra_name = name;
  profile.style.extra_value = value;
  profile.style.extra = quoting;
}

// One row for each algorithm, in this order.
void offer(Profile& profile, std::initializer_list<std::string_view> algorithms) {
  profile.rows.clear();
  for (const auto algorithm : algorithms) profile.rows.push_back({.algorithm = algorithm});
  profile.style.order = "realm nonce opaque stale algorithm qop";
}

void put_first(Profile& profile, ChallengeRow row) {
  profile.rows.insert(profile.rows.begin(), row);
}

constexpr Reply forbidden = reply::forbidden;

void refuse_counts(Profile& profile, CountRules::Check check, Reply reply) {
  profile.count.check = check;
  profile.on.count_replayed = either(reply);
}

constexpr auto challenge_faults = std::to_array<Fault>({
    {"missing-comma", "a blank instead of the comma before stale=true",
     [](Profile& p) { p.style.before_stale = " "; }},
    {"missing-commas", "blanks instead of all commas",
     [](Profile& p) { p.style.separator = " "; }},
    {"semicolons", "semicolons instead of commas", [](Profile& p) { p.style.separator = "; "; }},
    {"doubled-comma", "two commas between parameters",
     [](Profile& p) { p.style.separator = ", , "; }},
    {"trailing-comma", "a comma at the end", [](Profile& p) { p.style.trailing = ","; }},
    {"trailing-blank", "a blank at the end", [](Profile& p) { p.style.trailing = " "; }},
    {"folded", "each parameter on a line of its own",
     [](Profile& p) { p.style.separator = ",\r\n "; }},
    {"merged-rows", "all challenges in one row", [](Profile& p) { p.style.merged = true; }},
    {"single-quotes", "realm and nonce in single quotes",
     [](Profile& p) { p.style.realm = p.style.nonce = Quoting::single_quoted; }},
    {"unquoted-nonce", "the nonce without quotes",
     [](Profile& p) { p.style.nonce = Quoting::bare; }},
    {"unquoted-realm", "the realm without quotes",
     [](Profile& p) { p.style.realm = Quoting::bare; }},
    {"unquoted-qop", "qop without quotes", [](Profile& p) { p.style.qop = Quoting::bare; }},
    {"quoted-algorithm", "the algorithm in quotes",
     [](Profile& p) { p.style.algorithm = Quoting::quoted; }},
    {"open-quote", "a quoted string that does not end",
     [](Profile& p) { p.style.trailing = ", opaque=\"5ccc069c"; }},
    {"control-character", "a BEL inside the opaque value",
     [](Profile& p) {
       p.opaque = Opaque::fixed;
       p.opaque_text = "5ccc\a069c";
     }},
    {"no-realm", "a challenge without a realm",
     [](Profile& p) { write_in_order(p, "nonce opaque stale algorithm qop"); }},
    {"no-nonce", "a challenge without a nonce",
     [](Profile& p) { write_in_order(p, "realm opaque stale algorithm qop"); }},
    {"empty-realm", "realm=\"\"", [](Profile& p) { p.realm = ""; }},
    {"duplicate-realm", "the realm twice in one challenge",
     [](Profile& p) { write_in_order(p, "realm realm nonce opaque stale algorithm qop"); }},
    {"duplicate-nonce", "the nonce twice in one challenge",
     [](Profile& p) { write_in_order(p, "realm nonce nonce opaque stale algorithm qop"); }},
    {"duplicate-algorithm", "the algorithm twice in one challenge",
     [](Profile& p) { write_in_order(p, "realm nonce opaque stale algorithm algorithm qop"); }},
    {"realm-changes", "another realm for every request",
     [](Profile& p) { p.realm_changes = true; }},
    {"realm-quote", "a quotation mark within the realm that ends it too early",
     [](Profile& p) {
       p.realm = "\"pbx\" of test";
       p.style.realm = Quoting::bare;
     }},
    {"unknown-parameter", "a parameter that no RFC knows",
     [](Profile& p) { add_parameter(p, "vendor", "x1", Quoting::as_due); }},
    {"charset-odd", "charset=ISO-8859-1",
     [](Profile& p) { add_parameter(p, "charset", "ISO-8859-1", Quoting::as_due); }},
    {"charset-quoted", "charset=\"UTF-8\"",
     [](Profile& p) { add_parameter(p, "charset", "UTF-8", Quoting::quoted); }},
    {"userhash-odd", "userhash=yes",
     [](Profile& p) { add_parameter(p, "userhash", "yes", Quoting::as_due); }},

    {"no-qop", "no qop is offered", [](Profile& p) { p.qop = {}; }},
    {"qop-space", "a blank inside the list of qop", [](Profile& p) { p.qop = "auth, auth-int"; }},
    {"qop-list", "auth and auth-int are offered", [](Profile& p) { p.qop = "auth,auth-int"; }},
    {"qop-authint-only", "only auth-int is offered", [](Profile& p) { p.qop = "auth-int"; }},
    {"qop-authint-first", "auth-int is offered before auth",
     [](Profile& p) { p.qop = "auth-int,auth"; }},
    {"qop-unknown-only", "only a qop that nobody knows", [](Profile& p) { p.qop = "auth-conf"; }},

    {"md5-only", "MD5 alone", [](Profile& p) { offer(p, {"MD5"}); }},
    {"md5-first", "MD5 before SHA-256", [](Profile& p) { offer(p, {"MD5", "SHA-256"}); }},
    {"sha-first", "SHA-256 before MD5", [](Profile& p) { offer(p, {"SHA-256", "MD5"}); }},
    {"sha-only", "SHA-256 alone", [](Profile& p) { offer(p, {"SHA-256"}); }},
    {"sha-no-qop", "SHA-256 without qop",
     [](Profile& p) {
       offer(p, {"SHA-256"});
       p.qop = {};
     }},
    {"sess-no-qop", "MD5-sess without qop",
     [](Profile& p) {
       offer(p, {"MD5-sess"});
       p.qop = {};
     }},
    {"md5-lower-case", "algorithm=md5", [](Profile& p) { offer(p, {"md5"}); }},
    {"unknown-algorithm", "an algorithm that nobody knows", [](Profile& p) { offer(p, {"FOO"}); }},
    {"unknown-alg-first", "a row with an unknown algorithm on top",
     [](Profile& p) { put_first(p, {.algorithm = "FOO"}); }},
    {"sha512-first", "a row with SHA-512, which is not registered, on top",
     [](Profile& p) { put_first(p, {.algorithm = "SHA-512"}); }},
    {"dup-challenge", "the topmost challenge twice",
     [](Profile& p) { put_first(p, p.rows.front()); }},
    {"bearer-first", "a Bearer challenge on top",
     [](Profile& p) { put_first(p, {.scheme = "Bearer"}); }},
    {"basic-offered", "a Basic challenge below the others",
     [](Profile& p) { p.rows.push_back({.scheme = "Basic"}); }},
    {"basic-only", "Basic is all that is offered",
     [](Profile& p) { p.rows = {ChallengeRow{.scheme = "Basic"}}; }},

    {"no-header-401", "401 without a challenge", [](Profile& p) { p.with_header = false; }},
    {"407-www", "407 with WWW-Authenticate",
     [](Profile& p) {
       p.challenge_code = 407;
       p.challenge_header = "WWW-Authenticate";
     }},
    {"401-proxy", "401 with Proxy-Authenticate",
     [](Profile& p) { p.challenge_header = "Proxy-Authenticate"; }},
    {"407", "407 with Proxy-Authenticate, as a proxy does",
     [](Profile& p) { p.challenge_code = 407; }},
    {"via-changed", "another host in the topmost Via",
     [](Profile& p) { p.via = ViaFault::sent_by; }},
    {"branch-changed", "another branch in the topmost Via",
     [](Profile& p) { p.via = ViaFault::branch; }},
    {"no-to-tag", "no To-tag in a 401", [](Profile& p) { p.to_tag = false; }},
    {"no-content-length", "no Content-Length", [](Profile& p) { p.content_length = false; }},
    {"open-registrar", "everybody is let in without credentials",
     [](Profile& p) { p.on.no_credentials = p.on.unknown_user_asks = reply::accept; }},
    {"forbids-queries", "403 to a request without credentials",
     [](Profile& p) { p.on.no_credentials = p.on.unknown_user_asks = forbidden; }},
    {"broken", "500 to a request without credentials",
     [](Profile& p) { p.on.no_credentials = p.on.unknown_user_asks = reply::server_error; }},
    {"silent", "no answer to a request without credentials",
     [](Profile& p) { p.on.no_credentials = p.on.unknown_user_asks = reply::silence; }},
    {"delay-first-401", "the first answer comes 0.7 s late",
     [](Profile& p) { p.first_answer_delay = 700ms; }},
});

constexpr auto nonce_faults = std::to_array<Fault>({
    {"weak-nonce", "nonces of 16 bits", [](Profile& p) { p.nonce.format = NonceFormat::hex4; }},
    {"nonce-8k", "nonces of 8192 characters", [](Profile& p) { p.nonce.pad_to = 8192; }},
    {"nonce-odd-chars", "nonces that end in blanks, commas and the like",
     [](Profile& p) { p.nonce.suffix = " +/=,;:<>@&%'end"; }},
    {"nonce-backslash", "nonces that end in a quoted backslash",
     [](Profile& p) { p.nonce.suffix = "\\"; }},
    {"nonce-constant", "the same nonce for all, for ever",
     [](Profile& p) {
       p.nonce.reissue_for = 24h * 365;
       p.nonce.lifetime = 0s;
       p.nonce.one_time = false;
     }},
    {"nonce-repeats", "the same nonce for all, for two seconds",
     [](Profile& p) { p.nonce.reissue_for = 2s; }},
    {"nonce-not-checked", "any nonce is taken when the digest fits",
     [](Profile& p) { p.nonce.verify = Verify::none; }},
    {"nonce-per-call", "each request replaces the nonce of its Call-ID; 403 to an older one",
     [](Profile& p) {
       p.nonce.scope = Scope::call_id;
       p.nonce.state_ttl = 32s;
       p.on.foreign = either(forbidden);
     }},
    {"one-time", "a nonce is good once, then stale",
     [](Profile& p) {
       p.nonce.one_time = true;
       p.on.used = {reply::stale, reply::challenge};
     }},
    {"one-time-plain", "a nonce is good once, then refused by a plain 401",
     [](Profile& p) {
       p.nonce.one_time = true;
       p.on.used = either(reply::challenge);
     }},
    {"forbid-reuse", "403 to a nonce that was used before",
     [](Profile& p) {
       p.nonce.one_time = true;
       p.on.used = either(forbidden);
     }},
    {"forbid-foreign", "403 to a nonce that was never issued",
     [](Profile& p) { p.on.foreign = either(forbidden); }},
    {"broken-foreign", "500 to a nonce that was never issued",
     [](Profile& p) { p.on.foreign = p.on.expired = either(reply::server_error); }},
    {"forbid-expired", "403 to an expired nonce",
     [](Profile& p) { p.on.expired = either(forbidden); }},
    {"aka-wrong-mac", "AUTN with a wrong MAC, where passwords are of AKA",
     [](Profile& p) { p.aka.wrong_mac = true; }},
    {"aka-old-sqn", "SQN 0 until the phone has resynchronised, where passwords are of AKA",
     [](Profile& p) { p.aka.begins_old = true; }},
    {"short-life", "nonces live 4 s", [](Profile& p) { p.nonce.lifetime = 4s; }},
    {"nc-restart-403", "403 to an nc that was used before",
     [](Profile& p) { refuse_counts(p, CountRules::Check::rising, forbidden); }},
    {"nc-restart-500", "500 to an nc that was used before, and to 0",
     [](Profile& p) { refuse_counts(p, CountRules::Check::rising, reply::server_error); }},
    {"nc-no-gaps-403", "403 to an nc that is not the next",
     [](Profile& p) { refuse_counts(p, CountRules::Check::next, forbidden); }},
    {"nc-decimal-403", "nc is read in decimal, and 403 to one that does not rise then",
     [](Profile& p) {
       refuse_counts(p, CountRules::Check::rising, forbidden);
       p.count.decimal = true;
     }},
    {"nc-8-bits-403", "403 to an nc above 255",
     [](Profile& p) {
       p.count.largest = 255;
       p.on.count_replayed = either(forbidden);
     }},
    {"nc-before-digest-403", "a wrong password uses nc up as well, and 403 to a used one",
     [](Profile& p) {
       refuse_counts(p, CountRules::Check::rising, forbidden);
       p.order = {Test::nonce, Test::count, Test::account, Test::digest, Test::user_match};
     }},
    {"cnonce-fixed", "a plain 401 to another cnonce on the same nonce",
     [](Profile& p) {
       p.count.keeps_cnonce = true;
       p.on.count_replayed = either(reply::challenge);
     }},
    {"malformed-500", "500 to credentials that lack something or are misshapen",
     [](Profile& p) { p.on.malformed = reply::server_error; }},
});

constexpr auto stale_faults = std::to_array<Fault>({
    {"stale-quoted", "stale=\"true\"", [](Profile& p) { p.style.stale = Quoting::quoted; }},
    {"stale-number", "stale=1", [](Profile& p) { p.style.stale_true = "1"; }},
    {"stale-yes", "stale=yes", [](Profile& p) { p.style.stale_true = "yes"; }},
    {"stale-upper-case", "stale=TRUE", [](Profile& p) { p.style.stale_true = "TRUE"; }},
    {"stale-same-nonce", "stale=true with the nonce that was just refused",
     [](Profile& p) { p.nonce.stale_repeats_nonce = true; }},
    {"stale-always", "every refusal says stale=true",
     [](Profile& p) { for_each_refusal(p.on, [](Reply& reply) { reply = reply::stale; }); }},
    {"plain-always", "no refusal says stale=true",
     [](Profile& p) { for_each_refusal(p.on, [](Reply& reply) { reply.stale = false; }); }},
    {"stale-on-r0", "stale=true to a request without credentials",
     [](Profile& p) { p.on.no_credentials = p.on.unknown_user_asks = reply::stale; }},
    {"stale-wrong-password", "a wrong password on a fresh nonce is stale=true",
     [](Profile& p) { p.on.wrong_password = p.on.unknown_user = reply::stale; }},
    {"stale-expired-wrong", "a wrong password on an expired nonce is stale=true",
     [](Profile& p) { p.on.expired.wrong = reply::stale; }},
    {"stale-unknown-user", "whoever is not known is told stale=true",
     [](Profile& p) { p.on.unknown_user = reply::stale; }},
    {"stale-endless", "the right password is answered with stale=true, always",
     [](Profile& p) { p.on.right = reply::stale; }},
    {"stale-again", "the nonce that came with stale=true is called stale as well",
     [](Profile& p) { p.after_stale = reply::stale; }},
    {"forbid-after-stale", "403 to the right answer to a stale=true",
     [](Profile& p) { p.after_stale = forbidden; }},
    {"silent-on-stale", "no answer to an expired or foreign nonce",
     [](Profile& p) { p.on.expired = p.on.foreign = p.on.used = either(reply::silence); }},
    {"stale-bare", "a 401 without a challenge to an expired or foreign nonce",
     [](Profile& p) { p.on.expired = p.on.foreign = p.on.used = either(reply::bare); }},
});

constexpr auto conduct_faults = std::to_array<Fault>({
    {"wrong-password-accepted", "any password is right",
     [](Profile& p) { p.on.wrong_password = reply::accept; }},
    {"right-password-refused", "the right password is refused by a plain 401",
     [](Profile& p) { p.on.right = reply::challenge; }},
    {"right-password-forbidden", "the right password is refused by a 403",
     [](Profile& p) { p.on.right = forbidden; }},
    {"right-password-500", "the right password is answered with 500",
     [](Profile& p) { p.on.right = reply::server_error; }},
    {"wrong-password-silent", "no answer to a wrong password",
     [](Profile& p) { p.on.wrong_password = p.on.unknown_user = reply::silence; }},
    {"drop-200", "no answer to the right password",
     [](Profile& p) { p.on.right = reply::silence; }},
    {"drop-after-refusal", "after three refused credentials an address gets no answer any more",
     [](Profile& p) { p.silent_after = 3; }},
    {"lockout-3", "after three refused credentials a user gets 403 for ever",
     [](Profile& p) { p.locked_after = 3; }},
    {"lockout-10", "after ten refused credentials a user gets 403 for ever",
     [](Profile& p) { p.locked_after = 10; }},
    {"loses-answers", "every third answer is lost; the retransmission gets it",
     [](Profile& p) { p.loses_every = 3; }},
    {"reprocess", "a retransmission is judged as if it were new",
     [](Profile& p) { p.replays_answers = p.replays_challenges = false; }},
    {"opaque-required", "credentials without the opaque of the challenge are refused",
     [](Profile& p) {
       p.opaque = Opaque::fixed;
       p.opaque_text = "5ccc069c403ebaf9";
       p.opaque_required = true;
       if (!p.style.order.contains("opaque"))
         p.style.order = "realm nonce opaque stale algorithm qop";
     }},
    {"to-tag-481", "481 to a request whose To has a tag",
     [](Profile& p) { p.refuses_to_tag = true; }},
    {"wrong-rspauth", "a wrong rspauth in Authentication-Info",
     [](Profile& p) { p.auth_info = AuthInfo::wrong_rspauth; }},
    {"empty-authinfo", "an empty Authentication-Info",
     [](Profile& p) { p.auth_info = AuthInfo::empty; }},
    {"proxy-first", "a proxy before the registrar asks with 407 for its own realm",
     [](Profile& p) { p.proxy_first = true; }},
    {"challenges-all", "OPTIONS, SUBSCRIBE and the like are challenged as REGISTER is",
     [](Profile& p) { p.other_methods = OtherMethods::challenged; }},
    {"unknown-user-404", "404 to an unknown user before anything else",
     [](Profile& p) { p.on.unknown_user_asks = p.on.unknown_user = reply::not_found; }},
});

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (const std::span<const Fault> table :
       {std::span<const Fault>{challenge_faults}, std::span<const Fault>{nonce_faults},
        std::span<const Fault>{stale_faults}, std::span<const Fault>{conduct_faults},
        credential_faults(), binding_faults(), transaction_faults()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace

std::span<const Fault> faults() {
  static const auto all = all_faults();
  return all;
}

}  // namespace sipauth::registrar
