#include "checks/nonce_statistics.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view separators = "-:./";
constexpr std::int64_t day = 86'400;
constexpr std::size_t time_digits = 10;  // of seconds, from 2001 to 2286

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

unsigned hex_value(char c) {
  return static_cast<unsigned>(is_digit(c) ? c - '0' : lower(c) - 'a' + 10);
}

bool holds_only(std::string_view text, bool (*belongs)(char)) {
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return belongs(c) || separators.contains(c); });
}

std::vector<NonceSample> without_repeats(std::span<const NonceSample> nonces) {
  std::vector<NonceSample> different;
  std::set<std::string_view> known;
  for (const auto& sample : nonces) {
    if (known.insert(sample.nonce).second) different.push_back(sample);
  }
  return different;
}

std::optional<std::string> decoded(std::string_view nonce) {
  auto bytes = bytes_of_hex(nonce);
  return bytes ? bytes : bytes_of_base64(nonce);
}

std::size_t common_prefix_of(std::span<const NonceSample> nonces) {
  auto length = nonces.front().nonce.size();
  for (const auto& sample : nonces) {
    const auto [a, b] = std::ranges::mismatch(sample.nonce, nonces.front().nonce);
    length = std::min(length, static_cast<std::size_t>(a - sample.nonce.begin()));
  }
  return length;
}

std::size_t common_suffix_of(std::span<const NonceSample> nonces, std::size_t prefix) {
  const auto& first = nonces.front().nonce;
  auto length = first.size() - prefix;
  for (const auto& sample : nonces) {
    length = std::min(length, sample.nonce.size() - prefix);
    std::size_t same = 0;
    while (same < length &&
           sample.nonce[sample.nonce.size() - 1 - same] == first[first.size() - 1 - same]) {
      ++same;
    }
    length = same;
  }
  return length;
}

// The bits that one character can hold.
double character_bits(NonceAlphabet alphabet, std::span<const NonceSample> nonces) {
  switch (alphabet) {
    case NonceAlphabet::decimal:
      return std::log2(10.0);
    case NonceAlphabet::hexadecimal:
      return 4;
    case NonceAlphabet::base64:
      return 6;
    case NonceAlphabet::other:
      break;
  }
  std::set<char> seen;
  for (const auto& sample : nonces) seen.insert(sample.nonce.begin(), sample.nonce.end());
  return seen.empty() ? 0 : std::log2(static_cast<double>(seen.size()));
}

// How often each character stands at `position`; 0 counts the nonces that end before it.
std::array<std::size_t, 257> characters_at(std::span<const NonceSample> nonces,
                                           std::size_t position) {
  std::array<std::size_t, 257> counts{};
  for (const auto& sample : nonces) {
    ++counts[position < sample.nonce.size() ? byte(sample.nonce[position]) + std::size_t{1} : 0];
  }
  return counts;
}

void add_positions(NonceStatistics& statistics, std::span<const NonceSample> nonces) {
  const auto bits = character_bits(statistics.alphabet, nonces);
  const auto all = static_cast<double>(nonces.size());
  for (auto position = statistics.common_prefix; position < statistics.longest; ++position) {
    const auto counts = characters_at(nonces, position);
    double entropy = 0;
    for (const auto count : counts) {
      if (count == 0) continue;
      const auto share = static_cast<double>(count) / all;
      entropy -= share * std::log2(share);
    }
    if (std::ranges::find(counts, nonces.size()) != counts.end()) continue;
    statistics.varying_bits += bits;
    statistics.entropy_bits += entropy;
  }
}

