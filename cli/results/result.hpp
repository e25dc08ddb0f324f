// The one model that every rendering takes. It knows no check: only texts, verdicts and messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "checks/verdict.hpp"
#include "net/clock.hpp"
#include "net/resolution.hpp"
#include "net/transport.hpp"
#include "results/capture.hpp"
#include "sip/recorder.hpp"

namespace sipauth::results {

/// A fact beside a sentence: `status` 401, `stale` "true", `nonce_changed` true.
using FactValue = std::variant<std::int64_t, bool, double, std::string>;
using Fact = std::pair<std::string, FactValue>;

/// What to set on a server so that a row does not come out like this.
struct Mending {
  std::string server = {};
  std::string advice = {};
  std::string source = {};
  bool likely = false;  ///< the peer says that it is this server
};

/// When something stands in the log that was read, as far as that tells.
struct TimeInLog {
  std::string text = {};     ///< for people, with its zone
  std::string rfc3339 = {};  ///< empty where the date is not known
};

struct Row {
  std::string id = {};
  std::string title = {};
  Verdict verdict = Verdict::inconclusive;
  std::string summary = {};   ///< one sentence: what was seen
  std::string expected = {};  ///< what is right
  std::string harm = {};      ///< what a phone does
  std::vector<std::string> references = {};
  std::vector<Fact> observed = {};
  std::vector<std::uint32_t> messages = {};  ///< indices of the recorder, the telling ones
  std::string call_id = {};
  std::optional<net::WallTime> wall = {};
  std::optional<TimeInLog> time_in_log = {};  ///< in place of `wall`
  /// Policy and verdict, for each policy; only where they are not all the same.
  std::vector<std::pair<std::string, Verdict>> by_policy = {};
  bool known = false;                 ///< in the baseline too, and no better there
  bool expected_to_fail = false;      ///< --expect-fail
  bool counts = true;                 ///< for the exit code: not known, and not expected
  std::vector<Mending> mending = {};  ///< of a failure or warning, the likely ones first

  /// --expect-fail, and it passed: that counts.
  [[nodiscard]] bool passed_unexpectedly() const {
    return expected_to_fail && (verdict == Verdict::pass || verdict == Verdict::info);
  }
};

/// The letter of a whole run, and what kept it from being better, the worst first.
struct Grade {
  struct Cap {
    std::string rule = {};
    std::string grade = {};
    std::string reason = {};  ///< fits behind "because"
    std::vector<std::string> ids = {};
  };
  std::string letter = {};
  std::vector<Cap> caps = {};
};

/// A known phone or stack that gets into trouble with this registrar.
struct ClientImpact {
  std::string client = {};
  std::string consequence = {};  ///< without subject and full stop
  std::string severity = {};     ///< cannot-register, loses-registration, prompts-user
  std::string source = {};
};

/// The earlier run that this one is held against. Findings are checks that fail or warn.
struct Baseline {
  std::string file = {};
  std::string started = {};
  std::vector<std::string> news = {};  ///< findings that are new or worse
  std::vector<std::string> known = {};
  std::vector<std::string> gone = {};  ///< findings of then, judged now and none any more
};

struct TargetFacts {
  std::string input = {};
  std::string uri = {};
  std::string understood = {};
  std::string transport = {};
  std::string address = {};
  std::uint16_t port = 0;
  std::string server = {};  ///< Server or User-Agent header of an answer, raw bytes of the peer
};

/// kind: usage, no-password, dns, refused, timeout, tls, not-sip, banned, credentials,
/// inconclusive, internal.
struct Error {
  std::string kind = {};
  std::string text = {};
};

/// One challenge as `probe` shows it: decoded parameters and lint lines.
struct ShownChallenge {
  std::string header = {};
  std::string scheme = {};
  std::vector<std::pair<std::string, std::string>> parameters =
      {};  ///< unquoted, raw bytes of the peer
  struct Lint {
    std::string rule;
    std::string severity;
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::string text;
    std::string reference;
  };
  std::vector<Lint> lint = {};
};

/// What `probe` saw, in the order it is told.
struct Probe {
  double rtt_ms = 0;
  int status = 0;
  std::string reason = {};
  std::optional<net::TlsFacts> tls = {};
  std::vector<ShownChallenge> challenges = {};
  /// What lint says of all challenges together; offsets from the first byte of the answer.
  std::vector<ShownChallenge::Lint> lint = {};
  std::optional<int> credentials_status = {};  ///< what the credentials got
  std::string credentials_text = {};           ///< a sentence about it
  std::optional<int> options_status = {};
  std::string options_allow = {};
};

struct Result {
  std::string command = {};
  net::WallTime started{};
  net::Duration elapsed{0};
  TargetFacts target = {};
  std::optional<net::Resolution> resolution = {};  ///< told when something was looked up
  std::optional<std::uint64_t> seed = {};
  std::vector<std::string> headlines = {};  ///< told before everything else
  std::vector<std::string> notes = {};      ///< told after the table
  std::string policy = {};                  ///< by which the rows were judged; empty: no rows
  std::vector<Row> rows = {};               ///< in the order of the catalogue
  std::optional<Grade> grade = {};
  std::optional<Baseline> baseline = {};
  std::vector<ClientImpact> client_impact = {};  ///< the worst first
  std::optional<Probe> probe = {};
  std::optional<Capture> capture = {};
  const sip::Recorder* recorder = nullptr;  ///< not owned; may be null
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::optional<Error> error = {};
  bool show_secrets = false;
  bool insecure = false;
  int exit_code = 0;
};

/// How much and how it is drawn.
struct TextStyle {
  bool colour = false;
  bool utf8 = true;
  int verbosity = 0;
  std::size_t width = 100;
};

[[nodiscard]] std::string render_text(const Result& result, const TextStyle& style);
/// One document of schema `sipauth/1`, ending in a line feed.
[[nodiscard]] std::string render_json(const Result& result);

}  // namespace sipauth::results
