#include <fmt/format.h>

#include "interop/kamailio.hpp"

namespace sipauth::interop {
namespace {

// qop goes with flag 1 of auth_challenge(), stale=true with flag 16.
constexpr int qop_flag = 1;
constexpr int stale_flag = 16;
// What pv_auth_check() returns; other_user is one who is not that of To.
constexpr int wrong_password = -2;
constexpr int old_nonce = -4;
constexpr int no_credentials = -5;
constexpr int used_nonce = -6;
constexpr int other_user = -8;

// All of sanity.so's checks of requests that do not need a name resolved, and of URIs.
constexpr std::string_view sanity = R"(  if (!sanity_check("17895", "7")) exit;
)";

constexpr std::string_view modules = R"script(
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "sanity.so"
modparam("usrloc", "db_mode", 0)
)script";

// t_newtran() absorbs retransmissions: without it, a nonce that counts is spent by the network.
constexpr std::string_view routes = R"script(
request_route {{
{sanity}  if (method == "OPTIONS") {{
    sl_send_reply("200", "{ready}");
    exit;
  }}
  if (method != "REGISTER") {{
    sl_send_reply("405", "Method Not Allowed");
    exit;
  }}
{transaction}  route(AUTHENTICATE);
  save("location");
  exit;
}}

route[AUTHENTICATE] {{
  $var(password) = "nobody knows";
  if ($au == "alice") $var(password) = "secret";
  if ($au == "bob") $var(password) = "secret2";
{unknown_user}  if (pv_auth_check("{realm}", "$var(password)", "0", "1")) return;
  switch ($rc) {{
    case {no_credentials}:
      {challenge};
      break;
    case {old_nonce}:
      {old_nonce_answer};
      break;
    case {used_nonce}:
      {used_nonce_answer};
      break;
    case {wrong_password}:
    case {other_user}:
      {wrong_password_answer};
      break;
    default:
      {refusal};
  }}
  exit;
}}
)script";

constexpr std::string_view unknown_user =
    R"script(  if ($au != $null && $var(password) == "nobody knows") {
    send_reply("404", "Not Found");
    exit;
  }
)script";

// What comes over a stream and begins like HTTP is handed to xhttp; websocket takes over from
// there, and what it hands on runs through request_route like everything else.
constexpr std::string_view websocket_modules = R"script(
loadmodule "xhttp.so"
loadmodule "websocket.so"
tcp_accept_no_cl=yes
)script";

constexpr std::string_view websocket_route = R"script(
event_route[xhttp:request] {
  if ($rm == "GET" && $hdr(Upgrade) == "websocket" && ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}
)script";

std::string listeners(const Variant& variant, Ports ports) {
  auto lines = fmt::format("listen=udp:127.0.0.1:{0}\nlisten=tcp:127.0.0.1:{0}\n", ports.sip);
  if (variant.tls) lines += fmt::format("enable_tls=yes\nlisten=tls:127.0.0.1:{}\n", ports.tls);
  return lines;
}

std::string auth_parameters(const Variant& variant) {
  auto lines =
      fmt::format("modparam(\"auth\", \"nonce_expire\", {})\n", variant.nonce_lifetime.count());
  if (variant.nonce_count) lines += "modparam(\"auth\", \"nonce_count\", 1)\n";
  if (variant.bound_nonce) lines += "modparam(\"auth\", \"auth_checks_register\", 11)\n";
  if (variant.authentication_info) lines += "modparam(\"auth\", \"add_authinfo_hdr\", 1)\n";
  if (variant.one_time_nonce) lines += "modparam(\"auth\", \"one_time_nonce\", 1)\n";
  if (variant.algorithm != "MD5") {
    lines += fmt::format("modparam(\"auth\", \"algorithm\", \"{}\")\n", variant.algorithm);
  }
  return lines;
}

std::string tls_parameters(const Variant& variant, const std::filesystem::path& folder) {
  if (!variant.tls) return "";
  return fmt::format(
      "loadmodule \"tls.so\"\n"
      "modparam(\"tls\", \"tls_method\", \"TLSv1.2+\")\n"
      "modparam(\"tls\", \"certificate\", \"{0}/certificate.pem\")\n"
      "modparam(\"tls\", \"private_key\", \"{0}/key.pem\")\n",
      folder.string());
}

std::string challenge(int flags) {
  return fmt::format(R"(auth_challenge("{}", "{}"))", realm, flags);
}

std::string routes_of(const Variant& variant, const std::filesystem::path& folder) {
  const int flags = variant.qop ? qop_flag : 0;
  const std::string forbidden = R"(send_reply("403", "Forbidden"))";
  const auto refusal = variant.forbid_refused ? forbidden : challenge(flags);
  const auto stale_if = [&](bool stale) { return stale ? challenge(flags | stale_flag) : refusal; };
  return fmt::format(routes, fmt::arg("realm", realm),
                     fmt::arg("sanity", variant.sane ? sanity : ""),
                     fmt::arg("ready", ready_phrase(folder)),
                     fmt::arg("transaction", variant.absorbs ? "  if (!t_newtran()) exit;\n" : ""),
                     fmt::arg("unknown_user", variant.forbid_wrong ? unknown_user : ""),
                     fmt::arg("no_credentials", no_credentials),
                     fmt::arg("challenge", challenge(flags)), fmt::arg("old_nonce", old_nonce),
                     fmt::arg("old_nonce_answer", stale_if(variant.stale_when_old)),
                     fmt::arg("used_nonce", used_nonce),
                     fmt::arg("used_nonce_answer", stale_if(variant.stale_when_used)),
                     fmt::arg("wrong_password", wrong_password), fmt::arg("other_user", other_user),
                     fmt::arg("wrong_password_answer", variant.forbid_wrong ? forbidden : refusal),
                     fmt::arg("refusal", refusal));
}

}  // namespace

std::string ready_phrase(const std::filesystem::path& folder) {
  return "Ready in " + folder.filename().string();
}

std::string script_of(const Variant& variant, Ports ports, const std::filesystem::path& folder) {
  return "#!KAMAILIO\n"
         "debug=1\nlog_stderror=yes\nchildren=2\nauto_aliases=no\ndns=no\nrev_dns=no\n" +
         fmt::format("alias=\"{}\"\n", realm) + listeners(variant, ports) + std::string{modules} +
         auth_parameters(variant) + tls_parameters(variant, folder) +
         std::string{variant.websocket ? websocket_modules : ""} + routes_of(variant, folder) +
         std::string{variant.websocket ? websocket_route : ""};
}

}  // namespace sipauth::interop
