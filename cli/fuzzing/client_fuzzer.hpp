// A phone's parsers under mutated answers: it is let in first, then its REGISTERs are answered with
// cases, and between them it has to come back and get in as before.
//
// The phone sets the pace: nobody can make it send. On trouble the run waits for it, or has it
// restarted, gives it the same answers again, and comes down to the one that does it.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fuzzing/finding.hpp"
#include "fuzzing/phone_side.hpp"
#include "fuzzing/replay_file.hpp"
#include "fuzzing/server_fuzzer.hpp"
#include "registrar/registrar.hpp"

namespace sipauth::fuzzing {

struct ClientPlan {
  std::uint64_t seed = 1;
  std::uint64_t cases = 1000;                          ///< 0: no limit
  net::Duration time{0};                               ///< 0: no limit
  int liveness_every = 4;                              ///< cases between two looks
  net::Duration patience = std::chrono::seconds{120};  ///< for a phone that does not call
  net::Duration expires = std::chrono::seconds{10};    ///< of its binding
  int tries = 30;    ///< to give something again, for each finding
  int findings = 1;  ///< the run ends with so many
  std::size_t most_bytes = 8192;
  /// Starts the phone anew; may be empty.
  std::function<std::expected<void, std::string>()> restart = {};
};

struct ClientReport {
  std::string phone = {};  ///< its User-Agent
  std::uint64_t cases = 0;
  std::uint64_t sent_again = 0;
  std::uint64_t looks = 0;
  std::vector<Finding> findings = {};
  std::vector<std::string> notes = {};
  std::optional<Stop> stop = {};
};

class ClientFuzzer {
 public:
  ClientFuzzer(PhoneSide& side, registrar::Registrar registrar, ClientPlan plan)
      : side_{side}, registrar_{std::move(registrar)}, plan_{std::move(plan)} {}

  /// Waits for the phone, however long.
  [[nodiscard]] ClientReport run();
  [[nodiscard]] ClientReport replay(const std::vector<ReplayFile>& files);

  std::function<void(const std::string&)> on_progress;

 private:
  enum class State { well, silent, refused };

  void go(const std::function<void()>& procedure);
  bool meet();
  void fuzz();
  bool is_over() const;
  /// The next REGISTER; nullopt: none came in time. Other requests are answered as they should be.
  std::optional<Arrived> next_register(net::Instant deadline);
  std::string valid_answer(const Arrived& request);
  std::string answer_to_damage(const Arrived& request, bool challenge);
  bool give_new();
  bool give_again(const Case& one);
  State look(net::Duration patience);
  void investigate(State trouble);
  bool recover();
  bool troubles(const std::vector<Case>& cases, State like);
  bool may_try();
  [[nodiscard]] std::string sentence_of(State trouble) const;
  void note(std::string sentence);
  void progress(const std::string& doing);

  PhoneSide& side_;
  registrar::Registrar registrar_;
  ClientPlan plan_;
  ClientReport report_;
  std::vector<Case> window_;  // since the phone was last seen well
  net::Instant began_{0};
  int tries_left_ = 0;
  bool lost_ = false;
};

}  // namespace sipauth::fuzzing
