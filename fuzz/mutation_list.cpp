#include "fuzz/mutation_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth::fuzz {
namespace {

std::vector<Parameter> copied(const AuthParams& list) {
  const auto parameters = list.parameters();
  return {parameters.begin(), parameters.end()};
}

std::string_view written(const Parameter& parameter, std::string_view text) {
  return text.substr(parameter.where.offset, parameter.where.length);
}

WrittenPair pair_of(const Parameter& parameter, std::string_view text) {
  const auto whole = written(parameter, text);
  const auto begin =
      static_cast<std::size_t>(parameter.value.data() - whole.data()) - (parameter.quoted ? 1 : 0);
  return {.name = parameter.name,
          .equals = whole.substr(parameter.name.size(), begin - parameter.name.size()),
          .notation = whole.substr(begin),
          .value = parameter.value,
          .quoted = parameter.quoted};
}

// From the end of one parameter to the begin of the next.
std::string_view gap_between(const Parameter& left, const Parameter& right, std::string_view text) {
  const auto begin = left.where.offset + left.where.length;
  return text.substr(begin, right.where.offset - begin);
}

const Parameter* find(const std::vector<Parameter>& list, std::string_view name) {
  const auto found = std::ranges::find_if(
      list, [&](const Parameter& parameter) { return same(parameter.name, name); });
  return found == list.end() ? nullptr : &*found;
}

std::string added(std::string_view text, const std::vector<Parameter>& list,
                  std::string_view parameter, Random& random) {
  if (list.empty()) return joined({text, " ", parameter});
  if (random.one_in(2)) return joined({text, ", ", parameter});
  const auto first = list.front().where.offset;
  return joined({text.substr(0, first), parameter, ", ", text.substr(first)});
}

// `order` is a permutation of the parameters; what stands between them stays.
std::string in_order(std::string_view text, const std::vector<Parameter>& list,
                     const std::vector<std::size_t>& order) {
  std::string damaged{text.substr(0, list.front().where.offset)};
  damaged.reserve(text.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    damaged += written(list[order[i]], text);
    if (i + 1 < list.size()) damaged += gap_between(list[i], list[i + 1], text);
  }
  return damaged += text.substr(list.back().where.offset + list.back().where.length);
}

std::vector<std::size_t> as_they_stand(std::size_t count) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  return order;
}

}  // namespace

std::vector<Parameter> read_parameters(std::string_view text, Random& random) {
  Diagnostics diagnostics;
  auto challenge = Challenge::parse(text, diagnostics);
  if (challenge && challenge->next_challenge() && random.one_in(2)) {
    challenge = Challenge::parse(text, *challenge->next_challenge(), diagnostics);
  }
  if (!challenge) {
    const auto info = AuthenticationInfo::parse(text, diagnostics);
    return info ? copied(*info) : std::vector<Parameter>{};
  }
  // Credentials differ in the parameters whose values may hold a semicolon.
  if (challenge->find("response") != nullptr || challenge->find("username") != nullptr) {
    if (const auto credentials = Credentials::parse(text, diagnostics)) return copied(*credentials);
  }
  return copied(*challenge);
}

std::string rewrite_a_parameter(std::string_view text, Random& random, RewritePair rewrite) {
  const auto list = read_parameters(text, random);
  const auto first = random.below(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& parameter = list[(first + i) % list.size()];
    const auto before = written(parameter, text);
    if (const auto after = rewrite(pair_of(parameter, text), random); after != before) {
      return replaced(text, before, after);
    }
  }
  return std::string{text};
}

std::string rewrite_a_gap(std::string_view text, Random& random, RewriteGap rewrite) {
  const auto list = read_parameters(text, random);
  if (list.size() < 2) return std::string{text};
  const auto left = random.below(list.size() - 1);
  const auto gap = gap_between(list[left], list[left + 1], text);
  return replaced(text, gap, rewrite(gap, random));
}

std::string rewrite_all_gaps(std::string_view text, Random& random, RewriteGap rewrite) {
  const auto list = read_parameters(text, random);
  if (list.size() < 2) return std::string{text};
  std::string damaged{text.substr(0, list.front().where.offset)};
  for (std::size_t i = 0; i < list.size(); ++i) {
    damaged += written(list[i], text);
    if (i + 1 < list.size()) damaged += rewrite(gap_between(list[i], list[i + 1], text), random);
  }
  return damaged += text.substr(list.back().where.offset + list.back().where.length);
}

