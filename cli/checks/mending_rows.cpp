// Only what was read in a server's documentation, source or issues.

#include <array>

#include "checks/mending.hpp"

namespace sipauth::checks {
namespace {

constexpr std::string_view kamailio = "Kamailio";
constexpr std::string_view opensips = "OpenSIPS";
constexpr std::string_view chan_sip = "Asterisk chan_sip";
constexpr std::string_view res_pjsip = "Asterisk res_pjsip";
constexpr std::string_view freeswitch = "FreeSWITCH";
constexpr std::string_view flexisip = "Flexisip";

constexpr std::string_view kamailio_parameters =
    "kamailio/kamailio src/modules/auth/doc/auth_params.xml";
constexpr std::string_view kamailio_functions =
    "kamailio/kamailio src/modules/auth/doc/auth_functions.xml";
constexpr std::string_view opensips_auth = "OpenSIPS/opensips modules/auth/doc/auth_admin.xml";
constexpr std::string_view pjsip_authentication =
    "docs.asterisk.org, Configuring res_pjsip, PJSIP Authentication";
constexpr std::string_view pjsip_digest = "asterisk/asterisk res/res_pjsip_authenticator_digest.c";
constexpr std::string_view sofia_reg =
    "signalwire/freeswitch src/mod/endpoints/mod_sofia/sofia_reg.c";
constexpr std::string_view flexisip_parameters =
    "BelledonneCommunications/flexisip src/modules/module-authentication-base.cc";
constexpr std::string_view flexisip_module =
    "BelledonneCommunications/flexisip src/auth/flexisip-auth-module.cc";

constexpr auto rows = std::to_array<Mending>({
    {.checks = {"SA-CH-06"},
     .server = kamailio,
     .advice =
         R"(give www_challenge() or auth_challenge() the flag 1, as in auth_challenge("$fd", )"
         R"("1"), or set modparam("auth", "qop", "auth"))",
     .source = kamailio_functions},
    {.checks = {"SA-CH-07", "SA-CH-17"},
     .server = kamailio,
     .advice =
         R"(set modparam("auth", "algorithm", "SHA-256"); one algorithm is offered to all, so )"
         "phones that know only MD5 then stay outside, and SHA-512 is no registered name",
     .source = kamailio_parameters},
    {.checks = {"SA-CH-12"},
     .server = kamailio,
     .advice = "challenge REGISTER with www_challenge() or auth_challenge(), not with "
               "proxy_challenge()",
     .source = kamailio_functions},
    {.checks = {"SA-NONCE-01", "SA-STALE-01", "SA-STALE-10", "SA-NC-01", "SA-NC-03", "SA-NC-08"},
     .server = kamailio,
     .advice =
         "for stale=true look at the return code of the check: at -4 (expired) and -6 (reused) "
         R"(give the challenge the flag 16 as well, auth_challenge("$fd", "17"))",
     .source = kamailio_functions},
    {.checks = {"SA-NONCE-01", "SA-STALE-10"},
     .server = kamailio,
     .advice =
         R"(leave modparam("auth", "one_time_nonce", 0) and protect against replay with qop and )"
         "nonce_count instead: nonces may then be used again",
     .source = kamailio_parameters},
    {.checks = {"SA-NONCE-02", "SA-STALE-07", "SA-STALE-13"},
     .server = kamailio,
     .advice =
         "send a challenge, never a 403, at each negative return code of www_authenticate() or "
         "auth_check(): what is only an old nonce then gets a new one",
     .source = kamailio_functions},
    {.checks = {"SA-STALE-03"},
     .server = kamailio,
     .advice = "cannot be set: the nonce is looked at before the digest, so the script does not "
               "learn whether the password was right",
     .source = "kamailio/kamailio src/modules/auth/api.c"},
    {.checks = {"SA-NC-01", "SA-NC-03"},
     .server = kamailio,
     .advice = R"(set modparam("auth", "qop", "auth") and modparam("auth", "nonce_count", 1), and )"
               "call t_newtran() before the check",
     .source = kamailio_parameters},
    {.checks = {"SA-NC-08"},
     .server = kamailio,
     .advice = "cannot be set: nonce_count keeps counts up to 255, and what is above is stale",
     .source = kamailio_parameters},
    {.checks = {"SA-NC-10"},
     .server = kamailio,
     .advice =
         "give pv_www_authenticate() or pv_auth_check() the flag 32, so that a wrong password "
         "does not use nc up",
     .source = kamailio_functions},
    {.checks = {"SA-TX-01"},
     .server = kamailio,
     .advice = "go stateful before the check: t_newtran(), and t_reply() for the answers; with "
               "nonce_count or one_time_nonce a stateless script challenges retransmissions",
     .source = kamailio_parameters},
    {.checks = {"SA-NONCE-08"},
     .server = kamailio,
     .advice = R"(take 2 (Call-ID) out of modparam("auth", "auth_checks_register", ...))",
     .source = kamailio_parameters},
    {.checks = {"SA-NONCE-10"},
     .server = kamailio,
     .advice = R"(take 8 (source address) out of modparam("auth", "auth_checks_register", ...))",
     .source = kamailio_parameters},
    {.checks = {"SA-ENUM-01"},
     .server = kamailio,
     .advice = "treat -3 (no such user) like -2 (wrong password): the same challenge for both",
     .source = "kamailio/kamailio src/modules/auth_db/doc/auth_db_admin.xml"},

    {.checks = {"SA-CH-06"},
     .server = opensips,
     .advice = R"(write www_challenge("", "auth"); versions that take a number there want 1)",
     .source = opensips_auth},
    {.checks = {"SA-CH-17"},
     .server = opensips,
     .advice =
         R"(name the algorithms: www_challenge("", "auth", "SHA-256,MD5"); the stronger always )"
         "stands on top, which shuts out phones that read only the first challenge",
     .source = opensips_auth},
    {.checks = {"SA-CH-12"},
     .server = opensips,
     .advice = "challenge REGISTER with www_challenge(), not with proxy_challenge()",
     .source = opensips_auth},
    {.checks = {"SA-NONCE-02", "SA-STALE-01", "SA-STALE-07", "SA-STALE-13"},
     .server = opensips,
     .advice = "call www_challenge(), never send a 403, at each negative return code of the check; "
               "-3 is a stale nonce",
     .source = opensips_auth},
    {.checks = {"SA-STALE-03"},
     .server = opensips,
     .advice = "cannot be set: the nonce is looked at before the digest, and an old one is always "
               "called stale",
     .source = "measured; nonce_expire in OpenSIPS/opensips modules/auth/doc/auth_admin.xml"},
    {.checks = {"SA-NC-01", "SA-NC-03"},
     .server = opensips,
     .advice =
         R"(leave modparam("auth", "disable_nonce_check", 0): each nonce is then good once; in )"
         "the first nonce_expire seconds after a start it is not",
     .source = opensips_auth},
    {.checks = {"SA-AUTH-24"},
     .server = opensips,
     .advice =
         "update: 3.2.9 calls an answer without qop stale for ever; pull request 3001 mends it",
     .source = "OpenSIPS/opensips issue 2995"},
    {.checks = {"SA-ENUM-01"},
     .server = opensips,
     .advice = "call www_challenge() at -1 (no such user) and -5 (other error) as at -2 (wrong "
               "password)",
     .source = opensips_auth},

    {.checks = {"SA-CH-06", "SA-CH-10", "SA-CH-17"},
     .server = chan_sip,
     .advice = "cannot be set: it offers no qop, MD5 alone, and nonces of eight digits; res_pjsip "
               R"(offers qop="auth" and longer nonces)",
     .source = "asterisk/asterisk channels/chan_sip.c, res/res_pjsip_authenticator_digest.c"},
    {.checks = {"SA-NONCE-02", "SA-STALE-01", "SA-STALE-07", "SA-STALE-13"},
     .server = chan_sip,
     .advice =
         "update: mended in 1.0.8, where an old nonce gets a plain 401, and with stale=true in "
         "1.2.0",
     .source = "asterisk/asterisk commits 320be7fff9 and 115e45c7b0 (ASTERISK-04240)"},
    {.checks = {"SA-NONCE-08", "SA-TX-01"},
     .server = chan_sip,
     .advice =
         "cannot be set: a nonce belongs to one Call-ID and is good for one answer; res_pjsip "
         "has neither limit",
     .source = "asterisk/asterisk channels/chan_sip.c, res/res_pjsip_authenticator_digest.c"},
    {.checks = {"SA-ENUM-01"},
     .server = chan_sip,
     .advice = "set alwaysauthreject=yes in [general] of sip.conf",
     .source = "asterisk/asterisk configs/samples/sip.conf.sample"},

    {.checks = {"SA-CH-07"},
     .server = res_pjsip,
     .advice = "cannot be set: older versions write md5 in lower case; those with pjproject 2.15.1 "
               "(20.12.0, 21.7.0, 22.2.0) take the registered names",
     .source = "pjsip/pjproject sip_auth_server.c; docs.asterisk.org, PJSIP Authentication"},
    {.checks = {"SA-CH-13", "SA-CH-17"},
     .server = res_pjsip,
     .advice =
         "set supported_algorithms_uas = SHA-256, MD5 in the auth section, the stronger first: "
         "challenges stand in this order (from 20.12.0, 21.7.0 and 22.2.0 on)",
     .source = pjsip_authentication},
    {.checks = {"SA-NC-01", "SA-NC-03"},
     .server = res_pjsip,
     .advice =
         "cannot be set: nc is not looked at; a smaller nonce_lifetime in the auth section (32 s "
         "unless set) leaves less time for a replay",
     .source = pjsip_digest},
    {.checks = {"SA-AUTH-25"},
     .server = res_pjsip,
     .advice = "no way known: pjproject verifies the credentials, and takes a qop without cnonce",
     .source = pjsip_digest},

    {.checks = {"SA-CH-01"},
     .server = freeswitch,
     .advice = "set accept-blind-reg to false in the profile",
     .source = "signalwire/freeswitch src/mod/endpoints/mod_sofia/sofia.c"},
    {.checks = {"SA-STALE-03"},
     .server = freeswitch,
     .advice = "cannot be set: an unknown or expired nonce is called stale before the password is "
               "looked at",
     .source = sofia_reg},
    {.checks = {"SA-AUTH-26"},
     .server = freeswitch,
     .advice =
         "cannot be set: credentials without nc are taken, and their count is then not checked",
     .source = sofia_reg},

    {.checks = {"SA-CH-06"},
     .server = flexisip,
     .advice = "set disable-qop-auth=false in [module::Authentication]",
     .source = flexisip_parameters},
    {.checks = {"SA-CH-13", "SA-CH-17"},
     .server = flexisip,
     .advice =
         "set available-algorithms=SHA-256 MD5 in [module::Authentication]: challenges stand in "
         "this order, for the hashes that the database has",
     .source = flexisip_parameters},
    {.checks = {"SA-NC-01", "SA-NC-03"},
     .server = flexisip,
     .advice = "cannot be set: a repeated nc gets a challenge without stale=true",
     .source = flexisip_module},
    {.checks = {"SA-NC-10"},
     .server = flexisip,
     .advice = "cannot be set: nc is used up before the password is looked at",
     .source = flexisip_module},
    {.checks = {"SA-STALE-03"},
     .server = flexisip,
     .advice = "cannot be set: an expired nonce is called stale before the password is looked at",
     .source = flexisip_module},
    {.checks = {"SA-AUTH-24"},
     .server = flexisip,
     .advice = "set disable-qop-auth=true in [module::Authentication] if such phones must get in; "
               "replays are then not noticed",
     .source = flexisip_module},
});

}  // namespace

std::span<const Mending> mendings() { return rows; }

}  // namespace sipauth::checks
