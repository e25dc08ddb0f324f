// What libFuzzer says while it runs, read line by line into a report.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"

namespace sipauth::commands {

class EngineListener {
 public:
  EngineListener(const GlobalOptions& global, FuzzReport& report)
      : global_{global}, report_{report} {}

  void line(std::string_view line);

  /// Behind the last line.
  void end();

  /// The last line that was no figure: when the engine ends for no finding, this says why.
  [[nodiscard]] const std::string& last_words() const { return last_words_; }

 private:
  void status(std::string_view line);
  void failure(std::string_view line);
  void artifact(std::string_view line);
  void tell(std::string_view line);

  const GlobalOptions& global_;
  FuzzReport& report_;
  std::string claim_;    // of an oracle, until its artifact is named
  std::string failure_;  // what a sanitizer wrote, until then
  std::string last_words_;
};

}  // namespace sipauth::commands