std::string respell(std::string_view text, Random& random, const Spellings& spellings) {
  const auto list = read_parameters(text, random);
  const auto notation = drawn(spellings.notations, random);
  if (const auto* parameter = find(list, spellings.name)) {
    const auto pair = pair_of(*parameter, text);
    return replaced(text, written(*parameter, text),
                    joined({pair.name, pair.equals.empty() ? "=" : pair.equals, notation}));
  }
  return added(text, list, joined({spellings.name, "=", notation}), random);
}

std::string double_otherwise(std::string_view text, Random& random, const Spellings& spellings) {
  const auto list = read_parameters(text, random);
  const auto more = joined({spellings.name, "=", drawn(spellings.notations, random)});
  const auto* parameter = find(list, spellings.name);
  if (parameter == nullptr) {
    return added(text, list,
                 joined({more, ", ", spellings.name, "=", drawn(spellings.notations, random)}),
                 random);
  }
  if (random.one_in(2)) return joined({text, ", ", more});
  const auto begin = parameter->where.offset;
  return joined({text.substr(0, begin), more, ", ", text.substr(begin)});
}

std::string without_a_parameter(std::string_view text, Random& random) {
  const auto list = read_parameters(text, random);
  if (list.empty()) return std::string{text};
  const auto index = random.below(list.size());
  const auto begin = list[index].where.offset;
  const auto end = begin + list[index].where.length;
  if (index + 1 < list.size()) {  // with what separates it from the next
    return joined({text.substr(0, begin), text.substr(list[index + 1].where.offset)});
  }
  const auto before =
      index == 0 ? begin : list[index - 1].where.offset + list[index - 1].where.length;
  return joined({text.substr(0, before), text.substr(end)});
}

std::string with_two_swapped(std::string_view text, Random& random) {
  const auto list = read_parameters(text, random);
  if (list.size() < 2) return std::string{text};
  auto order = as_they_stand(list.size());
  const auto one = random.below(list.size());
  const auto other = (one + 1 + random.below(list.size() - 1)) % list.size();
  std::swap(order[one], order[other]);
  return in_order(text, list, order);
}

std::string with_all_shuffled(std::string_view text, Random& random) {
  const auto list = read_parameters(text, random);
  if (list.size() < 2) return std::string{text};
  auto order = as_they_stand(list.size());
  for (std::size_t i = order.size() - 1; i > 0; --i)
    std::swap(order[i], order[random.below(i + 1)]);
  return in_order(text, list, order);
}

std::string with_unknown_parameters(std::string_view text, Random& random) {
  // Up to the most that are read, one more, and far more.
  constexpr auto counts = std::to_array<std::size_t>(
      {1, 2, 8, AuthParams::max_parameters - 4, AuthParams::max_parameters, 64, 1'000});
  const auto count = counts[random.below(counts.size())];
  std::string damaged{text};
  for (std::size_t i = 0; i < count; ++i) {
    damaged += ", x-";
    damaged += static_cast<char>('a' + i % 26);
    damaged += random.one_in(2) ? "=\"sip:r;x\"" : "=1";
  }
  return damaged;
}

std::string cut_in_a_parameter(std::string_view text, Random& random) {
  const auto list = read_parameters(text, random);
  if (list.empty()) return std::string{text};
  const auto& parameter = list[random.below(list.size())];
  const auto pair = pair_of(parameter, text);
  const auto begin = parameter.where.offset;
  const auto behind_equals = begin + pair.name.size() + pair.equals.size();
  switch (random.below(4)) {
    case 0:
      return std::string{text.substr(0, begin + 1 + random.below(pair.name.size()))};
    case 1:
      return std::string{text.substr(0, behind_equals)};
    case 2:
      return std::string{text.substr(0, behind_equals + random.below(pair.notation.size()))};
    default:
      return joined({text.substr(0, behind_equals + random.below(pair.notation.size())), "\\"});
  }
}

}  // namespace sipauth::fuzz
