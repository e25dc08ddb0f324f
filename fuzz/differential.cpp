#include "fuzz/differential.hpp"

#include <algorithm>
#include <array>

#include "fuzz/oracle.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

constexpr auto field_names =
    std::to_array<std::string_view>({"header", "realm", "nonce", "stale", "algorithm", "qop",
                                     "username", "uri", "response", "nc", "cnonce"});
static_assert(field_names.size() == field_count);

constexpr auto of_challenge =
    std::to_array<Field>({Field::realm, Field::nonce, Field::stale, Field::algorithm, Field::qop});
constexpr auto of_credentials =
    std::to_array<Field>({Field::username, Field::realm, Field::nonce, Field::uri, Field::response,
                          Field::algorithm, Field::qop, Field::nc, Field::cnonce});

std::span<const Field> fields_of(HeaderKind kind) {
  return kind == HeaderKind::challenge ? std::span<const Field>{of_challenge} : of_credentials;
}

// Message parsers make one line of a folded value, and end a row at any other CR or LF.
std::optional<std::string> as_one_line(std::string_view input) {
  std::string line;
  line.reserve(input.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (input[i] == '\0' || input[i] == '\n') return std::nullopt;
    if (input[i] != '\r') {
      line += input[i];
      continue;
    }
    const auto behind = input.substr(i + 1);
    if (!behind.starts_with("\n ") && !behind.starts_with("\n\t")) return std::nullopt;
    ++i;
  }
  return std::string{trim(line)};
}

// False for another scheme.
template <typename List>
bool read_into(Compared& compared) {
  const auto list = List::parse(compared.text, compared.diagnostics);
  if (!list) {
    compared.error = list.error();
    return true;
  }
  if (!list->is_digest()) return false;
  compared.parameters.assign(list->parameters().begin(), list->parameters().end());
  for (const auto field : fields_of(compared.kind)) {
    compared.own.set(field, list->value(field_name(field)));
  }
  compared.own.accepted = true;
  return true;
}

std::optional<Difference> difference_of(const Reading& own, const Reading& theirs, Field field) {
  if (own[field] == theirs[field]) return std::nullopt;
  if (!theirs[field]) return Difference::missing;
  if (!own[field]) return Difference::extra;
  return Difference::another;
}

constexpr std::string_view difference_text(Difference difference) {
  using enum Difference;
  switch (difference) {
    case rejected:
      return "does not read";
    case accepted:
      return "reads, as we do not,";
    case missing:
      return "has no";
    case extra:
      return "has, as we have not, a";
    case another:
      break;
  }
  return "has another";
}

// Has one of the row's rules been broken where the row says?
bool breaks(const Explanation& row, const Compared& compared, Field field) {
  // From the first to the last byte of a parameter of that name; of what is absent, the whole.
  const auto lies_there = [&](Span where) {
    if (row.place == Place::anywhere || field == Field::header) return true;
    bool found = false;
    for (const auto& parameter : compared.parameters) {
      if (!same(parameter.name, field_name(field))) continue;
      found = true;
      // What follows with nothing but blanks between is read into the value by others.
      const auto end = std::min(
          compared.text.find_first_not_of(" \t", parameter.where.offset + parameter.where.length),
          compared.text.size());
      if (where.offset > end) continue;
      if (row.place == Place::before_it || where.offset >= parameter.where.offset) return true;
    }
    return !found;
  };
  return std::ranges::any_of(compared.diagnostics.list(), [&](const Diagnostic& diagnostic) {
    return std::ranges::find(row.rules, diagnostic.rule) != row.rules.end() &&
           lies_there(diagnostic.where);
  });
}

void compare(HeaderKind kind, std::string_view input) {
  const auto compared = read_own(kind, input);
  if (!compared) return;
  for (const auto& disagreement : disagreements(*compared)) {
    if (explain(*compared, disagreement) != nullptr) continue;
    throw OracleViolation{std::string{disagreement.library->name} + " " +
                          std::string{difference_text(disagreement.difference)} + " " +
                          std::string{field_name(disagreement.field)} +
                          ", and no explanation fits"};
  }
}

}  // namespace

std::string_view field_name(Field field) noexcept {
  return field_names[static_cast<std::size_t>(field)];
}

void Reading::set(Field field, std::optional<std::string_view> between_quotes) {
  auto& value = values[static_cast<std::size_t>(field)];
  if (!between_quotes) return;
  auto meaning = unquote(*between_quotes);
  if (field == Field::stale) {
    if (same(meaning, "true")) value = "true";
    return;
  }
  if (field == Field::algorithm || field == Field::qop) {
    std::ranges::transform(meaning, meaning.begin(), lower);
  }
  value = std::move(meaning);
}

std::optional<Compared> read_own(HeaderKind kind, std::string_view input) {
  auto text = as_one_line(input);
  if (!text) return std::nullopt;
  Compared compared{.kind = kind, .text = std::move(*text)};
  // Views into the text: it must not move any more, not even within a short string.
  compared.text.reserve(64);
  const bool read = kind == HeaderKind::challenge ? read_into<Challenge>(compared)
                                                  : read_into<Credentials>(compared);
  if (!read) return std::nullopt;
  return compared;
}

std::vector<Disagreement> disagreements(const Compared& compared) {
  std::vector<Disagreement> found;
  for (const auto& library : foreign_libraries) {
    const auto read =
        compared.kind == HeaderKind::challenge ? library.challenge : library.credentials;
    const auto theirs = read(compared.text);
    if (theirs.accepted != compared.own.accepted) {
      found.push_back(
          {.library = &library,
           .field = Field::header,
           .difference = theirs.accepted ? Difference::accepted : Difference::rejected});
      continue;
    }
    if (!theirs.accepted) continue;
    for (const auto field : fields_of(compared.kind)) {
      if (const auto difference = difference_of(compared.own, theirs, field)) {
        found.push_back({&library, field, *difference, theirs[field]});
      }
    }
  }
  return found;
}

const Explanation* explain(const Compared& compared, const Disagreement& disagreement) {
  const auto fits = [&](const Explanation& row) {
    if (std::ranges::find(row.differences, disagreement.difference) == row.differences.end()) {
      return false;
    }
    if (!row.library.empty() && row.library != disagreement.library->name) return false;
    if (!row.fields.empty() &&
        std::ranges::find(row.fields, disagreement.field) == row.fields.end()) {
      return false;
    }
    if (row.holds != nullptr && !row.holds(compared, disagreement)) return false;
    return row.rules.empty() || breaks(row, compared, disagreement.field);
  };
  const auto row = std::ranges::find_if(explanations(), fits);
  return row == explanations().end() ? nullptr : &*row;
}

void differential_challenge(std::string_view input) { compare(HeaderKind::challenge, input); }

void differential_credentials(std::string_view input) { compare(HeaderKind::credentials, input); }

}  // namespace sipauth::fuzz
