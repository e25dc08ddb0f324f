// What lint found, as a compiler tells it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "commands/lint_report.hpp"
#include "commands/source_line.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using results::for_terminal;

constexpr std::string_view colour_of_place = "1";
constexpr std::string_view colour_of_mark = "1;32";

std::string_view colour_of(Severity severity) {
  if (severity == Severity::error) return "1;31";
  return severity == Severity::warning ? "1;35" : "1;36";
}

class Page {
 public:
  Page(const LintedInput& input, const results::TextStyle& style)
      : input_{input}, style_{style}, secrets_{secrets_of(input)}, lines_{input.text, secrets_} {}

  std::string text() {
    for (const auto& part : input_.parts) add(part);
    return std::move(text_);
  }

 private:
  static std::vector<Span> secrets_of(const LintedInput& input) {
    std::vector<Span> all;
    for (const auto& part : input.parts) {
      all.insert(all.end(), part.understood.secrets.begin(), part.understood.secrets.end());
    }
    return all;
  }

  void add(const LintedPart& part) {
    if (input_.kind == LintedKind::trace) add_heading(part);
    for (const auto& told : part.diagnostics) {
      const auto& rule = told.diagnostic.rule;
      add_place(told.diagnostic.where, told.severity, rule->sentence,
                fmt::format(" [{}, {}]", rule->name, rule->reference), told.fix);
    }
    if (part.dropped > 0) {
      fmt::format_to(std::back_inserter(text_), "{}: {} more are not shown.\n",
                     for_terminal(input_.file), part.dropped);
    }
    if (part.redacted.excused > 0) {
      add_place(part.redacted.first, Severity::note,
                "What somebody made unreadable, here and perhaps elsewhere, is not judged.", "",
                {});
    }
    if (part.traced.is_unwrapped) {
      add_place({part.traced.where.offset, 0}, Severity::note,
                "Lines that were broken here, which a copy does, were put together and not judged.",
                "", {});
    }
    if (!part.traced.escapes.empty()) {
      add_place({part.traced.where.offset, 0}, Severity::note,
                fmt::format("This is escaped as in {}, which was undone and not judged.",
                            part.traced.escapes),
                "", {});
    }
    if (part.error) {
      add_place({part.error->offset, 0}, Severity::error, part.error->sentence(), "", {});
    }
    // Of a trace, the reading of what is wrong.
    const bool is_wrong = part.has(Severity::error) || part.has(Severity::warning);
    if (input_.kind == LintedKind::trace && !is_wrong) return;
    if (!part.understood.start_line.empty() && input_.kind != LintedKind::trace) {
      fmt::format_to(std::back_inserter(text_), "understood: {}\n",
                     for_terminal(part.understood.start_line));
    }
    for (const auto& header : part.understood.headers) add(header);
  }

  void add_heading(const LintedPart& part) {
    const auto& traced = part.traced;
    fmt::format_to(std::back_inserter(text_), "{}:{}: {}", for_terminal(input_.file),
                   lines_.place_of(traced.where.offset).line,
                   for_terminal(part.understood.start_line));
    add_address(", from ", traced.source);
    add_address(traced.source.host.empty() ? ", to " : " to ", traced.destination);
    if (!traced.time.empty()) text_.append(", ").append(for_terminal(traced.time));
    text_ += '\n';
  }

  void add_address(std::string_view before, const TraceAddress& address) {
    if (address.host.empty()) return;
    text_.append(before).append(for_terminal(address.host));
    if (address.port > 0) fmt::format_to(std::back_inserter(text_), ":{}", address.port);
  }

