// A live registrar's parsers under mutated requests: a valid dialogue first, then cases inside such
// dialogues, and between them a look whether the registrar is still what it was.
//
// On trouble the run waits for the registrar, or has it restarted, sends again what it got since it
// was last seen well, and comes down to the single message and the part of it that matters.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fuzzing/case_sender.hpp"
#include "fuzzing/finding.hpp"
#include "fuzzing/liveness.hpp"
#include "fuzzing/replay_file.hpp"
#include "sip/session.hpp"

namespace sipauth::fuzzing {

struct ServerPlan {
  std::uint64_t seed = 1;
  std::uint64_t cases = 1000;  ///< 0: no limit
  net::Duration time{0};       ///< 0: no limit
  int liveness_every = 16;     ///< cases between two looks
  net::Duration slow_after = std::chrono::seconds{1};
  net::Duration patience = std::chrono::seconds{30};  ///< for a registrar that does not answer
  std::optional<std::uint64_t> max_refused = {};      ///< tries that are refused; none: no limit
  int tries = 100;                                    ///< to send something again, for each finding
  int findings = 1;                                   ///< the run ends with so many
  std::size_t most_bytes = 16'384;                    ///< of one message
  bool loopback = true;
  /// Starts the registrar anew; may be empty.
  std::function<std::expected<void, std::string>()> restart = {};
};

/// Why a run ended before its time.
struct Stop {
  std::string kind;  ///< as the errors of a result: refused, timeout, banned, interrupted ...
  std::string text;
};

struct ServerReport {
  Health usual = {};
  bool with_right_digest = false;  ///< the cases carried credentials that were taken before
  std::uint64_t cases = 0;         ///< messages that were drawn
  std::uint64_t sent_again = 0;
  std::uint64_t looks = 0;
  std::map<int, std::uint64_t> answers = {};  ///< by status; 0: none in time
  std::vector<Finding> findings = {};
  std::vector<std::string> notes = {};
  std::optional<Stop> stop = {};
};

class ServerFuzzer {
 public:
  ServerFuzzer(sip::Session& session, ServerPlan plan);

  /// What ends a run stands in its report; before the registrar is known, NoAnswer, OverLimit and
  /// Interrupted are thrown.
  [[nodiscard]] ServerReport run();

  /// Sends each of these once, and looks behind each.
  [[nodiscard]] ServerReport replay(const std::vector<ReplayFile>& files);

  /// A line for people, from time to time.
  std::function<void(const std::string&)> on_progress;

 private:
  void go(const std::function<void()>& procedure);
  void learn();
  void fuzz();
  bool is_over() const;
  /// Sends up to liveness_every cases; what was sent is put into the window.
  void send_batch();
  const sip::Exchange* challenge();
  Look confirmed_look();
  void investigate(const Look& trouble);
  bool is_banned(const Look& trouble);
  bool recover(const Look& trouble);
  bool troubles(const std::vector<Case>& cases, const Look& like);
  void confirm(Finding& finding, const Look& trouble);
  bool may_try();
  void take_challenge(const Look& look);
  void note(std::string sentence);
  void progress(const std::string& doing);

  sip::Session& session_;
  ServerPlan plan_;
  Liveness liveness_;
  CaseSender sender_;
  ServerReport report_;
  std::vector<Case> window_;  // since the registrar was last seen well
  std::optional<sip::Exchange> challenged_;
  net::Instant began_{0};
  int tries_left_ = 0;
  int unexplained_ = 0;      // silences that nothing brought back
  bool unanswered_ = false;  // the last challenge was asked for in vain
  bool lost_ = false;        // it did not come back
};

}  // namespace sipauth::fuzzing
