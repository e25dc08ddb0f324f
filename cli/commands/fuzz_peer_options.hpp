// What the command line says about `fuzz server` and `fuzz client`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/options.hpp"

namespace sipauth::commands {

/// Of both.
struct FuzzPeerOptions {
  std::optional<std::uint64_t> runs;  ///< cases; 1000 when no time is given either
  double seconds = 0;                 ///< 0: no limit
  std::vector<std::string> replay;    ///< files
  std::string artifacts;              ///< folder; empty: sipauth-fuzz/server, sipauth-fuzz/client
  std::string restart_hook;
  int findings = 1;
  int tries = 100;  ///< to send messages again, for each finding
};

struct FuzzServerOptions : FuzzPeerOptions {
  int liveness_every = 16;
  double slow_after = 1;                     ///< seconds
  double patience = 30;                      ///< seconds
  std::optional<std::uint64_t> max_refused;  ///< none on loopback, else 40
  std::string allow_host;
  bool dry_run = false;
};

struct FuzzClientOptions : FuzzPeerOptions {
  FuzzClientOptions() { tries = 30; }  // each takes a phone's time

  std::string listen = "127.0.0.1:5060";
  std::string profile = "strict";
  std::string accounts_file;
  std::optional<std::uint64_t> seed;
  int liveness_every = 4;
  double patience = 120;  ///< seconds
  double expires = 10;    ///< seconds, of a binding
};

int run_fuzz_server(const GlobalOptions&, const TargetOptions&, const FuzzServerOptions&);
int run_fuzz_client(const GlobalOptions&, const FuzzClientOptions&);

}  // namespace sipauth::commands
