#include "commands/aka_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "commands/input.hpp"
#include "results/escape.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr std::string_view blanks = " \t\r\n";

struct Entry {
  std::string_view name;
  std::size_t digits;
  std::optional<std::string_view> value = std::nullopt;
};

using Entries = std::array<Entry, 5>;

// Indices of Entries.
enum Which : std::size_t { k, op, opc, amf, sqn };

unsigned digit_of(char c) {
  return static_cast<unsigned>(is_digit(c) ? c - '0' : lower(c) - 'a' + 10);
}

std::uint64_t number_of(std::string_view hex) {
  std::uint64_t number = 0;
  for (const char c : hex) number = number << 4 | digit_of(c);
  return number;
}

Secret bytes_of(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
  }
  Secret secret{bytes};
  wipe_memory(bytes.data(), bytes.size());
  return secret;
}

std::optional<std::string> take(std::string_view word, Entries& entries) {
  const auto equals = std::min(word.find('='), word.size());
  const auto entry = std::ranges::find_if(
      entries, [&](const Entry& known) { return same(known.name, word.substr(0, equals)); });
  if (equals == word.size() || entry == entries.end()) {
    return "takes k=HEX, op=HEX or opc=HEX, amf=HEX and sqn=HEX, and nothing else.";
  }
  if (entry->value) return fmt::format("has {} twice.", entry->name);
  entry->value = word.substr(equals + 1);
  if (entry->value->size() != entry->digits || !std::ranges::all_of(*entry->value, is_hex)) {
    return fmt::format("wants {} hexadecimal digits behind {}=.", entry->digits, entry->name);
  }
  return std::nullopt;
}

}  // namespace

std::expected<registrar::AkaSubscription, std::string> read_aka(std::string_view text) {
  Entries entries{{{"k", 32}, {"op", 32}, {"opc", 32}, {"amf", 4}, {"sqn", 12}}};
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    if (text.empty()) break;
    const bool is_comment = text.starts_with('#');
    const auto word = text.substr(0, is_comment ? text.find('\n') : text.find_first_of(blanks));
    text.remove_prefix(word.size());
    if (is_comment) continue;
    if (auto wrong = take(word, entries)) return std::unexpected{*std::move(wrong)};
  }
  if (!entries[k].value) return std::unexpected{"has no k=HEX."};
  if (entries[op].value.has_value() == entries[opc].value.has_value()) {
    return std::unexpected{"wants either op=HEX or opc=HEX."};
  }
  const auto key = bytes_of(*entries[k].value);
  const bool is_opc = entries[opc].value.has_value();
  const auto second = bytes_of(*entries[is_opc ? opc : op].value);
  auto keys = is_opc ? AkaKeys::from_opc(key.reveal(), second.reveal())
                     : AkaKeys::from_op(key.reveal(), second.reveal());
  if (!keys) return std::unexpected{std::string{keys.error().sentence()}};
  registrar::AkaSubscription card{.keys = *std::move(keys)};
  if (entries[amf].value) card.amf = static_cast<std::uint16_t>(number_of(*entries[amf].value));
  if (entries[sqn].value) card.sqn = number_of(*entries[sqn].value);
  return card;
}

std::expected<registrar::AkaSubscription, std::string> read_aka_file(const std::string& file) {
  auto text = read_private_input(file, max_aka_bytes);
  if (!text) return std::unexpected{std::move(text.error())};
  auto card = read_aka(*text);
  wipe_memory(text->data(), text->size());
  if (card) return card;
  const auto name = file == "-" ? "Standard input" : results::for_terminal(file);
  return std::unexpected{fmt::format("{} {}", name, card.error())};
}

}  // namespace sipauth::commands