std::optional<double> share_of_ones(std::span<const NonceSample> nonces) {
  std::vector<std::string> all;
  for (const auto& sample : nonces) {
    auto bytes = decoded(sample.nonce);
    if (!bytes || bytes->size() != (all.empty() ? bytes->size() : all.front().size())) return {};
    all.push_back(*std::move(bytes));
  }
  std::size_t ones = 0;
  std::size_t bits = 0;
  for (std::size_t at = 0; at < all.front().size(); ++at) {
    std::uint8_t varying = 0;
    for (const auto& bytes : all) {
      varying = static_cast<std::uint8_t>(varying | (byte(bytes[at]) ^ byte(all.front()[at])));
    }
    bits += static_cast<std::size_t>(std::popcount(varying)) * all.size();
    for (const auto& bytes : all) {
      ones += static_cast<std::size_t>(
          std::popcount(static_cast<std::uint8_t>(byte(bytes[at]) & varying)));
    }
  }
  if (bits == 0) return std::nullopt;
  return static_cast<double>(ones) / static_cast<double>(bits);
}

bool is_near(std::int64_t seconds, net::WallTime asked) {
  const auto now = std::chrono::floor<std::chrono::seconds>(asked).time_since_epoch().count();
  return std::abs(seconds - now) <= day;
}

// What varies in all of them as whole numbers; empty when it is no number, or more than 64 bits.
std::vector<std::uint64_t> numbers_of(std::span<const NonceSample> nonces, bool little_endian) {
  const bool decimal = alphabet_of(nonces) == NonceAlphabet::decimal;
  std::vector<std::string> texts;
  for (const auto& sample : nonces) {
    if (decimal) {
      texts.emplace_back(sample.nonce);
      continue;
    }
    auto bytes = decoded(sample.nonce);
    if (!bytes) return {};
    if (little_endian) std::ranges::reverse(*bytes);
    texts.push_back(*std::move(bytes));
  }
  const auto size = texts.front().size();
  const bool same_size =
      std::ranges::all_of(texts, [&](const auto& t) { return t.size() == size; });
  std::size_t begin = 0;
  std::size_t end = size;
  const auto is_constant = [&](std::size_t at) {
    return std::ranges::all_of(texts, [&](const auto& t) { return t[at] == texts.front()[at]; });
  };
  if (same_size) {
    while (begin < end && is_constant(begin)) ++begin;
    while (end > begin && is_constant(end - 1)) --end;
  }
  std::vector<std::uint64_t> numbers;
  for (const auto& text : texts) {
    const auto part = std::string_view{text}.substr(begin, same_size ? end - begin : text.npos);
    if (part.size() > (decimal ? 18U : 8U)) return {};
    std::uint64_t number = 0;
    for (const char c : part) {
      if (decimal && !is_digit(c)) return {};
      number = decimal ? number * 10 + hex_value(c) : number << 8 | byte(c);
    }
    numbers.push_back(number);
  }
  return numbers;
}

// Is it less likely than one in 2^40 that random numbers of so many bits do the same?
bool goes_up(const std::vector<std::uint64_t>& numbers, double bits) {
  if (numbers.size() < 4) return false;
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most = 0;
  bool rises = true;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    rises = rises && numbers[i] > numbers[i - 1];
    const auto step = numbers[i] - numbers[i - 1];
    least = std::min(least, step);
    most = std::max(most, step);
  }
  const auto steps = static_cast<double>(numbers.size() - 1);
  if (least == most) return bits * (steps - 1) >= 40;
  return rises && steps * (bits - std::log2(static_cast<double>(most))) >= 40;
}

}  // namespace

std::string_view alphabet_name(NonceAlphabet alphabet) {
  switch (alphabet) {
    case NonceAlphabet::decimal:
      return "decimal";
    case NonceAlphabet::hexadecimal:
      return "hexadecimal";
    case NonceAlphabet::base64:
      return "base64";
    case NonceAlphabet::other:
      break;
  }
  return "mixed";
}

NonceAlphabet alphabet_of(std::span<const NonceSample> nonces) {
  const auto all = [&](auto is_one) {
    return !nonces.empty() && std::ranges::all_of(nonces, is_one, &NonceSample::nonce);
  };
  if (all([](std::string_view text) { return holds_only(text, is_digit); })) {
    return NonceAlphabet::decimal;
  }
  if (all([](std::string_view text) { return holds_only(text, is_hex); })) {
    return NonceAlphabet::hexadecimal;
  }
  const auto is_base64 = [](std::string_view text) { return bytes_of_base64(text).has_value(); };
  return all(is_base64) ? NonceAlphabet::base64 : NonceAlphabet::other;
}

