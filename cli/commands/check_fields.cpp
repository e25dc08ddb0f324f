#include "commands/check_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "checks/needs.hpp"

namespace sipauth::commands {
namespace {

using checks::Check;
using checks::Stage;

struct StageName {
  Stage stage;
  std::string_view name;
  std::string_view text;
};

constexpr auto stages = std::to_array<StageName>({
    {Stage::challenge, "challenge", "first, before any password"},
    {Stage::registration, "registration", "then, for all that follows stands on it"},
    {Stage::acceptance, "acceptance", "before anything has to be refused"},
    {Stage::refusal, "refusal", "while nonces grow old"},
    {Stage::aged, "aged", "when nonces are old enough"},
    {Stage::burst, "burst", "late, for it is a burst"},
    {Stage::whole_run, "whole-run", "last, over all that was seen"},
});

const StageName& stage_of(const Check& check) {
  return *std::ranges::find(stages, check.stage, &StageName::stage);
}

template <typename Texts>
std::vector<std::string> filled(const Texts& texts) {
  std::vector<std::string> list;
  for (const auto text : texts) {
    if (!text.empty()) list.emplace_back(text);
  }
  return list;
}

std::vector<std::string> names_of_needs(const Check& check) {
  std::vector<std::string> names;
  for (const auto& need : checks::all_needs()) {
    if (check.needs.*need.member) names.emplace_back(need.name);
  }
  return names;
}

double seconds_of_waiting(const Check& check) {
  return std::chrono::duration<double>(check.cost.waiting).count();
}

std::string cost_of(const Check& check) {
  const auto& cost = check.cost;
  if (cost.requests == 0) return "nothing: it judges what others sent";
  auto text = fmt::format("at most {} request{}, {} of them tries that must be refused",
                          cost.requests, cost.requests == 1 ? "" : "s", cost.refused);
  if (cost.refused_on(false) != cost.refused) {
    text += fmt::format(" ({} to other than this host)", cost.refused_on(false));
  }
  if (cost.waiting.count() > 0)
    text += fmt::format(", {:g} s of waiting", seconds_of_waiting(check));
  return text;
}

std::string order_of(const Check& check) {
  std::string text{stage_of(check).text};
  if (check.cost.refused > 0) {
    text += fmt::format("; {} when refused tries are rationed (1 is first)", check.priority);
  }
  return text;
}

std::string command_for(const Check& check, const checks::BuiltIn& registrar) {
  if (registrar.profile.empty() || !registrar.peer.empty()) return {};
  return fmt::format("sipauth check 'builtin:{}{}{}' --only {}{}{}", registrar.profile,
                     registrar.fault.empty() ? "" : ";fault=", registrar.fault, check.id,
                     check.needs.binding ? " --bind" : "",
                     check.needs.intrusive ? " --intrusive" : "");
}

std::vector<std::pair<std::string, std::string>> builtin(const checks::BuiltIn& registrar) {
  return {{"profile", std::string{registrar.profile}}, {"fault", std::string{registrar.fault}}};
}

}  // namespace

std::string needs_of(const Check& check) {
  std::vector<std::string_view> names;
  for (const auto& need : checks::all_needs()) {
    const bool implied = need.member == &checks::Needs::credentials && check.needs.wrong_password;
    if (check.needs.*need.member && !implied) names.push_back(need.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<CheckField> fields_of(const Check& check) {
  const auto text = [](std::string_view words) { return std::string{words}; };
  const auto builds_on = filled(check.builds_on);
  return {
      {"suite", "", text(check.suite())},
      {"question", "Question", text(check.question)},
      {"right", "Right", text(check.right)},
      {"acceptable", "Right too", text(check.acceptable)},
      {"failing", "Wrong", text(check.failing)},
      {"worst", "Worst", text(verdict_name(check.worst))},
      {"strict", "Strictly", text(check.strict)},
      {"harm", "A phone", text(check.harm)},
      {"references", "See", fmt::format("{}", fmt::join(filled(check.references), ", "))},
      {"needs", "Needs", needs_of(check), names_of_needs(check)},
      {"cost", "Cost", cost_of(check)},
      {"requests", "", "", std::int64_t{check.cost.requests}},
      {"refused", "", "", std::int64_t{check.cost.refused}},
      {"refused_afar", "", "", std::int64_t{check.cost.refused_on(false)}},
      {"waiting_ms", "", "", std::int64_t{check.cost.waiting.count()}},
      {"builds_on", "Builds on", fmt::format("{}", fmt::join(builds_on, ", ")), builds_on},
      {"order", "Its turn", order_of(check)},
      {"stage", "", text(stage_of(check).name)},
      {"priority", "", "", std::int64_t{check.priority}},
      {"on_silence", "Silence",
       fmt::format("{} when a step is silent twice", verdict_name(check.on_silence)),
       text(verdict_name(check.on_silence))},
      {"repeatable", "After a loss", check.repeatable ? "begun again" : "not begun again",
       check.repeatable},
      {"passes_on", "", "", builtin(check.passes_on)},
      {"fails_on", "", "", builtin(check.fails_on)},
      {"see_it", "See it fail", command_for(check, check.fails_on)},
      {"see_it_pass", "See it pass", command_for(check, check.passes_on)},
  };
}

}  // namespace sipauth::commands
