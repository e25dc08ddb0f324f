#include "parameters.hpp"

#include <array>
#include <cstdint>

#include "sipauth/uri.hpp"

namespace sipauth {
namespace detail {
namespace {

// qvalue: 0 to 1 with at most three decimals.
bool is_qvalue(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return false;
  if (text.size() > 1 && text[1] != '.') return false;
  const auto decimals = text.substr(text.size() < 2 ? text.size() : 2);
  return std::ranges::all_of(decimals,
                             [&](char c) { return c == '0' || (text[0] == '0' && is_digit(c)); });
}

bool is_anything(std::string_view) noexcept { return true; }

template <std::uint32_t most>
bool is_up_to(std::string_view text) noexcept {
  return number(text, most).has_value();
}

// The parameters that peers act on: twice in one list they are read differently by different peers.
struct Known {
  std::string_view name;
  bool (*is_value)(std::string_view) noexcept = is_anything;
  bool is_of_uri = false;
};

constexpr auto known_parameters = std::to_array<Known>({
    {"tag"},
    {"branch"},
    {"received"},
    {"rport", is_up_to<65'535>},
    {"expires", is_up_to<0xffff'ffff>},
    {"q", is_qvalue},
    {"ttl", is_up_to<255>},
    {"maddr"},
    {"transport", is_anything, true},
    {"user", is_anything, true},
    {"method", is_anything, true},
    {"lr", is_anything, true},
});

// What a header's parameter may hold without quotes: a token, or a host with or without brackets.
constexpr CharacterSet of_bare_value{"-.!%*_+`'~[]:"};
constexpr CharacterSet of_base64{"-.!%*_+`'~[]:/="};

void lint_header_parameter(const ListedParameter& parameter, const Report& report) noexcept {
  if (!is_token(parameter.name)) report("SL-parameter-name", parameter.name);
  if (!parameter.value) return;
  const auto value = *parameter.value;
  if (value.starts_with('"')) {
    const auto end = end_of_quoted_string(value, 0);
    if (end == std::string_view::npos) {
      report("SL-parameter-quote", value.substr(0, 1));
    } else if (end != value.size()) {
      report("SL-parameter-value", value.substr(end));
    }
  } else if (value.empty() || !std::ranges::all_of(value, of_base64)) {
    report("SL-parameter-value", value);
  } else if (!std::ranges::all_of(value, of_bare_value)) {
    report("SL-value-alphabet", value);
  }
}

// Says which of the known ones were there, a bit each.
class Repetitions {
 public:
  void lint(const ListedParameter& parameter, const Report& report) noexcept {
    for (std::size_t i = 0; i < known_parameters.size(); ++i) {
      const auto& known = known_parameters[i];
      if (!same(known.name, parameter.name)) continue;
      if ((seen_ >> i & 1U) != 0) report("SL-parameter-repeated", parameter.name);
      seen_ |= 1U << i;
      if (parameter.value && !parameter.value->empty() && !known.is_value(*parameter.value)) {
        report("SL-parameter-range", *parameter.value);
      }
      return;
    }
  }

 private:
  std::uint32_t seen_ = 0;
};

}  // namespace

std::optional<ListedParameter> next_parameter(std::string_view& list) noexcept {
  if (list.empty()) return std::nullopt;
  const auto end = find_unquoted(list, ';', 1);
  const auto text = trim(list.substr(1, end - 1));
  list.remove_prefix(end);

  const auto equal = text.find('=');
  if (equal == std::string_view::npos) return ListedParameter{text, text, std::nullopt};
  return ListedParameter{text, trim(text.substr(0, equal)), trim(text.substr(equal + 1))};
}

std::string_view take_header_parameters(Cursor& cursor, const Report& report) noexcept {
  if (!cursor.is_at(';')) return {};
  const auto list = trim(cursor.take_to(cursor.position() + find_unquoted(cursor.rest(), ',')));
  auto left = list;
  Repetitions repetitions;
  while (const auto parameter = next_parameter(left)) {
    if (parameter->text.empty()) {
      report("SL-parameter-empty", parameter->text);
      continue;
    }
    lint_header_parameter(*parameter, report);
    repetitions.lint(*parameter, report);
  }
  return list;
}

void lint_uri_parameters(std::string_view list, const Report& report) noexcept {
  Repetitions repetitions;
  while (const auto parameter = next_parameter(list)) {
    if (parameter->name.empty()) report("SL-parameter-empty", parameter->text);
    repetitions.lint(*parameter, report);
  }
}

bool is_uri_parameter(std::string_view name) noexcept {
  return std::ranges::any_of(known_parameters, [&](const Known& known) {
    return known.is_of_uri && same(known.name, name);
  });
}

}  // namespace detail

std::optional<std::string_view> find_parameter(std::string_view list,
                                               std::string_view name) noexcept {
  while (const auto parameter = detail::next_parameter(list)) {
    if (!same(parameter->name, name)) continue;
    return parameter->value.value_or(parameter->text.substr(parameter->text.size()));
  }
  return std::nullopt;
}

}  // namespace sipauth