std::optional<std::string> bytes_of_hex(std::string_view text) {
  std::string bytes;
  std::optional<unsigned> high;
  for (const char c : text) {
    if (separators.contains(c)) continue;
    if (!is_hex(c)) return std::nullopt;
    if (high) bytes += static_cast<char>(*high << 4U | hex_value(c));
    high = high ? std::nullopt : std::optional{hex_value(c)};
  }
  if (high || bytes.empty()) return std::nullopt;
  return bytes;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  if (text.empty() || text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  std::uint32_t count = 0;
  for (const char c : text) {
    const auto value = base64_digits.find(c);
    if (value == base64_digits.npos) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xffU);
  }
  return bytes;
}

std::optional<std::int64_t> read_time(const ReadableTime& where, std::string_view nonce) {
  if (where.form == ReadableTime::Form::decimal) {
    if (nonce.size() < where.offset + time_digits) return std::nullopt;
    std::int64_t seconds = 0;
    for (const char c : nonce.substr(where.offset, time_digits)) {
      if (!is_digit(c)) return std::nullopt;
      seconds = seconds * 10 + (c - '0');
    }
    return seconds;
  }
  auto bytes = decoded(nonce);
  if (!bytes || bytes->size() < where.offset + 4) return std::nullopt;
  auto four = bytes->substr(where.offset, 4);
  if (where.form == ReadableTime::Form::little_endian) std::ranges::reverse(four);
  std::int64_t seconds = 0;
  for (const char c : four) seconds = seconds << 8 | byte(c);
  return seconds;
}

std::optional<ReadableTime> find_time(std::span<const NonceSample> nonces) {
  using Form = ReadableTime::Form;
  if (nonces.empty()) return std::nullopt;
  // The longest nonces that phones take have some hundred characters; a time stands in front.
  constexpr std::size_t farthest = 256;
  for (const auto form : {Form::decimal, Form::big_endian, Form::little_endian}) {
    const auto last = std::min(nonces.front().nonce.size(), farthest);
    for (std::size_t offset = 0; offset < last; ++offset) {
      const ReadableTime where{form, offset};
      const bool in_all = std::ranges::all_of(nonces, [&](const NonceSample& sample) {
        const auto seconds = read_time(where, sample.nonce);
        return seconds && is_near(*seconds, sample.asked);
      });
      if (in_all) return where;
    }
  }
  return std::nullopt;
}

bool is_counter(std::span<const NonceSample> nonces) {
  const auto different = without_repeats(nonces);
  if (different.size() < 4) return false;
  const auto alphabet = alphabet_of(different);
  const auto bits = std::min(64.0, character_bits(alphabet, different) *
                                       static_cast<double>(different.front().nonce.size()));
  return goes_up(numbers_of(different, false), bits) || goes_up(numbers_of(different, true), bits);
}

NonceStatistics statistics_of(std::span<const NonceSample> nonces) {
  NonceStatistics statistics;
  const auto different = without_repeats(nonces);
  if (different.empty()) return statistics;
  const auto by_size = [](const NonceSample& sample) { return sample.nonce.size(); };
  statistics.different = different.size();
  statistics.shortest = by_size(std::ranges::min(different, {}, by_size));
  statistics.longest = by_size(std::ranges::max(different, {}, by_size));
  statistics.alphabet = alphabet_of(different);
  statistics.common_prefix = common_prefix_of(different);
  statistics.common_suffix = common_suffix_of(different, statistics.common_prefix);
  add_positions(statistics, different);
  statistics.ones = share_of_ones(different);
  statistics.counts = is_counter(different);
  statistics.time = find_time(different);
  return statistics;
}

}  // namespace sipauth::checks
