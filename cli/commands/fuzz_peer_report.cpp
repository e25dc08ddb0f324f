#include "commands/fuzz_peer_report.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/input.hpp"
#include "commands/run.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::ordered_json;
using results::for_json;
using results::for_terminal;

constexpr int findings_exit = 1;

std::string plural(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string replay_line(const FuzzPeerReport& report, const KeptFinding& kept) {
  auto line = report.command;
  if (!kept.minimized.empty()) return line + ' ' + shell_word(kept.minimized);
  for (const auto& file : kept.files) line.append(" ").append(shell_word(file));
  return line;
}

std::string what_does_it(const fuzzing::Finding& finding) {
  const auto& cases = finding.cases;
  if (cases.empty()) return "No message was sent before it.";
  if (!finding.reproduced) {
    return fmt::format("Candidates: the {} sent since it was last seen well.",
                       plural(cases.size(), "message"));
  }
  if (cases.size() > 1) {
    return fmt::format("It takes {} messages, one after the other.", cases.size());
  }
  return fmt::format("Message {} does it ({}), each time it is sent.", cases.front().number,
                     cases.front().mutation);
}

std::string text_of(const FuzzPeerReport& report, const KeptFinding& kept) {
  auto text = fmt::format("{}: {}\n    {}\n", kept.finding.kind, for_terminal(kept.finding.text),
                          for_terminal(what_does_it(kept.finding)));
  if (!kept.finding.came_back) text += "    It has not come back since.\n";
  if (!kept.files.empty()) {
    text += fmt::format("    {}\n", for_terminal(replay_line(report, kept)));
  }
  return text;
}

std::string text_of(const FuzzPeerReport& report) {
  const bool is_server = report.listening.empty();
  auto text = is_server ? for_terminal(report.target.understood) + '\n'
                        : fmt::format("a phone that calls {}\n", report.listening);
  if (!report.target.server.empty()) {
    text += fmt::format("{}: {}\n", is_server ? "Server" : "User-Agent",
                        for_terminal(report.target.server));
  }
  for (const auto& [name, seen] : report.usual) {
    text += fmt::format("{}: {}\n", name, for_terminal(seen));
  }
  for (const auto& kept : report.findings) text += text_of(report, kept);
  text += report.replayed
              ? fmt::format("{} replayed\n", plural(report.cases, "message"))
              : fmt::format("{} in {:.1f} s, seed {}; {} sent again; {} at its health{}\n",
                            plural(report.cases, "mutated message"), report.seconds, report.seed,
                            report.sent_again, plural(report.looks, "look"),
                            is_server ? fmt::format("; {} tries refused", report.refused) : "");
  if (!report.answers.empty()) {
    text += "Answers:";
    for (const auto& [status, count] : report.answers) {
      text += status == 0 ? fmt::format(" none {}", count) : fmt::format(" {} {}", status, count);
    }
    text += '\n';
  }
  for (const auto& note : report.notes) text += fmt::format("{}\n", for_terminal(note));
  if (report.stop) text += for_terminal(report.stop->text) + '\n';
  text += report.findings.empty() ? std::string{"Nothing was found.\n"}
                                  : plural(report.findings.size(), "finding") + '\n';
  return text;
}

ordered_json json_of(const FuzzPeerReport& report, const KeptFinding& kept) {
  auto files = ordered_json::array();
  for (const auto& file : kept.files) files.push_back(for_json(file));
  auto cases = ordered_json::array();
  for (const auto& one : kept.finding.cases) {
    cases.push_back({{"case", one.number}, {"mutation", for_json(one.mutation)}});
  }
  const bool single = kept.finding.reproduced && kept.files.size() == 1;
  return {{"kind", kept.finding.kind},
          {"text", for_json(kept.finding.text)},
          {"reproduced", kept.finding.reproduced},
          {"came_back", kept.finding.came_back},
          {"cases", std::move(cases)},
          {"file", single ? files.front() : ordered_json(nullptr)},
          {"files", files},
          {"minimized",
           kept.minimized.empty() ? ordered_json(nullptr) : ordered_json(for_json(kept.minimized))},
          {"replay", for_json(replay_line(report, kept))}};
}

ordered_json json_of(const FuzzPeerReport& report) {
  auto findings = ordered_json::array();
  for (const auto& kept : report.findings) findings.push_back(json_of(report, kept));
  ordered_json usual = ordered_json::object();
  for (const auto& [name, seen] : report.usual) usual[name] = for_json(seen);
  ordered_json answers = ordered_json::object();
  for (const auto& [status, count] : report.answers) {
    answers[status == 0 ? "none" : std::to_string(status)] = count;
  }
  auto notes = ordered_json::array();
  for (const auto& note : report.notes) notes.push_back(for_json(note));
  ordered_json json{{"schema", "sipauth/1"}, {"command", "fuzz"}, {"target", report.peer}};
  if (report.listening.empty()) {
    const auto& to = report.target;
    json["peer"] = {{"input", for_json(to.input)},
                    {"uri", for_json(to.uri)},
                    {"transport", to.transport},
                    {"address", for_json(to.address)},
                    {"port", to.port},
                    {"server", for_json(to.server)}};
  } else {
    json["peer"] = {{"listening", report.listening},
                    {"user_agent", for_json(report.target.server)}};
  }
  json["seed"] = report.replayed ? ordered_json(nullptr) : ordered_json(report.seed);
  json["runs"] = report.cases;
  json["seconds"] = report.seconds;
  json["sent_again"] = report.sent_again;
  json["looks"] = report.looks;
  json["refused"] = report.refused;
  json["usual"] = std::move(usual);
  json["answers"] = std::move(answers);
  json["findings"] = std::move(findings);
  json["notes"] = std::move(notes);
  if (report.stop && !report.stop->kind.empty()) {
    json["error"] = {{"kind", report.stop->kind}, {"text", for_json(report.stop->text)}};
  } else if (report.stop) {
    json["notes"].push_back(for_json(report.stop->text));
  }
  json["exit_code"] = report.exit_code;
  return json;
}

// FNV-1a, for names of files.
std::uint64_t hash_of(const std::vector<fuzzing::Case>& cases) {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
  for (const auto& one : cases) {
    for (const char c : one.text) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 0x100'0000'01b3U;
    }
  }
  return hash;
}

