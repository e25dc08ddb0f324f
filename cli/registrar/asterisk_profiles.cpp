#include "registrar/profiles.hpp"

// chan_sip kept one nonce for each Call-ID, in a state that lived on for some seconds after every
// answer. What changed over the years is how a phone fared that came with another nonce.

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

constexpr Reply name_mismatch{.status = 403,
                              .reason = "Authentication user name does not match account name"};

Profile before() {
  return {
      .name = "asterisk-2005-before",
      .description = "Asterisk CVS of early 2005: never reads the nonce, so an old one is a 403",
      .nonce = {.format = NonceFormat::hex8,
                .scope = Scope::call_id,
                .verify = Verify::stored,
                .state_ttl = 15s},
      .order = {Test::account, Test::user_match, Test::nonce, Test::count, Test::digest},
      .on = {.unknown_user_asks = reply::forbidden,
             .malformed = reply::forbidden,
             .wrong_password = reply::forbidden,
             .unknown_user = reply::forbidden},
      .account_from_to = true,
      .reads_username = false,
      .checks_realm = false,
      .realm = "asterisk",
      .style = {.order = "realm nonce stale"},
      .server = "Asterisk PBX",
      .trying = true,
  };
}

Profile r5834() {
  auto profile = before();
  profile.name = "asterisk-2005-r5834";
  profile.description = "Asterisk r5834: an old nonce with a right digest is stale=true";
  profile.nonce.verify = Verify::issued;
  profile.on.foreign = {reply::stale, reply::challenge};
  profile.on.user_mismatch = name_mismatch;
  profile.reads_username = true;
  profile.style.before_stale = " , ";
  profile.style.trailing_when_plain = " ";
  return profile;
}

Profile first_patch() {
  auto profile = r5834();
  profile.name = "asterisk-2005-first-patch";
  profile.description = "the first patch: no comma before stale=true, and the comparison inverted";
  profile.nonce.verify = Verify::inverted;
  profile.style.before_stale = " ";
  return profile;
}

Profile release_1_0_8() {
  auto profile = before();
  profile.name = "asterisk-2005-1.0.8";
  profile.description = "Asterisk 1.0.8: an old nonce is a plain 401 with a new one";
  profile.nonce.verify = Verify::issued;
  return profile;
}

Profile release_1_2() {
  auto profile = r5834();
  profile.name = "asterisk-1.2";
  profile.description = "Asterisk 1.2: as r5834, with a clean comma";
  profile.style.before_stale.reset();
  profile.style.trailing_when_plain = {};
  return profile;
}

Profile loop_2009() {
  auto profile = release_1_2();
  profile.name = "asterisk-2009-loop";
  profile.description =
      "Asterisk 1.4 before r205804: every refusal replaces the nonce, crossed "
      "registrations loop";
  profile.nonce.state_ttl = 32s;
  profile.rows = {{.algorithm = "MD5"}};
  profile.style.order = "algorithm realm nonce stale";
  return profile;
}

Profile chansip() {
  auto profile = loop_2009();
  profile.name = "asterisk-chansip";
  profile.description = "Asterisk 1.4.27 to 20, chan_sip: one answer for each nonce";
  profile.nonce.one_time = true;
  profile.nonce.burn = Burn::before_digest;
  profile.nonce.ignores_case = true;
  profile.nonce.rekey_on_stale = false;
  profile.order = {Test::user_match, Test::nonce, Test::account, Test::count, Test::digest};
  profile.on.used = profile.on.foreign;
  // alwaysauthreject: whether the user exists shows in no answer.
  profile.on.unknown_user_asks = reply::challenge;
  profile.compared_digits = 32;
  profile.trying = false;
  profile.retransmission.replays_answers = false;
  return profile;
}

Profile pjsip() {
  return {
      .name = "asterisk-pjsip",
      .description = "Asterisk 23, chan_pjsip: a nonce for each second and address, good for 32 s",
      .nonce = {.format = NonceFormat::time_slash_md5, .bound_to = bound::source, .lifetime = 32s},
      .on = {.foreign = {reply::stale, reply::challenge},
             .expired = {reply::stale, reply::challenge}},
      .credentials = {.needs_cnonce = false},
      .realm = "asterisk",
      .rows = {{.algorithm = "MD5"}},
      .qop = "auth",
      .opaque = Opaque::random,
      .style = {.separator = ","},
      .server = "Asterisk PBX 23.0.0",
  };
}

}  // namespace

std::vector<Profile> asterisk_profiles() {
  return {before(),      first_patch(), r5834(),   release_1_0_8(),
          release_1_2(), loop_2009(),   chansip(), pjsip()};
}

}  // namespace sipauth::registrar
