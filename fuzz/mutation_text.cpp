#include "fuzz/mutation_text.hpp"

#include <algorithm>

namespace sipauth::fuzz {

std::string_view drawn(Texts texts, Random& random) {
  return texts.empty() ? std::string_view{} : texts[random.below(texts.size())];
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  std::string text;
  text.reserve(size);
  for (const auto part : parts) text += part;
  return text;
}

std::string replaced(std::string_view text, std::string_view part, std::string_view with) {
  const auto begin = static_cast<std::size_t>(part.data() - text.data());
  return joined({text.substr(0, begin), with, text.substr(begin + part.size())});
}

std::string inserted(std::string_view text, std::size_t offset, std::string_view what) {
  offset = std::min(offset, text.size());
  return joined({text.substr(0, offset), what, text.substr(offset)});
}

std::string inserted_anywhere(std::string_view text, std::string_view what, Random& random) {
  return inserted(text, random.below(text.size() + 1), what);
}

std::size_t drawn_length(Random& random, std::size_t most) {
  return std::min(most, odd_lengths[random.below(odd_lengths.size())]);
}

std::string cut_short(std::string_view text, Random& random) {
  return std::string{text.substr(0, random.below(text.size()))};
}

std::string with_an_odd_byte(std::string_view text, Random& random) {
  return inserted_anywhere(text, drawn(odd_bytes, random), random);
}

std::string with_a_byte_changed(std::string_view text, Random& random) {
  std::string damaged{text};
  if (damaged.empty()) return damaged;
  auto& byte = damaged[random.below(damaged.size())];
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << random.below(8)));
  return damaged;
}

std::string with_a_run_repeated(std::string_view text, Random& random) {
  const auto begin = random.below(text.size());
  const auto run = text.substr(begin, 1 + random.below(text.size() - begin));
  return inserted(text, begin, run);
}

std::string with_a_format_string(std::string_view text, Random& random) {
  return inserted_anywhere(text, drawn(format_strings, random), random);
}

}  // namespace sipauth::fuzz
