#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "results/advice_text.hpp"
#include "results/counts.hpp"
#include "results/escape.hpp"
#include "results/resolution_text.hpp"
#include "results/result.hpp"
#include "results/text_page.hpp"

// A report for an operator at three in the morning: what went wrong first, each with what to look
// for in the server's log; what went well in one line each.

namespace sipauth::results {
namespace {

struct Look {
  Verdict verdict;
  std::string_view sign;
  std::string_view ascii_sign;
  std::string_view word;
  std::string_view colour;
};

constexpr auto looks = std::to_array<Look>({
    {Verdict::fail, "✗", "x", "FAIL", "1;31"},
    {Verdict::warn, "!", "!", "WARN", "33"},
    {Verdict::inconclusive, "?", "?", "INCONCLUSIVE", "35"},
    {Verdict::info, "i", "i", "INFO", "36"},
    {Verdict::skip, "–", "-", "SKIP", "2"},
    {Verdict::pass, "✓", "+", "PASS", "32"},
});

const Look& look_of(Verdict verdict) { return *std::ranges::find(looks, verdict, &Look::verdict); }

std::string_view meaning_of(int exit_code) {
  switch (exit_code) {
    case 0:
      return "nothing at or above the threshold";
    case 1:
      return "findings";
    case 2:
      return "usage or configuration";
    case 3:
      return "no answer, or not enough of one to judge";
    case 4:
      return "the registrar refuses the credentials";
    case 5:
      return "internal error";
    case 130:
      return "interrupted";
    default:
      return "";
  }
}

std::string utc(net::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03} UTC",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), ms);
}

std::string duration(net::Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 120'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  return fmt::format("{} min {} s", ms / 60'000, ms % 60'000 / 1000);
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// Where the packets went, unless the target says so itself.
std::string address_beside(const TargetFacts& target) {
  if (target.address.empty() || target.understood.contains(target.address)) return {};
  return fmt::format(" ({}, port {})", target.address, target.port);
}

class TextReport {
 public:
  TextReport(const Result& result, const TextStyle& style) : result_{result}, page_{style} {}

  std::string render() {
    for (const auto& headline : result_.headlines) page_.paragraph("1", headline);
    if (!result_.headlines.empty()) page_.blank();
    target();
    if (result_.resolution) add_resolution(page_, *result_.resolution);
    if (result_.probe) probe(*result_.probe);
    if (result_.capture) add_capture(page_, *result_.capture);
    rows();
    add_client_impact(page_, result_.client_impact);
    for (const auto& note : result_.notes) page_.labelled("Note", note);
    if (!result_.notes.empty()) page_.blank();
    if (result_.error) page_.labelled("Error", result_.error->text, "1;31");
    if (result_.error) page_.blank();
    closing();
    return page_.finish();
  }

 private:
  void target() {
    const auto& target = result_.target;
    if (!target.understood.empty()) {
      page_.labelled("Target", target.understood + address_beside(target));
    } else if (!target.input.empty()) {
      page_.labelled("Target", target.input);
    }
    if (!target.server.empty()) page_.labelled("Server", for_terminal(target.server));
    if (result_.insecure) page_.labelled("TLS", "not verified (--insecure)", "33");
    if (result_.seed) page_.labelled("Seed", std::to_string(*result_.seed));
    if (result_.policy != "field") page_.labelled("Policy", result_.policy);
    if (result_.baseline) baseline(*result_.baseline);
    page_.blank();
  }

  void baseline(const Baseline& baseline) {
    const auto of_when = baseline.started.empty() ? "" : " of " + for_terminal(baseline.started);
    page_.labelled("Baseline", for_terminal(baseline.file) + of_when);
    const auto tell = [&](const std::vector<std::string>& ids, std::string_view what) {
      if (!ids.empty()) page_.labelled("", fmt::format("{}: {}", what, fmt::join(ids, " ")));
    };
    tell(baseline.news, "new or worse");
    tell(baseline.gone, "no more");
  }

  void probe(const Probe& probe) {
    if (probe.status != 0) {
      page_.labelled("Answer", fmt::format("{} {} after {:.1f} ms", probe.status,
                                           for_terminal(probe.reason), probe.rtt_ms));
    }
    if (probe.tls) tls(*probe.tls);
    for (const auto& challenge : probe.challenges) this->challenge(challenge);
    for (const auto& lint : probe.lint) this->lint(lint, " of the answer");
    if (!probe.lint.empty()) page_.blank();
    if (!probe.credentials_text.empty()) {
      page_.labelled("Credentials", probe.credentials_text);
    }
    if (probe.options_status) {
      const auto allow = probe.options_allow.empty()
                             ? std::string{}
                             : ", Allow: " + for_terminal(probe.options_allow);
      page_.labelled("OPTIONS", fmt::format("{}{}", *probe.options_status, allow));
    }
    page_.blank();
  }

  void tls(const net::TlsFacts& tls) {
    page_.labelled("TLS",
                   fmt::format("{}, {}", for_terminal(tls.version), for_terminal(tls.cipher)));
    page_.labelled("Certificate",
                   fmt::format("for {}, issued by {}, good until {}", for_terminal(tls.names),
                               for_terminal(tls.issuer), for_terminal(tls.not_after)));
    if (tls.by_wildcard) {
      page_.labelled("", "The name is matched by a wildcard, which RFC 5922 7.2 does not allow.",
                     "33");
    }
    if (!tls.verified && !tls.verify_error.empty()) {
      page_.labelled("", fmt::format("Not trusted: {}", for_terminal(tls.verify_error)), "33");
    }
  }

  void challenge(const ShownChallenge& challenge) {
    page_.blank();
    page_.line(fmt::format("{}: {}", challenge.header, for_terminal(challenge.scheme)));
    std::size_t longest = 0;
    for (const auto& [name, value] : challenge.parameters) {
      longest = std::max(longest, std::min<std::size_t>(name.size(), 12));
    }
    for (const auto& [name, value] : challenge.parameters) {
      const bool hidden = is_secret_parameter(name) && !result_.show_secrets;
      page_.line(fmt::format("  {:<{}}  {}", for_terminal(name), longest,
                             hidden ? "***" : for_terminal(value)));
    }
    for (const auto& lint : challenge.lint) this->lint(lint, "");
    page_.blank();
  }

  void lint(const ShownChallenge::Lint& lint, std::string_view of_what) {
    const bool error = lint.severity == "error";
    const auto& look = look_of(error                        ? Verdict::fail
                               : lint.severity == "warning" ? Verdict::warn
                                                            : Verdict::info);
    const auto sign = page_.utf8() ? look.sign : look.ascii_sign;
    const auto head = page_.coloured(look.colour, fmt::format("{} {}", sign, lint.severity));
    page_.hanging("  " + head + "  ", 6 + lint.severity.size(), 4,
                  fmt::format("{} at byte {}{}: {} ({})", lint.rule, lint.offset, of_what,
                              lint.text, lint.reference));
  }

  void rows() {
    std::vector<const Row*> sorted;
    sorted.reserve(result_.rows.size());
    for (const auto& row : result_.rows) sorted.push_back(&row);
    // Rows lie in one vector, so that their addresses keep the order of the catalogue.
    std::ranges::sort(sorted, {}, [](const Row* row) { return std::pair{row->verdict, row}; });
    for (const auto* row : sorted)
      word_width_ = std::max(word_width_, look_of(row->verdict).word.size());
    bool tall_before = false;
    for (const auto* row : sorted) {
      const bool tall = row->verdict == Verdict::fail || row->verdict == Verdict::warn;
      if (tall_before && !tall) page_.blank();
      tall_before = tall;
      if (tall) {
        tall_row(*row);
        continue;
      }
      const auto alike = told_alike(sorted, *row);
      if (row->passed_unexpectedly() || alike.size() < 3) {
        compact_row(*row);
      } else if (alike.front() == row) {
        group(alike);
      }
    }
    if (!sorted.empty()) page_.blank();
  }

  // Rows that were left unjudged for one and the same reason, in their order.
  static std::vector<const Row*> told_alike(std::span<const Row* const> rows, const Row& row) {
    std::vector<const Row*> alike;
    if (row.verdict != Verdict::skip && row.verdict != Verdict::inconclusive) return alike;
    std::ranges::copy_if(rows, std::back_inserter(alike), [&](const Row* other) {
      return other->verdict == row.verdict && other->summary == row.summary;
    });
    return alike;
  }

  void group(std::span<const Row* const> alike) {
    std::string ids;
    for (const auto* row : alike) ids += (ids.empty() ? "" : " ") + row->id;
    const auto& first = *alike.front();
    const auto width = 2 + word_width_ + 2;
    page_.hanging(verdict_of(first), width, width,
                  fmt::format("{} checks: {}: {}", alike.size(), first.summary, ids));
  }

  std::string head_of(const Row& row) const { return verdict_of(row) + row.id + "  "; }

  std::string verdict_of(const Row& row) const {
    const auto& look = look_of(row.verdict);
    return page_.coloured(look.colour,
                          fmt::format("{} {:<{}}", page_.utf8() ? look.sign : look.ascii_sign,
                                      look.word, word_width_)) +
           "  ";
  }

  std::size_t head_width(const Row& row) const { return 2 + word_width_ + 2 + row.id.size() + 2; }

  void tall_row(const Row& row) {
    page_.hanging(head_of(row), head_width(row), head_width(row), row.title + mark_of(row));
    page_.labelled("  Seen", row.summary);
    page_.labelled("  Right", row.expected);
    page_.labelled("  A phone", row.harm);
    std::string place;
    for (const auto& reference : row.references) place += (place.empty() ? "" : ", ") + reference;
    page_.labelled("  See", place);
    page_.labelled("  By policy", by_policy(row));
    add_mending(page_, row);
    std::string log;
    if (!row.call_id.empty()) log = "Call-ID " + for_terminal(row.call_id);
    const auto time = row.time_in_log ? row.time_in_log->text : row.wall ? utc(*row.wall) : "";
    if (!time.empty()) log += (log.empty() ? "" : " at ") + time;
    page_.labelled("  In the log", log);
    page_.blank();
  }

  static std::string mark_of(const Row& row) {
    if (row.expected_to_fail) return " (expected to fail)";
    return row.known ? " (known: in the baseline too)" : "";
  }

  static std::string by_policy(const Row& row) {
    std::string text;
    for (const auto& [policy, verdict] : row.by_policy) {
      text += fmt::format("{}{} under {}", text.empty() ? "" : ", ", verdict_name(verdict), policy);
    }
    return text;
  }

  void compact_row(const Row& row) {
    auto text = row.summary.empty() ? row.title : row.summary;
    if (page_.verbosity() > 0 && !row.summary.empty()) text = row.title + ": " + row.summary;
    if (row.passed_unexpectedly()) text = "expected to fail, but passed: " + text;
    page_.hanging(head_of(row), head_width(row), head_width(row), text);
  }

  void closing() {
    const auto counts = counts_of(result_);
    std::string line;
    const auto add = [&](std::uint64_t count, std::string_view one, std::string_view many) {
      if (count > 0) line += (line.empty() ? "" : ", ") + plural(count, one, many);
    };
    add(counts.of(Verdict::fail), "failed", "failed");
    add(counts.of(Verdict::warn), "warning", "warnings");
    add(counts.of(Verdict::inconclusive), "inconclusive", "inconclusive");
    add(counts.of(Verdict::info), "info", "info");
    add(counts.of(Verdict::skip), "skipped", "skipped");
    add(counts.of(Verdict::pass), "passed", "passed");
    if (!line.empty()) line += ". ";
    line += plural(result_.requests, "request", "requests");
    line += ", " + plural(result_.refused, "refused try", "refused tries");
    line += ", " + duration(result_.elapsed) + ".";
    page_.paragraph("1", line);
    const auto uncounted = std::ranges::count_if(result_.rows, [](const Row& row) {
      return !row.counts && (row.verdict == Verdict::fail || row.verdict == Verdict::warn);
    });
    if (uncounted > 0) {
      page_.paragraph("", fmt::format("Known or expected, and not counted: {}.", uncounted));
    }
    if (result_.grade) grade(*result_.grade);
    page_.line(fmt::format("Exit {}: {}.", result_.exit_code, meaning_of(result_.exit_code)));
  }

  void grade(const Grade& grade) {
    auto label = fmt::format("Grade {}:", grade.letter);
    if (grade.caps.empty()) page_.labelled(label, "nothing speaks against it", "1");
    for (const auto& cap : grade.caps) {
      auto text = cap.grade == "T" ? std::string{"not gradable"} : "at most " + cap.grade;
      text += " because " + cap.reason;
      if (!cap.ids.empty()) text += fmt::format(" ({})", fmt::join(cap.ids, " "));
      page_.labelled(label, text, "1");
      label.clear();
    }
  }

  const Result& result_;
  TextPage page_;
  std::size_t word_width_ = 4;
};

}  // namespace

std::string render_text(const Result& result, const TextStyle& style) {
  return TextReport{result, style}.render();
}

}  // namespace sipauth::results