std::expected<void, std::string> write_file(const std::string& path, const std::string& text) {
  const auto failed = [&] {
    return std::unexpected{
        fmt::format("{} cannot be written: {}", for_terminal(path), std::strerror(errno))};
  };
  constexpr mode_t owner_only = 0600;
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, owner_only);
  if (file < 0) return failed();
  std::string_view rest{text};
  while (!rest.empty()) {
    const auto written = ::write(file, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!rest.empty()) {
    auto error = failed();
    ::close(file);
    return error;
  }
  if (::close(file) != 0) return failed();
  return {};
}

}  // namespace

void judge(FuzzPeerReport& report) {
  const int of_stop =
      report.stop && !report.stop->kind.empty() ? exit_code_of(report.stop->kind) : 0;
  constexpr int interrupted = 130;
  const bool outranks = of_stop == interrupted || of_stop == 5 || of_stop == 2;
  report.exit_code = !report.findings.empty() && !outranks ? findings_exit : of_stop;
}

Document render_fuzz_peer(const FuzzPeerReport& report) {
  return {.text = text_of(report), .json = json_of(report).dump(2) + '\n'};
}

std::expected<std::vector<KeptFinding>, std::string> keep_findings(
    std::vector<fuzzing::Finding> findings, const std::string& peer, const std::string& folder) {
  std::vector<KeptFinding> all;
  if (findings.empty()) return all;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return std::unexpected{
        fmt::format("The folder {} cannot be made: {}", for_terminal(folder), error.message())};
  }
  all.reserve(findings.size());
  for (auto& finding : findings) {
    KeptFinding kept{.finding = std::move(finding)};
    const auto stem =
        fmt::format("{}/{}-{:016x}", folder, kept.finding.kind, hash_of(kept.finding.cases));
    const auto file_of = [&](const fuzzing::Case& one, const std::string& text) {
      return fuzzing::write_replay({.peer = peer,
                                    .kind = kept.finding.kind,
                                    .case_number = one.number,
                                    .mutation = one.mutation,
                                    .message = text});
    };
    const bool several = kept.finding.cases.size() > 1;
    for (const auto& one : kept.finding.cases) {
      auto path =
          several ? fmt::format("{}-{:02}.replay", stem, kept.files.size() + 1) : stem + ".replay";
      if (auto done = write_file(path, file_of(one, one.text)); !done) {
        return std::unexpected{std::move(done.error())};
      }
      kept.files.push_back(std::move(path));
    }
    if (!kept.finding.minimized.empty()) {
      kept.minimized = stem + ".min.replay";
      const auto text = file_of(kept.finding.cases.front(), kept.finding.minimized);
      if (auto done = write_file(kept.minimized, text); !done) {
        return std::unexpected{std::move(done.error())};
      }
    }
    all.push_back(std::move(kept));
  }
  return all;
}

std::vector<KeptFinding> replayed_findings(std::vector<fuzzing::Finding> findings,
                                           const std::vector<std::string>& paths,
                                           const std::vector<fuzzing::ReplayFile>& replays) {
  std::vector<KeptFinding> all;
  all.reserve(findings.size());
  for (auto& finding : findings) {
    KeptFinding kept{.finding = std::move(finding)};
    for (std::size_t i = 0; i < replays.size(); ++i) {
      if (replays[i].message == kept.finding.cases.front().text) {
        kept.files = {paths[i]};
        break;
      }
    }
    all.push_back(std::move(kept));
  }
  return all;
}

std::expected<std::vector<fuzzing::ReplayFile>, results::Error> read_replays(
    const std::vector<std::string>& files, const std::string& peer) {
  std::vector<fuzzing::ReplayFile> all;
  all.reserve(files.size());
  for (const auto& path : files) {
    const auto wrong = [&](const std::string& why) {
      return std::unexpected{results::Error{
          "usage", fmt::format("{} is no replay file: {}.", for_terminal(path), why)}};
    };
    const auto text = read_input(path, fuzzing::most_replay_bytes);
    if (!text) return std::unexpected{results::Error{"usage", text.error()}};
    auto file = fuzzing::read_replay(*text);
    if (!file) return wrong(file.error());
    if (file->peer != peer) return wrong(fmt::format("it is for \"fuzz {}\"", file->peer));
    all.push_back(std::move(*file));
  }
  return all;
}

std::string shell_word(const std::string& text) {
  const auto harmless = [](char c) {
    return is_digit(c) || is_alpha(c) || std::string_view{"._/=+,:@%-"}.contains(c);
  };
  if (!text.empty() && std::ranges::all_of(text, harmless)) return text;
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + '\'';
}

}  // namespace sipauth::commands
