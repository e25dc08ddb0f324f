// Puts checks in their order, keeps the budget of refused tries, and makes sure after each refusal
// that the registrar still takes the right password.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "checks/client_impact.hpp"
#include "checks/context.hpp"

namespace sipauth::checks {

/// What was asked for, and what has to run for it.
struct Selection {
  std::vector<const Check*> reported;  ///< in the order of the catalogue
  std::vector<const Check*> running;   ///< those and what they build on, likewise
};

/// `only` and `skip` hold ids or suites (`SA-NONCE-02`, `nonce`), in any case, commas allowed; an
/// empty `only` is all. The error names the word that is neither.
[[nodiscard]] std::expected<Selection, std::string> select(std::span<const std::string> only,
                                                           std::span<const std::string> skip);

/// Upper bounds, for the announcement before the first packet.
struct Estimate {
  int requests = 0;
  int refused = 0;
  net::Duration longest{0};
  /// On top of that, where all challenges of a second have one nonce and it is good for one use.
  net::Duration for_nonces{0};
};
[[nodiscard]] Estimate estimate(const Selection& selection, const Settings& settings);

struct Report {
  const Check* check = nullptr;
  Finding finding;
};

/// Why a run came to its end before its checks did.
enum class Ending : std::uint8_t {
  complete,
  no_answer,  ///< nothing ever came back
  banned,     ///< answers came, then none any more
  interrupted,
  over_limit,  ///< --max-requests
};

struct RunReport {
  std::vector<Report> reports;  ///< of the reported checks, in the order of the catalogue
  Ending ending = Ending::complete;
  std::optional<net::NetError> error;  ///< of no_answer and banned, when it was not mere silence
  std::string silent_after;            ///< of banned: which request was the last to be answered
  bool credentials_refused = false;
  bool registered = false;  ///< the right password was taken (SA-AUTH-01)
  /// Contacts of ours that the registrar did not let go at the end.
  std::vector<std::string> left_bound = {};
  std::vector<ClientImpact> client_impact;
};

class Runner {
 public:
  Runner(sip::Session& session, const Settings& settings, Selection selection);

  /// Called when something is worth a progress line; `text` is short. May be empty.
  std::function<void(const std::string& text)> on_progress;

  [[nodiscard]] RunReport run();

 private:
  template <typename Work>
  void until_over(Work work);
  void run_stage(Stage stage);
  void run_all();
  Finding judge(const Check& check);
  std::optional<Finding> attempt(const Check& check, bool last_try);
  std::optional<Finding> unmet(const Check& check) const;
  std::optional<std::string> over_budget(const Check& check) const;
  void keep(const Check& check, Finding finding);
  void make_sure_it_lives(const Check& check, Finding& finding, std::size_t first_exchange);
  void start_lifetime();
  void wait_for_lifetime();
  void end(Ending ending);
  [[nodiscard]] bool is_running(std::string_view id) const;
  [[nodiscard]] bool was_refused(std::size_t first_exchange) const;
  [[nodiscard]] bool lost_a_refusal(std::size_t first_exchange) const;

  sip::Session& session_;
  Selection selection_;
  Context context_;
  RunReport report_;
  std::map<std::string, Finding, std::less<>> done_;
  bool trusted_ = true;   // the right password is still taken
  std::string distrust_;  // why not
};

}  // namespace sipauth::checks
