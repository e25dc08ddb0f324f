// `sipauth pcap FILE`: the passive checks on a capture.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/document.hpp"
#include "commands/input.hpp"
#include "commands/options.hpp"
#include "commands/pcap_accounts.hpp"
#include "commands/pcap_anonymize.hpp"
#include "commands/pcap_input.hpp"
#include "commands/pcap_pages.hpp"
#include "commands/run.hpp"
#include "commands/suggest.hpp"
#include "commands/terminal.hpp"
#include "net/clock.hpp"
#include "results/escape.hpp"
#include "results/result.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

Verdict verdict_of(FlowVerdict verdict) {
  constexpr std::array<Verdict, 5> verdicts{Verdict::fail, Verdict::warn, Verdict::info,
                                            Verdict::pass, Verdict::skip};
  return verdicts[static_cast<std::size_t>(verdict)];
}

std::expected<std::vector<FlowAccount>, Error> accounts_of(const PcapOptions& options) {
  if (options.accounts_file.empty()) return std::vector<FlowAccount>{};
  if (options.accounts_file == "-" && options.file == "-") {
    return std::unexpected{
        Error{"usage", "Standard input is either FILE or --accounts, not both."}};
  }
  auto text = read_private_input(options.accounts_file, max_flow_accounts_bytes);
  if (!text) return std::unexpected{Error{"usage", std::move(text.error())}};
  auto accounts = read_flow_accounts(*text);
  wipe_memory(text->data(), text->size());
  if (!accounts) return std::unexpected{Error{"usage", std::move(accounts.error())}};
  return std::move(*accounts);
}

std::expected<std::vector<const FlowCheck*>, Error> selection_of(const PcapOptions& options) {
  std::vector<const FlowCheck*> selected;
  for (const auto& id : options.only) {
    const auto before = selected.size();
    for (const auto& check : flow_checks) {
      const auto suite = check.id.substr(0, check.id.rfind('-'));
      if (&check == find_flow_check(id) || same(suite, id) || same(suite.substr(3), id)) {
        selected.push_back(&check);
      }
    }
    if (selected.size() > before) continue;
    std::vector<std::string_view> ids;
    ids.reserve(flow_checks.size());
    for (const auto& check : flow_checks) ids.push_back(check.id);
    return std::unexpected{
        Error{"usage", fmt::format("There is no passive check \"{}\".{} sipauth "
                                   "pcap --list lists them.",
                                   results::for_terminal(id), did_you_mean(id, ids))}};
  }
  return selected;
}

// But for numbers and nonces: the words without digits are the same.
bool says_the_same(std::string_view a, std::string_view b) {
  const auto words = [](std::string_view text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find(' ', at), text.size());
      const auto word = text.substr(at, end - at);
      if (std::ranges::none_of(word, is_digit)) kept.append(word).append(" ");
      at = end + 1;
    }
    return kept;
  };
  return words(a) == words(b);
}

std::string summary_of(const FlowRow& row, bool has_accounts) {
  if (row.verdict == FlowVerdict::skip) {
    return row.check->needs_accounts && !has_accounts
               ? "needs passwords: --accounts FILE"
               : "nothing was seen that could be judged by it";
  }
  if (row.findings.empty()) return fmt::format("{} ({} looked at)", row.check->title, row.judged);
  auto text = results::for_terminal(row.findings.front().text);
  std::vector<std::string_view> told{row.findings.front().text};
  for (const auto& finding : row.findings) {
    const bool is_told = std::ranges::any_of(
        told, [&](std::string_view before) { return says_the_same(before, finding.text); });
    if (is_told) continue;
    told.emplace_back(finding.text);
    text += " Also: " + results::for_terminal(finding.text);
  }
  if (row.found > told.size()) text += fmt::format(" Found {} times in all.", row.found);
  if (row.findings.size() > 1) {
    std::string others;
    for (std::size_t i = 1; i < row.findings.size(); ++i) {
      const auto& call_id = row.findings[i].call_id;
      if (call_id.empty() || call_id == row.findings.front().call_id) continue;
      others += fmt::format("{}{}", others.empty() ? "" : ", ", results::for_terminal(call_id));
    }
    if (!others.empty()) text += " Also Call-ID " + others + '.';
  }
  return text;
}

results::Row row_of(const FlowRow& row, bool has_accounts, const results::CaptureClock& clock) {
  const auto& check = *row.check;
  results::Row result{.id = std::string{check.id},
                      .title = std::string{check.title},
                      .verdict = verdict_of(row.verdict),
                      .summary = summary_of(row, has_accounts),
                      .expected = std::string{check.right},
                      .harm = std::string{check.harm},
                      .observed = {{"judged", static_cast<std::int64_t>(row.judged)},
                                   {"found", static_cast<std::int64_t>(row.found)}}};
  for (const auto reference : check.references) {
    if (!reference.empty()) result.references.emplace_back(reference);
  }
  if (row.findings.empty()) return result;
  const auto& worst = row.findings.front();
  result.observed.emplace_back("fault", worst.fault);
  if (worst.number > 0)
    result.observed.emplace_back("packet", static_cast<std::int64_t>(worst.number));
  result.call_id = worst.call_id;
  if (worst.number > 0 && clock.known != TimesKnown::nothing) {
    result.time_in_log = {.text = fmt::format("{} {}", results::time_text(worst.time, clock),
                                              results::zone_text(clock)),
                          .rfc3339 = results::rfc3339_text(worst.time, clock)};
  }
  return result;
}

