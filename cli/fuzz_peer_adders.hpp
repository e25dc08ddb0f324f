// The options of `fuzz server` and `fuzz client`, for main.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

#include "commands/fuzz_peer_options.hpp"
#include "commands/values.hpp"
#include "option_adders.hpp"

namespace sipauth::commands {

inline void add_fuzz_peer(CLI::App& app, FuzzPeerOptions& to) {
  add_value(app, "--runs", to.runs, whole_of<std::uint64_t>, "NUMBER",
            "Stop after so many mutated messages [1000]");
  add_value(app, "--seconds", to.seconds, seconds_of, "TIME", "Stop after so long");
  add_list(app, "--replay", to.replay, "FILE", "Send this message again; may be repeated");
  add_text(app, "--artifacts", to.artifacts, "DIRECTORY",
           "Where replay files go [sipauth-fuzz/server or client]");
  add_text(app, "--restart-hook", to.restart_hook, "COMMAND",
           "Starts the peer again when it is down or otherwise");
  add_value(app, "--findings", to.findings, whole_of<int>, "NUMBER", "Stop at so many [1]");
  add_value(app, "--tries", to.tries, whole_of<int>, "NUMBER",
            "To send messages again, for each finding [100]");
}

inline void add_fuzz_server(CLI::App& app, FuzzServerOptions& to) {
  add_fuzz_peer(app, to);
  add_value(app, "--liveness-every", to.liveness_every, whole_of<int>, "NUMBER",
            "Look after so many messages whether it is well [16]");
  add_value(app, "--slow-after", to.slow_after, seconds_of, "TIME",
            "A valid REGISTER that takes longer is a finding [1s]");
  add_value(app, "--patience", to.patience, seconds_of, "TIME",
            "Wait so long for it to come back [30s]");
  add_value(app, "--max-refused", to.max_refused, whole_of<std::uint64_t>, "NUMBER",
            "Stop at so many refused tries [40, no limit on this host]");
  add_text(app, "--allow-host", to.allow_host, "HOST", "The host of TARGET once more: it is mine");
  app.add_flag("--dry-run", to.dry_run, "Say what would be done, and send nothing");
}

}  // namespace sipauth::commands
