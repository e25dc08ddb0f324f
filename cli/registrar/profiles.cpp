#include "registrar/profiles.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

Profile strict() {
  return {
      .name = "strict",
      .description =
          "does everything right: SHA-256 and MD5, qop, nc window, stale as RFC 2617 asks",
      .nonce = {.format = NonceFormat::random_with_mac, .lifetime = 60s, .shortest = 2},
      .count = {.check = CountRules::Check::window, .window = 32},
      .order = {Test::nonce, Test::account, Test::digest, Test::count, Test::user_match},
      .on = {.foreign = {reply::stale, reply::challenge},
             .expired = {reply::stale, reply::challenge},
             .count_replayed = either(reply::stale),
             .malformed = reply::bad_request,
             .user_mismatch = reply::forbidden},
      .credentials = {.refuses_contradictions = true},
      .rows = {{.algorithm = "SHA-256"}, {.algorithm = "MD5"}},
      .qop = "auth",
      .server = "sipauth",
      .auth_info = AuthInfo::rspauth,
  };
}

Profile freeswitch() {
  return {
      .name = "freeswitch",
      .description = "FreeSWITCH: any nonce it does not know is stale, a wrong password 403",
      .nonce = {.format = NonceFormat::uuid, .lifetime = 92s, .sliding = true},
      .count = {.check = CountRules::Check::rising},
      .order = {Test::nonce, Test::account, Test::digest, Test::count, Test::user_match},
      .on = {.foreign = either(reply::stale),
             .expired = either(reply::stale),
             .count_replayed = either(reply::stale),
             .malformed = reply::stale,
             .wrong_password = reply::forbidden,
             .unknown_user = reply::forbidden,
             .user_mismatch = reply::forbidden},
      .rows = {{.algorithm = "MD5"}},
      .qop = "auth",
      .style = {.order = "realm nonce stale algorithm qop"},
      .server = "FreeSWITCH-mod_sofia/1.10.12",
  };
}

Profile freeswitch_bare401() {
  auto profile = freeswitch();
  profile.name = "freeswitch-bare401";
  profile.description = "FreeSWITCH: other methods with an old nonce get a 401 without a challenge";
  profile.other_methods = OtherMethods::bare_when_stale;
  return profile;
}

Profile sofia() {
  return {
      .name = "sofia",
      .description = "Sofia-SIP's auth module: a bad MAC is a plain 401, old is stale; adds uri=",
      .nonce = {.format = NonceFormat::sofia, .lifetime = 3600s},
      .on = {.expired = either(reply::stale)},
      .credentials = {.needs_cnonce = false},
      .rows = {{.algorithm = "MD5"}},
      .qop = "auth",
      .style = {.order = "realm extra nonce opaque stale algorithm qop",
                .extra_name = "uri",
                .extra_value = "sip:localhost",
                .extra = Quoting::quoted},
      .server = "sofia-sip/1.13.17",
  };
}

Profile flexisip() {
  return {
      .name = "flexisip",
      .description =
          "Flexisip: SHA-256 before MD5, nc must rise, without nc 400, wrong password 403",
      .nonce = {.format = NonceFormat::sofia, .lifetime = 3600s},
      .count = {.check = CountRules::Check::rising, .required = true},
      .order = {Test::nonce, Test::account, Test::digest, Test::count, Test::user_match},
      .on = {.expired = either(reply::stale),
             .malformed = reply::bad_request,
             .wrong_password = reply::forbidden,
             .unknown_user = reply::forbidden,
             .user_mismatch = reply::forbidden},
      .rows = {{.algorithm = "SHA-256"}, {.algorithm = "MD5"}},
      .qop = "auth",
      .opaque = Opaque::fixed,
      .opaque_text = "+GNywA==",
      .server = "Flexisip/2.3.3",
  };
}

Profile yate() {
  return {
      .name = "yate",
      .description = "Yate: one nonce a second, good for 10 s; stale=FALSE or TRUE always written",
      .nonce = {.format = NonceFormat::md5_dot_time, .lifetime = 10s},
      .on = {.expired = {reply::stale, reply::challenge}},
      .credentials = {.believes_realm = true},
      .realm = "Yate",
      .rows = {{.algorithm = "MD5"}},
      .style = {.order = "realm nonce stale algorithm",
                .stale_true = "TRUE",
                .stale_false = "FALSE"},
      .server = "YATE/6.4.0",
  };
}