// --ladder N or a Call-ID.
std::expected<std::vector<std::size_t>, Error> ladders_of(
    const PcapOptions& options, const std::vector<FlowAttempt>& attempts) {
  std::vector<std::size_t> places;
  for (const auto& wanted : options.ladders) {
    const auto before = places.size();
    const auto index = number(wanted, 0x7fff'ffff);
    for (std::size_t place = 0; place < attempts.size(); ++place) {
      const bool is_it = index
                             ? attempts[place].index == *index || attempts[place].call_id == wanted
                             : attempts[place].call_id == wanted;
      if (is_it || wanted == "all") places.push_back(place);
    }
    if (places.size() > before || wanted == "all") continue;
    return std::unexpected{Error{"usage", fmt::format("There is no attempt \"{}\": --ladder takes "
                                                      "its number, its Call-ID, or all.",
                                                      results::for_terminal(wanted))}};
  }
  return places;
}

bool is_finding(const PcapOptions& options, Verdict verdict) {
  if (options.fail_on == "never") return false;
  return verdict == Verdict::fail || (options.fail_on == "warn" && verdict == Verdict::warn);
}

void add_notes(results::Result& result, const SeenFacts& facts, const FlowReport& report,
               bool has_accounts) {
  result.notes = facts.warnings;
  if (report.evicted > 0) {
    result.notes.push_back(
        fmt::format("{} dialogues were given up, being silent longest, for want "
                    "of room: what followed in them was judged anew.",
                    report.evicted));
  }
  if (report.forgotten_dialogues + report.forgotten_nonces > 0) {
    result.notes.push_back(
        fmt::format("There was no room to remember all. Forgotten, those longest silent first: "
                    "finished dialogues {}, nonces {}. One that came back was judged as new.",
                    report.forgotten_dialogues, report.forgotten_nonces));
  }
  if (report.unreadable > 0) {
    result.notes.push_back(
        fmt::format("{} messages could not be read, or lack Call-ID or CSeq.", report.unreadable));
  }
  if (report.unasked > 0) {
    result.notes.push_back(fmt::format(
        "Answers without their request: {}. What that carried is not known, and how they answer it "
        "is not judged.",
        report.unasked));
  }
  if (has_accounts && report.unverified > 0) {
    result.notes.push_back(fmt::format(
        "Digests not verified: {}. No account fits, their algorithm is not known, or an "
        "AKA nonce was not made with the keys of the card.",
        report.unverified));
  }
}

void add_rows(results::Result& result, const FlowReport& report,
              const std::vector<const FlowCheck*>& selected, bool has_accounts) {
  for (const auto& row : report.rows) {
    // By its id: the library has a table of its own, at another address.
    const bool is_wanted = selected.empty() || std::ranges::find(selected, row.check->id,
                                                                 &FlowCheck::id) != selected.end();
    if (!is_wanted) continue;
    result.rows.push_back(row_of(row, has_accounts, result.capture->clock));
    for (const auto& finding : row.findings) {
      result.capture->findings.push_back({std::string{row.check->id}, finding});
    }
  }
}

}  // namespace

int run_pcap(const GlobalOptions& global, const PcapOptions& options) {
  const auto outputs = document_outputs(global, "pcap");
  if (!outputs) return put_out_error(global, "pcap", outputs.error());
  if (options.list) {
    return put_out_document(*outputs, list_of_flow_checks(standard_output_style(global)), 0);
  }
  const auto fail = [&](const Error& error) {
    return put_out_error(global, "pcap", error, options.file);
  };
  if (options.file.empty()) {
    return fail({"usage", "Which capture? sipauth pcap FILE, or - for standard input."});
  }
  const auto selected = selection_of(options);
  if (!selected) return fail(selected.error());
  const auto accounts = accounts_of(options);
  if (!accounts) return fail(accounts.error());

  const net::SystemClock clock;
  const auto begin = clock.now();
  results::Result result{.command = "pcap", .started = clock.wall()};
  FlowAnalysis analysis{*accounts};
  const auto facts =
      read_messages(options.file, [&](const FlowMessage& message) { analysis.add(message); });
  if (!facts) return fail({"usage", facts.error()});
  auto report = analysis.finish();
  auto ladders = ladders_of(options, report.attempts);
  if (!ladders) return fail(ladders.error());

  const bool has_accounts = !accounts->empty();
  result.target.input = options.file;
  result.capture = results::Capture{.file = options.file,
                                    .clock = facts->clock,
                                    .first = facts->first,
                                    .last = facts->last,
                                    .counts = facts->counts,
                                    .attempts = std::move(report.attempts),
                                    .attempts_seen = report.attempts_seen,
                                    .ladders = std::move(*ladders)};
  if (has_accounts) result.capture->counts.emplace_back("digests verified", report.verified);
  result.requests = report.requests;
  result.refused = report.refused;
  result.policy = "field";
  add_rows(result, report, *selected, has_accounts);
  add_notes(result, *facts, report, has_accounts);
  if (!options.anonymized_file.empty()) {
    auto done = write_anonymized(options.file, options.anonymized_file, *accounts);
    if (!done) return fail({"usage", std::move(done.error())});
    result.notes.push_back(std::move(*done));
  }
  const bool found = std::ranges::any_of(
      result.rows, [&](const results::Row& row) { return is_finding(options, row.verdict); });
  result.exit_code = found ? 1 : 0;
  result.elapsed = clock.now() - begin;
  return put_out(global, *outputs, result);
}

}  // namespace sipauth::commands
