// The options of `fuzz`: the third file that knows CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

#include "commands/options.hpp"
#include "commands/values.hpp"
#include "option_adders.hpp"

namespace sipauth::commands {

inline void add_fuzz_options(CLI::App& app, FuzzOptions& to) {
  add_text(app, "PARSER", to.target, "", "Which one; --list names them");
  app.add_option("SEEDS", to.rest, "More inputs to start from; behind --: libFuzzer's own options")
      ->type_name("");
  app.add_flag("--list", to.list, "List the parsers");
  add_value(app, "--seconds", to.seconds, seconds_of, "TIME", "Stop after so long [60s]");
  add_value(app, "--runs", to.runs, whole_of<std::uint64_t>, "NUMBER", "Stop after so many");
  add_value(app, "--seed", to.seed, whole_of<std::uint64_t>, "NUMBER", "Repeat a run");
  add_text(app, "--corpus", to.corpus, "DIRECTORY",
           "Read and keep inputs there [sipauth-fuzz/PARSER/corpus]");
  add_value(app, "--mutate", to.mutate, one_of({"plain", "structure", "both"}), "HOW",
            "plain bytes, structure of the header, or both [both]");
  add_value(app, "--dictionary", to.dictionary, one_of({"on", "off"}), "WHEN",
            "The words of the parser's grammar [on]");
  app.add_flag("--value-profile", to.value_profile, "Follow comparisons: slower, for long runs");
  add_list(app, "--replay", to.replay, "PATH", "Run this input, or all of this directory");
  add_text(app, "--minimize", to.minimize, "FILE", "The smallest input that fails in the same way");
  app.add_flag("--merge", to.merge, "Add to --corpus what the SEEDS reach and it does not");
  app.add_flag("--coverage", to.coverage, "What of the library a corpus reaches");
  app.footer("Exit codes: 0 nothing found, 1 a finding, 2 usage, 3 no engine in this build.");
}

}  // namespace sipauth::commands
