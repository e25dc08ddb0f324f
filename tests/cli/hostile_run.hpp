// A whole run of `check` or `stale` against a server that means ill: what it ends in.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "registrar/registrar.hpp"

namespace sipauth::peers {

/// The two commands that run checks.
enum class CheckCommand : bool { check, stale };

/// What is asked of a hostile server: enough for a registration, a refused nonce, a phone that does
/// not give up, and a wrong password.
[[nodiscard]] const std::vector<std::string>& few_checks();

struct HostileRun {
  int exit = -1;
  nlohmann::json document;

  /// The kind of the error that the run ended with; empty: none.
  [[nodiscard]] std::string error() const;
  /// How many results have that verdict.
  [[nodiscard]] int count(std::string_view verdict) const;
  /// All results and the error, to be read when a test fails.
  [[nodiscard]] std::string told() const;
};

struct RunWish {
  CheckCommand command = CheckCommand::check;
  std::string target = {};
  double timeout_seconds = 20;  ///< of an answer; less where silence is to come
  std::string ca_file = {};
};

/// Runs to the end in this process, as alice.
[[nodiscard]] HostileRun run_hostile(const RunWish& wish);

/// The answers of the built-in registrar `strict`, which a hostile server then spoils.
class HonestAnswers {
 public:
  HonestAnswers();
  /// To that request; `number` counts them from 1.
  [[nodiscard]] std::string to(std::string_view request, bool reliable);
  [[nodiscard]] int number() const { return number_; }

 private:
  registrar::Registrar registrar_;
  int number_ = 0;
};

}  // namespace sipauth::peers
