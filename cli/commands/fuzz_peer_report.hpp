// How a run of `fuzz server` or `fuzz client` is told, and the files that it leaves.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/document.hpp"
#include "fuzzing/finding.hpp"
#include "fuzzing/replay_file.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// A finding and its files, with the smallest form of the message last.
struct KeptFinding {
  fuzzing::Finding finding;
  std::vector<std::string> files = {};  ///< of its cases, in their order
  std::string minimized = {};           ///< a file, or empty
};

struct FuzzPeerReport {
  std::string peer;                  ///< `server` or `client`
  std::string command;               ///< what replays a file when its name is added
  results::TargetFacts target = {};  ///< of a server
  std::string listening = {};        ///< for a client: `127.0.0.1:5060`
  std::uint64_t seed = 0;
  bool replayed = false;
  std::uint64_t cases = 0;
  std::uint64_t sent_again = 0;
  std::uint64_t looks = 0;
  std::uint64_t refused = 0;
  double seconds = 0;
  std::map<int, std::uint64_t> answers = {};  ///< by status; 0: none
  /// What a well peer does, name and text.
  std::vector<std::pair<std::string, std::string>> usual = {};
  std::vector<KeptFinding> findings = {};
  std::vector<std::string> notes = {};
  std::optional<results::Error> stop = {};  ///< kind empty: no error, the run ended early
  int exit_code = 0;
};

/// Sets the exit code: 130, 5, 2, 1, 4, 3, 0, the first that applies.
void judge(FuzzPeerReport& report);

[[nodiscard]] Document render_fuzz_peer(const FuzzPeerReport& report);

/// Writes the files of each finding into `folder`, which is made, for the owner alone. The error is
/// a sentence.
[[nodiscard]] std::expected<std::vector<KeptFinding>, std::string> keep_findings(
    std::vector<fuzzing::Finding> findings, const std::string& peer, const std::string& folder);

/// Of a replay: each finding with the file of `paths` that `replays` was read from.
[[nodiscard]] std::vector<KeptFinding> replayed_findings(
    std::vector<fuzzing::Finding> findings, const std::vector<std::string>& paths,
    const std::vector<fuzzing::ReplayFile>& replays);

/// Reads them all, for this peer; an Error of kind usage.
[[nodiscard]] std::expected<std::vector<fuzzing::ReplayFile>, results::Error> read_replays(
    const std::vector<std::string>& files, const std::string& peer);

/// A word for a shell: in single quotes where it needs them.
[[nodiscard]] std::string shell_word(const std::string& text);

}  // namespace sipauth::commands
