#include "registrar/profiles.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

// Kamailio's stock configuration is stateless: what is sent again is judged again. With
// transactions (t_newtran) a retransmission gets the answer of before.
void make_stateful(Profile& profile) { profile.retransmission = {}; }

Profile kamailio_default() {
  return {
      .name = "kamailio-default",
      .description = "Kamailio as it is configured out of the box: every refusal is a plain 401",
      .nonce = {.format = NonceFormat::kamailio,
                .lifetime = 300s,
                .time = TimeTest::start_before_mac},
      .credentials = {.last_of_two_counts = true},
      .style = {.order = "realm nonce qop stale"},
      .server = "kamailio (5.6.3)",
      .retransmission = {.replays_challenges = false, .replays_answers = false},
  };
}

Profile kamailio_stale16() {
  auto profile = kamailio_default();
  profile.name = "kamailio-stale16";
  profile.description = "Kamailio with challenge flag 16: what reads as old is stale=true";
  profile.on.expired = either(reply::stale);
  return profile;
}

Profile kamailio_nc() {
  auto profile = kamailio_default();
  profile.name = "kamailio-nc";
  profile.description =
      "Kamailio with nonce_count=1: nc must rise, in 8 bits, replays are plain 401";
  profile.nonce.format = NonceFormat::kamailio_indexed;
  profile.count = {.check = CountRules::Check::rising, .largest = 255};
  profile.order = {Test::nonce, Test::count, Test::account, Test::digest, Test::user_match};
  profile.qop = "auth";
  make_stateful(profile);
  return profile;
}

Profile kamailio_otn() {
  auto profile = kamailio_default();
  profile.name = "kamailio-otn";
  profile.description = "Kamailio with one_time_nonce=1: reuse is a plain 401";
  profile.nonce.format = NonceFormat::kamailio_indexed;
  profile.nonce.one_time = true;
  profile.nonce.burn = Burn::before_digest;
  make_stateful(profile);
  return profile;
}

Profile kamailio_authinfo() {
  auto profile = kamailio_otn();
  profile.name = "kamailio-authinfo";
  profile.description =
      "Kamailio with one_time_nonce=1 and add_authinfo_hdr=1: nextnonce in the 200";
  profile.qop = "auth";
  profile.auth_info = AuthInfo::next_nonce;
  return profile;
}

Profile kamailio_checks11() {
  auto profile = kamailio_default();
  profile.name = "kamailio-checks11";
  profile.description =
      "Kamailio with auth_checks_register=11: a nonce is bound to Request-URI, "
      "Call-ID and address";
  profile.nonce.format = NonceFormat::kamailio_bound;
  profile.nonce.bound_to = bound::request_uri | bound::call_id | bound::source;
  profile.qop = "auth";
  return profile;
}

Profile kamailio_strict403() {
  auto profile = kamailio_default();
  profile.name = "kamailio-strict403";
  profile.description = "Kamailio with a hand-written configuration: a wrong password is 403";
  profile.on.wrong_password = reply::forbidden;
  profile.on.user_mismatch = reply::forbidden;
  profile.on.unknown_user = reply::forbidden;
  return profile;
}

Profile opensips_default() {
  return {
      .name = "opensips-default",
      .description = "OpenSIPS: every nonce it does not like is stale, whatever the password",
      .nonce = {.format = NonceFormat::opaque44,
                .lifetime = 30s,
                .one_time = true,
                .burn = Burn::before_digest,
                .one_time_after = 31s},
      .on = {.foreign = either(reply::stale),
             .expired = either(reply::stale),
             .used = either(reply::stale)},
      .style = {.order = "realm nonce qop stale"},
      .server = "OpenSIPS (3.4.9 (x86_64/linux))",
      .retransmission = {.replays_challenges = false, .replays_answers = false},
  };
}

Profile resip_dum() {
  constexpr Reply invalid_nonce{.status = 403, .reason = "Invalid nonce"};
  return {
      .name = "resip-dum",
      .description = "reSIProcate's dum: 407 on REGISTER, a nonce that is not its own is 403",
      .nonce = {.format = NonceFormat::time_colon_md5,
                .bound_to = bound::from_user,
                .lifetime = 3000s,
                .time = TimeTest::before_mac},
      .on = {.foreign = either(invalid_nonce),
             .expired = either(reply::stale),
             .malformed = reply::forbidden,
             .wrong_password = reply::forbidden,
             .unknown_user = reply::not_found,
             .user_mismatch = reply::forbidden},
      .challenge_code = 407,
      .rows = {{.algorithm = "MD5"}},
      .style = {.order = "nonce algorithm realm stale", .separator = ","},
  };
}

Profile repro() {
  auto profile = resip_dum();
  profile.name = "repro";
  profile.description = "repro: as resip-dum, but a nonce that is not its own is stale";
  profile.on.foreign = either(reply::stale);
  profile.on.unknown_user = {.status = 404, .reason = "User unknown."};
  profile.server = "repro 1.12.0/reSIProcate";
  profile.sequence.same_cseq = {.status = 482};
  return profile;
}

}  // namespace

std::vector<Profile> proxy_profiles() {
  return {kamailio_default(),  kamailio_stale16(),
          kamailio_nc(),       kamailio_otn(),
          kamailio_checks11(), kamailio_strict403(),
          kamailio_authinfo(), opensips_default(),
          resip_dum(),         repro()};
}

}  // namespace sipauth::registrar
