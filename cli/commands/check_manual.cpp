#include "commands/check_manual.hpp"

#include <fmt/format.h>

#include <string_view>

#include "checks/policy.hpp"
#include "commands/check_fields.hpp"

namespace sipauth::commands {
namespace {

// What both forms of the manual say before the checks.
constexpr std::string_view what_it_is =
    "What sipauth check tests, one entry for each check: what is right, what is wrong, whom it "
    "hurts, and what it costs to find out. sipauth explain ID prints an entry with all its fields.";

constexpr std::string_view what_verdicts_are =
    "Right passes; what is right too passes or is a note, and wrong fails, unless the words say "
    "otherwise. Worst is the worst verdict that the policy field has for it; where a strict policy "
    "judges otherwise, it is told under Strictly.";

// Fields that only explain and programs are told.
bool is_told(const CheckField& field) {
  return !field.label.empty() && !field.text.empty() && field.member != "question" &&
         field.member != "order" && field.member != "on_silence" && field.member != "repeatable" &&
         field.member != "see_it_pass";
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.contains(c)) out += '\\';
    out += c;
  }
  return out;
}

struct Scdoc {
  static constexpr std::string_view between_fields = "++\n";
  static constexpr std::string_view behind_fields = "\n\n";

  static std::string text(std::string_view words) { return escaped(words, "\\*_`#|[]<>~"); }

  static void begin(std::string& out) {
    out +=
        "sipauth-checks(7)\n\n# NAME\n\nsipauth-checks - the checks of sipauth\n\n"
        "# DESCRIPTION\n\n" +
        text(what_it_is) + "\n\n" + text(what_verdicts_are) + "\n\n# POLICIES\n\n";
    for (const auto& row : checks::policies) {
      out += fmt::format("*{}*\n\t{}\n\n", row.name, text(row.meaning));
    }
  }
  static void suite(std::string& out, std::string_view name) {
    out += fmt::format("# {}\n\n", name);
  }
  static void check(std::string& out, const checks::Check& check) {
    out += fmt::format("## {}: {}\n\n{}\n\n", check.id, text(check.title), text(check.question));
  }
  static void field(std::string& out, const CheckField& field) {
    out += fmt::format("*{}*: {}", field.label, text(field.text));
  }
  static void end(std::string& out) {
    out += "# SEE ALSO\n\n*sipauth*(1), *sipauth-check*(1), *sipauth-explain*(1)\n";
  }
};

struct Markdown {
  static constexpr std::string_view between_fields = "\n";
  static constexpr std::string_view behind_fields = "\n";

  static std::string text(std::string_view words) { return escaped(words, "\\*_`<>[]|~"); }

  static void begin(std::string& out) {
    out +=
        "# The checks\n\n<!-- Written by `sipauth check --list -o markdown`; the target "
        "sipauth_docs does it. -->\n\n" +
        text(what_it_is) + "\n\n" + text(what_verdicts_are) + "\n\nPolicies:\n\n";
    for (const auto& row : checks::policies) {
      out += fmt::format("- `{}`: {}\n", row.name, text(row.meaning));
    }
  }
  static void suite(std::string& out, std::string_view name) {
    out += fmt::format("\n## {}\n", name);
  }
  static void check(std::string& out, const checks::Check& check) {
    out += fmt::format("\n### {}: {}\n\n{}\n\n", check.id, text(check.title), text(check.question));
  }
  static void field(std::string& out, const CheckField& field) {
    out += field.member == "see_it" ? fmt::format("- {}: `{}`", field.label, field.text)
                                    : fmt::format("- **{}**: {}", field.label, text(field.text));
  }
  static void end(std::string&) {}
};

template <typename Form>
std::string manual(Checks checks) {
  std::string out;
  Form::begin(out);
  std::string_view suite;
  for (const auto* check : checks) {
    if (check->suite() != suite) {
      suite = check->suite();
      Form::suite(out, suite);
    }
    Form::check(out, *check);
    bool first = true;
    for (const auto& field : fields_of(*check)) {
      if (!is_told(field)) continue;
      if (!first) out += Form::between_fields;
      first = false;
      Form::field(out, field);
    }
    out += Form::behind_fields;
  }
  Form::end(out);
  return out;
}

}  // namespace

std::string scdoc_of(Checks checks) { return manual<Scdoc>(checks); }

std::string markdown_of(Checks checks) { return manual<Markdown>(checks); }

}  // namespace sipauth::commands