  void add_place(Span where, Severity severity, std::string_view sentence, std::string_view tag,
                 const std::optional<Edit>& fix) {
    const auto [line, column] = lines_.place_of(where.offset);
    const auto place = fmt::format("{}:{}:{}:", for_terminal(input_.file), line, column);
    text_.append(coloured(colour_of_place, place)).append(" ");
    text_.append(coloured(colour_of(severity), fmt::format("{}:", severity_name(severity))));
    text_.append(" ").append(sentence).append(tag).append("\n");
    auto excerpt = lines_.excerpt(where);
    const auto marks = excerpt.find('\n') + 1;
    text_.append(excerpt, 0, marks);
    auto line_of_marks = excerpt.substr(marks);
    line_of_marks.pop_back();
    text_.append(coloured(colour_of_mark, line_of_marks)).append("\n");
    if (fix && can_show(*fix)) {
      auto below = lines_.below(where, fix->where, fix->replacement);
      if (below.empty()) return;
      below.pop_back();
      text_.append(coloured(colour_of_mark, below)).append("\n");
    }
  }

  [[nodiscard]] bool can_show(const Edit& fix) const {
    constexpr std::size_t longest = 60;
    const bool is_secret = std::ranges::any_of(secrets_, [&](Span secret) {
      return secret.offset <= fix.where.offset + fix.where.length &&
             fix.where.offset <= secret.offset + secret.length;
    });
    return !is_secret && !fix.replacement.empty() && fix.replacement.size() <= longest &&
           !fix.replacement.contains('\n') && !trim(fix.replacement).empty();
  }

  void add(const UnderstoodHeader& header) {
    for (const auto& reading : header.readings) {
      const auto name = header.name.empty() ? std::string{"value"} : for_terminal(header.name);
      fmt::format_to(std::back_inserter(text_), "understood: {}{}{}\n", name,
                     reading.scheme.empty() ? "" : ": ", for_terminal(reading.scheme));
      for (const auto& parameter : reading.parameters) {
        const std::string_view quote = parameter.quoted ? "\"" : "";
        fmt::format_to(std::back_inserter(text_), "    {:<10} {}{}{}\n",
                       for_terminal(parameter.name), quote, for_terminal(parameter.value), quote);
      }
    }
  }

  [[nodiscard]] std::string coloured(std::string_view colour, std::string_view part) const {
    if (!style_.colour) return std::string{part};
    return fmt::format("\x1b[{}m{}\x1b[0m", colour, part);
  }

  const LintedInput& input_;
  const results::TextStyle& style_;
  std::vector<Span> secrets_;
  SourceLines lines_;
  std::string text_;
};

std::string summary_of(const LintReport& report) {
  std::array<std::size_t, 3> counts{};
  std::size_t messages = 0;
  for (const auto& input : report.inputs) {
    if (input.kind == LintedKind::trace) messages += input.parts.size();
    for (const auto& part : input.parts) {
      for (const auto& told : part.diagnostics) ++counts[std::to_underlying(told.severity)];
      if (part.error) ++counts[std::to_underlying(Severity::error)];
    }
  }
  const auto [notes, warnings, errors] = counts;
  const auto what = messages > 0 ? fmt::format("{} messages: ", messages) : std::string{};
  if (notes + warnings + errors == 0) return what + "Nothing is wrong.\n";
  return fmt::format("{}{} error{}, {} warning{}, {} note{}\n", what, errors,
                     errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", notes,
                     notes == 1 ? "" : "s");
}

}  // namespace

Document render_lint(const LintReport& report, const results::TextStyle& style, int exit_code) {
  Document document;
  for (const auto& input : report.inputs) document.text += Page{input, style}.text();
  if (!report.inputs.empty()) document.text += summary_of(report);
  document.json = lint_json(report, exit_code);
  return document;
}

Document render_fixed(const LintReport& report, int exit_code) {
  Document document;
  for (const auto& input : report.inputs) {
    for (const auto& part : input.parts) {
      if (!part.fixed) continue;
      document.text +=
          report.show_secrets ? part.fixed->text : results::redact(part.fixed->text).first;
    }
  }
  document.json = lint_json(report, exit_code);
  return document;
}

}  // namespace sipauth::commands
