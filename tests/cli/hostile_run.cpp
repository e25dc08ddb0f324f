#include "cli/hostile_run.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "cli/peers.hpp"
#include "commands/options.hpp"
#include "registrar/profiles.hpp"

namespace sipauth::peers {

using nlohmann::json;

const std::vector<std::string>& few_checks() {
  static const std::vector<std::string> checks{"SA-AUTH-01",  "SA-AUTH-03",  "SA-NONCE-01",
                                               "SA-NONCE-02", "SA-STALE-02", "SA-STALE-07"};
  return checks;
}

std::string HostileRun::error() const {
  return document.contains("error") ? document["error"].value("kind", "") : "";
}

int HostileRun::count(std::string_view verdict) const {
  int all = 0;
  for (const auto& result : document["results"]) all += result["verdict"] == verdict ? 1 : 0;
  return all;
}

std::string HostileRun::told() const {
  std::string text = document.contains("error") ? document["error"].dump() + "\n" : "";
  for (const auto& result : document["results"]) {
    text += result["id"].get<std::string>() + ' ' + result["verdict"].get<std::string>() + ": " +
            result["summary"].get<std::string>() + '\n';
  }
  return text + document["notes"].dump();
}

HostileRun run_hostile(const RunWish& wish) {
  const TemporaryFile password{"secret\n"};
  const TemporaryFile output{""};
  const commands::GlobalOptions global{
      .quiet = true, .outputs = {"json:" + output.path()}, .no_input = true};
  commands::TargetOptions target;
  target.target = wish.target;
  target.user = "alice";
  target.password_file = password.path();
  target.timeout_seconds = wish.timeout_seconds;
  target.ca_file = wish.ca_file;
  target.seed = 1;
  commands::CheckOptions options;
  options.only = few_checks();
  options.no_wait = true;

  HostileRun run;
  run.exit = wish.command == CheckCommand::check ? commands::run_check(global, target, options)
                                                 : commands::run_stale(global, target, options);
  std::ifstream file{output.path()};
  run.document = json::parse(file, nullptr, false);
  EXPECT_TRUE(run.document.is_object());
  EXPECT_EQ(run.document.value("exit_code", -1), run.exit);
  return run;
}

HonestAnswers::HonestAnswers()
    : registrar_{*registrar::find_profile("strict"), registrar::built_in_accounts(), 1} {}

std::string HonestAnswers::to(std::string_view request, bool reliable) {
  ++number_;
  const auto now = net::Instant{} + std::chrono::milliseconds{number_};
  const net::WallTime wall{std::chrono::seconds{1'800'000'000} +
                           std::chrono::milliseconds{number_}};
  std::string all;
  for (const auto& answer : registrar_.handle(request, "127.0.0.1:40000", now, wall, reliable)) {
    all += answer.bytes;
  }
  return all;
}

}  // namespace sipauth::peers
