#include "fix_row.hpp"

#include <algorithm>

#include "rows.hpp"
#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/lint.hpp"

namespace sipauth {
namespace {

// Visits every list of the row: several where challenges were merged into it.
template <typename Visit>
void for_each_list(const FixRow& row, std::string_view text, const Visit& visit) noexcept {
  Diagnostics unused;
  const bool is_credentials = row.id == HeaderId::authorization ||
                              row.id == HeaderId::proxy_authorization ||
                              (row.name.empty() && kind_of(text) == InputKind::credentials);
  if (is_credentials) {
    if (const auto read = Credentials::parse(row.value, unused)) visit(*read);
    return;
  }
  if (row.id == HeaderId::authentication_info) {
    if (const auto read = AuthenticationInfo::parse(row.value, unused)) visit(*read);
    return;
  }
  std::optional<std::size_t> offset = 0;
  for (std::size_t seen = 0; offset && seen < limits::challenges; ++seen) {
    const auto read = Challenge::parse(row.value, *offset, unused);
    if (!read) return;
    visit(*read);
    offset = read->next_challenge();
  }
}

template <typename Wanted>
std::optional<Parameter> find_parameter_if(std::string_view text, std::size_t offset,
                                           const Wanted& wanted) noexcept {
  const auto row = row_at(text, offset);
  const auto begin = span_of(row.value, text).offset;
  std::optional<Parameter> found;
  for_each_list(row, text, [&](const AuthParams& list) {
    for (auto parameter : list.parameters()) {
      parameter.where.offset += begin;
      if (!found && wanted(parameter)) found = parameter;
    }
  });
  return found;
}

}  // namespace

FixRow row_at(std::string_view text, std::size_t offset) noexcept {
  const auto kind = kind_of(text);
  if (kind == InputKind::challenge || kind == InputKind::credentials) return {.value = text};
  for (std::size_t at = 0; at < text.size();) {
    const auto end = detail::end_of_row(text, at);
    if (offset < end || end == text.size()) {
      const auto row = detail::cut_row(text.substr(at, end - at));
      return {.id = header_id(row.name), .name = row.name, .value = row.value};
    }
    at = end;
  }
  return {.value = text};
}

std::optional<Parameter> parameter_at(std::string_view text, std::size_t offset) noexcept {
  return find_parameter_if(text, offset, [&](const Parameter& parameter) {
    return parameter.where.offset <= offset &&
           offset <= parameter.where.offset + parameter.where.length;
  });
}

std::optional<Parameter> first_of_name(std::string_view text, std::size_t offset,
                                       std::string_view name) noexcept {
  return find_parameter_if(text, offset,
                           [&](const Parameter& parameter) { return same(parameter.name, name); });
}

}  // namespace sipauth
