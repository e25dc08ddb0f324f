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
            "To send messages again, for each finding [100; a phone: 30]");
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

inline void add_fuzz_client(CLI::App& app, FuzzClientOptions& to) {
  add_fuzz_peer(app, to);
  add_text(app, "--listen", to.listen, "ADDRESS:PORT", "[127.0.0.1:5060]");
  add_text(app, "--profile", to.profile, "NAME", "As whom it answers, damage apart [strict]");
  add_text(app, "--accounts", to.accounts_file, "FILE", "user:password lines [alice and bob]");
  add_value(app, "--seed", to.seed, whole_of<std::uint64_t>, "NUMBER",
            "Draw everything random from it");
  add_value(app, "--liveness-every", to.liveness_every, whole_of<int>, "NUMBER",
            "Let it in after so many mutated answers [4]");
  add_value(app, "--patience", to.patience, seconds_of, "TIME",
            "A phone that does not call for so long is down [120s]");
  add_value(app, "--expires", to.expires, seconds_of, "TIME",
            "How long it is let in, so that it calls again [10s]");
}

}  // namespace sipauth::commands