Profile fritzbox_no_stale() {
  return {
      .name = "fritzbox-no-stale",
      .description = "FRITZ!Box: a nonce is good for once, and is never called stale",
      .nonce = {.format = NonceFormat::hex16_upper, .lifetime = 60s, .one_time = true},
      .realm = "fritz.box",
      .style = {.order = "realm nonce"},
      .server = "AVM FRITZ!Box",
  };
}

Profile netsip_noverify() {
  return {
      .name = "netsip-noverify",
      .description =
          "Perl's Net::SIP: takes any nonce whose digest fits, for ever; no To-tag in a 401",
      .nonce = {.format = NonceFormat::hex32, .verify = Verify::none},
      .challenge_header = "Www-authenticate",
      .rows = {{.algorithm = "MD5"}},
      .style = {.order = "algorithm realm nonce"},
      .to_tag = false,
  };
}

Profile nc_replay_403() {
  return {
      .name = "nc-replay-403",
      .description = "RestComm: one nonce for all, and a repeated nc is a 403 with a Warning",
      .nonce = {.format = NonceFormat::hex32, .reissue_for = 24h * 365},
      .count = {.check = CountRules::Check::rising},
      .order = {Test::nonce, Test::account, Test::digest, Test::count, Test::user_match},
      .on = {.foreign = either(reply::challenge),
             .count_replayed = either({.status = 403, .warning = "Digest replay attack detected"})},
      .rows = {{.algorithm = "MD5"}},
      .qop = "auth",
      .server = "RestComm",
  };
}

Profile ims_aka() {
  return {
      .name = "ims-aka",
      .description = "an IMS core: AKAv1-MD5, each nonce good once, AUTS brings the SQN in step",
      .nonce = {.format = NonceFormat::aka, .lifetime = 240s, .one_time = true},
      .aka = {.used = true},
      .order = {Test::nonce, Test::account, Test::digest, Test::count, Test::user_match},
      .on = {.foreign = {reply::stale, reply::challenge},
             .expired = {reply::stale, reply::challenge},
             .used = {reply::stale, reply::challenge},
             .malformed = reply::bad_request,
             .user_mismatch = reply::forbidden},
      .credentials = {.refuses_contradictions = true},
      .rows = {{.algorithm = "AKAv1-MD5"}},
      .qop = "auth",
      .server = "sipauth",
      .auth_info = AuthInfo::rspauth,
  };
}

std::vector<Profile> all_profiles() {
  std::vector<Profile> all{strict()};
  for (auto& family : {asterisk_profiles(), proxy_profiles()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  for (const auto make : {freeswitch, freeswitch_bare401, sofia, flexisip, yate, fritzbox_no_stale,
                          netsip_noverify, nc_replay_403, ims_aka}) {
    all.push_back(make());
  }
  return all;
}

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

template <typename Row>
const Row* find_row(std::span<const Row> rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

template <typename Row>
std::string unknown(std::string_view what, std::span<const Row> rows, std::string_view typed) {
  std::vector<std::string_view> names(rows.size());
  std::ranges::transform(rows, names.begin(), &Row::name);
  const auto meant = nearest_name(typed, names);
  auto text = "There is no " + std::string{what} + " `" + std::string{typed} + "`";
  if (meant.empty()) return text + ": serve --list-profiles shows them all.";
  return text + ": did you mean `" + std::string{meant} + "`?";
}

}  // namespace

std::span<const Profile> profiles() {
  static const auto all = all_profiles();
  return all;
}

const Profile* find_profile(std::string_view name) { return find_row(profiles(), name); }

const Fault* find_fault(std::string_view name) { return find_row(faults(), name); }

std::string_view nearest_name(std::string_view typed, std::span<const std::string_view> names) {
  constexpr std::size_t longest = 64;
  if (typed.empty() || typed.size() > longest) return {};
  // A beginning is a name not typed to its end; otherwise a third of the letters may be wrong.
  const auto cost = [&](std::string_view name) {
    return name.starts_with(typed) ? std::size_t{0} : distance(typed, name);
  };
  const auto best = std::ranges::min_element(names, {}, cost);
  if (best == names.end() || cost(*best) > std::max<std::size_t>(2, typed.size() / 3)) return {};
  return *best;
}

std::expected<Profile, std::string> make_profile(std::string_view name,
                                                 std::span<const std::string> fault_names) {
  const auto* const found = find_profile(name);
  if (found == nullptr) return std::unexpected{unknown("profile", profiles(), name)};
  auto profile = *found;
  for (const auto& fault_name : fault_names) {
    const auto* const fault = find_fault(fault_name);
    if (fault == nullptr) return std::unexpected{unknown("fault", faults(), fault_name)};
    fault->apply(profile);
  }
  return profile;
}

}  // namespace sipauth::registrar
