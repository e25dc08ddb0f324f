#include "fuzzing/value_mutations.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "sipauth/text.hpp"

namespace sipauth::fuzzing {
namespace {

using fuzz::Random;
using Text = std::string_view;

std::string emptied(Text, Random&) { return {}; }

std::string byte_removed(Text text, Random& random) {
  std::string damaged{text};
  if (!damaged.empty()) damaged.erase(random.below(damaged.size()), 1);
  return damaged;
}

std::string byte_changed(Text text, Random& random) {
  std::string damaged{text};
  if (!damaged.empty()) damaged[random.below(damaged.size())] = static_cast<char>(random.next());
  return damaged;
}

// What grammars give a meaning to, and what C strings and terminals do.
constexpr auto telling = std::to_array<Text>(
    {"\"",   "\\",   ",",    ";",   "=",  "<",  ">",  ":",     "@",
     "%",    "%00",  "%zz",  " ",   "\t", "\r", "\n", "\r\n ", std::string_view{"\0", 1},
     "\x7f", "\x80", "\xff", "(",   ")",  "[",  "]",  "{",     "'",
     "/",    "?",    "&",    "%n%s"});

std::string telling_inserted(Text text, Random& random) {
  std::string damaged{text};
  return damaged.insert(random.below(damaged.size() + 1), telling[random.below(telling.size())]);
}

std::string run_inserted(Text text, Random& random) {
  constexpr auto lengths = std::to_array<std::size_t>({16, 64, 129, 256, 513, 1025, 4097, 9000});
  constexpr Text fills = "A0\"\\,;=% \t<(1/";
  std::string damaged{text};
  return damaged.insert(random.below(damaged.size() + 1), lengths[random.below(lengths.size())],
                        fills[random.below(fills.size())]);
}

struct Span {
  std::size_t begin;
  std::size_t size;
};

Span draw_span(Text text, Random& random) {
  const auto begin = random.below(text.size());
  return {begin, 1 + random.below(text.size() - begin)};
}

std::string span_removed(Text text, Random& random) {
  std::string damaged{text};
  if (text.empty()) return damaged;
  const auto [begin, size] = draw_span(text, random);
  return damaged.erase(begin, size);
}

std::string span_repeated(Text text, Random& random) {
  constexpr std::size_t most_times = 40;
  std::string damaged{text};
  if (text.empty()) return damaged;
  const auto [begin, size] = draw_span(text, random);
  const auto times = 1 + random.below(most_times);
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated.append(text.substr(begin, size));
  return damaged.insert(begin, repeated);
}

std::string cut_off(Text text, Random& random) {
  return std::string{text.substr(0, random.below(text.size()))};
}

// One of the numbers in the text, beyond what fits.
std::string number_changed(Text text, Random& random) {
  constexpr auto numbers = std::to_array<Text>(
      {"-1", "0", "2147483648", "4294967295", "4294967296", "18446744073709551616", "65536",
       "00000000000000000000000000000001", "1e9", "0x10", "99999999999999999999999999999999999"});
  std::size_t runs = 0;
  const auto begins = [&](std::size_t i) {
    return is_digit(text[i]) && (i == 0 || !is_digit(text[i - 1]));
  };
  for (std::size_t i = 0; i < text.size(); ++i) runs += begins(i) ? 1 : 0;
  std::string damaged{text};
  auto left = random.below(runs);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!begins(i) || left-- > 0) continue;
    const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                                      [](char c) { return is_digit(c); });
    return damaged.replace(i, static_cast<std::size_t>(end - text.begin()) - i,
                           numbers[random.below(numbers.size())]);
  }
  return damaged;
}

std::string quote_removed(Text text, Random& random) {
  const auto quotes = static_cast<std::size_t>(std::ranges::count(text, '"'));
  std::string damaged{text};
  auto left = random.below(quotes);
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    if (damaged[i] == '"' && left-- == 0) return damaged.erase(i, 1);
  }
  return damaged;
}

constexpr auto table = std::to_array<fuzz::Mutation>({
    {"value-emptied", "nothing behind the colon", emptied},
    {"byte-removed", "one byte less", byte_removed},
    {"byte-changed", "another byte in the place of one", byte_changed},
    {"special-inserted", "a byte that some grammar gives a meaning to", telling_inserted},
    {"run-inserted", "one byte, up to thousands of times", run_inserted},
    {"span-removed", "a part is missing", span_removed},
    {"span-repeated", "a part up to forty times over", span_repeated},
    {"cut-off", "the end is missing", cut_off},
    {"number-changed", "a number that does not fit", number_changed},
    {"quote-removed", "a quoted-string that is never closed", quote_removed},
});

}  // namespace

std::span<const fuzz::Mutation> value_mutations() noexcept { return table; }

}  // namespace sipauth::fuzzing
