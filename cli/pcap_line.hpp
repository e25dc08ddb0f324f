// The options of `pcap`, for main.cpp: they are among what knows CLI11.
#pragma once

#include <CLI/CLI.hpp>

#include "commands/options.hpp"
#include "commands/values.hpp"
#include "option_adders.hpp"

namespace sipauth::commands {

inline void add_pcap_options(CLI::App& app, PcapOptions& to) {
  add_text(app, "FILE", to.file, "", "pcap, pcapng or a pasted trace; - is standard input");
  add_text(app, "--accounts", to.accounts_file, "FILE",
           "USER REALM PASSWORD lines, to verify digests");
  add_list(app, "--ladder", to.ladders, "NUMBER",
           "Draw this attempt, by its number or Call-ID, or all; may be repeated");
  add_list(app, "--only", to.only, "ID", "Only this check or suite; may be repeated");
  add_text(app, "--anonymize", to.anonymized_file, "FILE",
           "Write the messages there without users, domains, addresses and secrets");
  add_value(app, "--fail-on", to.fail_on, one_of({"fail", "warn", "never"}), "VERDICT",
            "fail, warn or never: what exit code 1 means [fail]");
  app.add_flag("--list", to.list, "List the checks");
  app.footer("Exit codes: 0 nothing found, 1 findings, 2 an unreadable file or usage.");
}

}  // namespace sipauth::commands
