// SA-NONCE-14: what the nonces of SA-NONCE-13 tell to somebody who wants to guess the next one.

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/nonce_recipe.hpp"
#include "checks/nonce_statistics.hpp"
#include "checks/outcome.hpp"
#include "net/host_text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

/// What varies in a nonce has to have at least so many bits.
constexpr double fewest_bits = 48;

std::vector<NonceSample> samples_of(const std::vector<IssuedNonce>& issued) {
  std::vector<NonceSample> samples;
  samples.reserve(issued.size());
  for (const auto& one : issued) samples.push_back({one.nonce, one.exchange.wall});
  return samples;
}

NonceIngredients ingredients_of(Context& context, const sip::Exchange& offered) {
  const auto local = context.session().transport().local();
  return {.address = std::string{net::without_brackets(local.substr(0, local.rfind(':')))},
          .source = local,
          .realm = offered.offers.front().realm};
}

// The time that the nonce shows, and those about its asking.
std::vector<std::int64_t> times_of(const NonceSample& sample,
                                   const std::optional<ReadableTime>& shown) {
  constexpr std::int64_t drift = 2;
  const auto asked =
      std::chrono::floor<std::chrono::seconds>(sample.asked).time_since_epoch().count();
  std::vector<std::int64_t> times;
  for (auto time = asked - drift; time <= asked + drift; ++time) times.push_back(time);
  if (const auto time = shown ? read_time(*shown, sample.nonce) : std::nullopt) {
    times.push_back(*time);
  }
  return times;
}

// A nonce that was never issued, made as the registrar makes its own, five seconds before.
std::optional<Finding> try_to_forge(Context& context, const std::optional<ReadableTime>& shown) {
  constexpr std::int64_t earlier = 5;
  const auto& seen = context.shared.issued.front();
  const NonceSample sample{seen.nonce, seen.exchange.wall};
  if (!find_recipe(sample.nonce, times_of(sample, shown), ingredients_of(context, seen.exchange))) {
    return std::nullopt;
  }
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  // Nobody can answer an AKA nonce that has no card behind it.
  if (!offered.challenged() || offered.offer()->aka) return std::nullopt;
  const auto ingredients = ingredients_of(context, offered);
  const NonceSample own{offered.offer()->nonce, offered.wall};
  const auto found = find_recipe(own.nonce, times_of(own, shown), ingredients);
  if (!found) return std::nullopt;
  const auto forged =
      found->recipe.made_at(own.nonce, found->made, found->made - earlier, ingredients);
  const auto answered = dialogue.answer(offered, sip::Deviation::with_nonce(forged));
  const auto what = "a nonce is the " + found->recipe.text() + ", without a secret";
  if (answered.accepted()) {
    return Finding{fail, what + ": one that we made ourselves was accepted", {answered}};
  }
  return Finding{
      info,
      what + ", though one that we made ourselves was answered with " + describe(answered),
      {answered}};
}

std::string_view form_name(ReadableTime::Form form) {
  switch (form) {
    case ReadableTime::Form::decimal:
      return "decimal digits";
    case ReadableTime::Form::big_endian:
      return "a 32-bit number";
    case ReadableTime::Form::little_endian:
      break;
  }
  return "a little-endian 32-bit number";
}

std::string looks(const NonceStatistics& statistics, std::size_t seen) {
  auto text = fmt::format("{} different nonces of {}, {}", statistics.different, seen,
                          alphabet_name(statistics.alphabet));
  text += statistics.shortest == statistics.longest
              ? fmt::format(" of {} characters", statistics.longest)
              : fmt::format(" of {} to {} characters", statistics.shortest, statistics.longest);
  return text + fmt::format(", of which up to {:.0f} bits vary", statistics.varying_bits);
}

Finding with_numbers(Finding finding, const NonceStatistics& statistics) {
  const auto add = [&](std::string name, double value) {
    finding.facts.emplace_back(std::move(name), std::llround(value));
  };
  add("nonces", static_cast<double>(statistics.different));
  add("characters", static_cast<double>(statistics.longest));
  add("common_prefix", static_cast<double>(statistics.common_prefix));
  add("common_suffix", static_cast<double>(statistics.common_suffix));
  add("varying_bits", statistics.varying_bits);
  add("entropy_bits", statistics.entropy_bits);
  if (statistics.ones) add("ones_permille", *statistics.ones * 1000);
  return finding;
}

Finding predictability(Context& context) {
  const auto& issued = context.shared.issued;
  if (issued.empty()) return {skip, "no nonces to look at (SA-NONCE-13)"};
  const auto samples = samples_of(issued);
  const auto statistics = statistics_of(samples);
  const auto& last = issued.back().exchange;
  const auto seen = looks(statistics, issued.size());
  const auto told = [&](Verdict verdict, const std::string& what) {
    return with_numbers({verdict, seen + what, {last}}, statistics);
  };
  if (statistics.different == 1) {
    return {skip, "every challenge has the same nonce (SA-NONCE-13)", {last}};
  }
  if (statistics.counts) {
    return told(fail, ": each is the one before and a little more, so the next one is known");
  }
  if (auto forged = try_to_forge(context, statistics.time)) {
    return with_numbers(*std::move(forged), statistics);
  }
  if (statistics.varying_bits < fewest_bits) {
    return told(warn, fmt::format(", fewer than {:.0f}", fewest_bits));
  }
  if (statistics.time) {
    return told(info, fmt::format("; the time stands in them, as {} at offset {}",
                                  form_name(statistics.time->form), statistics.time->offset));
  }
  return told(pass, "; nothing in them counts or tells the time");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-NONCE-14",
        .title = "Nonces cannot be predicted",
        .question = "Do the nonces of SA-NONCE-13 tell how the next one will be?",
        .right = "random, or a time with a MAC",
        .acceptable = "a time that can be read (note)",
        .failing = "a counter without a MAC, or a hash without a secret; less than 48 bits that "
                   "vary (warning)",
        .harm = "Who can make nonces can have them answered in advance, or replay an answer when "
                "its nonce comes round again.",
        .references = {"RFC 7616 5.12", "RFC 7616 3.3", "RFC 2617 3.2.1"},
        .stage = Stage::burst,
        .needs = {.credentials = true},
        .cost = {.requests = 2, .refused = 1},
        .priority = 250,
        .builds_on = {"SA-NONCE-13"},
        .repeatable = false,
        .passes_on = {"strict"},
        .fails_on = {"strict", "nonce-counter"},
        .run = predictability,
    },
});

}  // namespace

std::span<const Check> nonce_value_suite() { return checks; }

}  // namespace sipauth::checks
