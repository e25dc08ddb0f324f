#include "checks/needs.hpp"

#include <array>

namespace sipauth::checks {
namespace {

constexpr auto table = std::to_array<Need>({
    {&Needs::credentials, "password",
     [](const Settings& settings) -> std::string_view {
       return settings.has_password ? "" : "no password";
     }},
    {&Needs::wrong_password, "wrong password",
     [](const Settings& settings) -> std::string_view {
       return settings.no_wrong_password ? "left out by --no-wrong-password" : "";
     }},
    {&Needs::waiting, "waits",
     [](const Settings& settings) -> std::string_view {
       return settings.no_wait ? "left out by --no-wait" : "";
     }},
    {&Needs::second_account, "second account",
     [](const Settings& settings) -> std::string_view {
       return settings.has_second_account ? "" : "needs a second account: --second-user";
     }},
    // Whether there is one shows when it is opened.
    {&Needs::second_source, "second source",
     [](const Settings&) -> std::string_view { return ""; }},
    {&Needs::binding, "--bind",
     [](const Settings& settings) -> std::string_view {
       return settings.may_bind ? "" : "registers a Contact: needs --bind";
     }},
    {&Needs::intrusive, "--intrusive",
     [](const Settings& settings) -> std::string_view {
       return settings.intrusive ? "" : "may harm the registrar: needs --intrusive";
     }},
    {&Needs::restart, "restart",
     [](const Settings& settings) -> std::string_view {
       return settings.restart ? "" : "restarts the registrar: needs --restart-hook";
     }},
});

}  // namespace

std::span<const Need> all_needs() { return table; }

std::string_view lacking(const Needs& needs, const Settings& settings) {
  for (const auto& need : table) {
    if (!(needs.*need.member)) continue;
    if (const auto why = need.lacking(settings); !why.empty()) return why;
  }
  return {};
}

}  // namespace sipauth::checks
