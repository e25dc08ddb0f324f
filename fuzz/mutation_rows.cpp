#include "fuzz/mutation_rows.hpp"

#include <algorithm>

#include "fuzz/mutation_text.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

// With its LF; the rest where there is none.
std::string_view line_at(std::string_view text, std::size_t begin) {
  const auto end = text.find('\n', begin);
  return text.substr(begin, end == std::string_view::npos ? end : end + 1 - begin);
}

Row row_of(std::string_view text) {
  const auto end = text.find_last_not_of("\r\n");
  const auto line = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  Row row{.text = text, .name = {}, .value = trim(line), .line_end = text.substr(line.size())};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return row;
  row.name = line.substr(0, colon);
  row.value = trim(line.substr(colon + 1));
  return row;
}

}  // namespace

Rows read_rows(std::string_view text) {
  Rows rows{.start_line = line_at(text, 0), .headers = {}, .rest = {}};
  auto at = rows.start_line.size();
  while (at < text.size()) {
    auto size = line_at(text, at).size();
    if (trim(text.substr(at, size)).empty()) break;
    // Lines that begin with a blank and hold more than blanks go on with the row.
    while (at + size < text.size() && (text[at + size] == ' ' || text[at + size] == '\t')) {
      const auto next = line_at(text, at + size);
      if (trim(next).empty()) break;
      size += next.size();
    }
    rows.headers.push_back(row_of(text.substr(at, size)));
    at += size;
  }
  rows.rest = text.substr(at);
  return rows;
}

HeaderId id_of(const Row& row) { return header_id(trim(row.name)); }

const Row* drawn_row(const Rows& rows, Random& random) {
  return rows.headers.empty() ? nullptr : &rows.headers[random.below(rows.headers.size())];
}

const Row* drawn_row(const Rows& rows, std::initializer_list<HeaderId> ids, Random& random) {
  const auto count = rows.headers.size();
  const auto first = random.below(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& row = rows.headers[(first + i) % count];
    if (std::ranges::find(ids, id_of(row)) != ids.end()) return &row;
  }
  return nullptr;
}

std::string with_row(std::string_view text, const Rows& rows, std::string_view row,
                     Random& random) {
  const auto index = random.below(rows.headers.size() + 1);
  const auto& before = index < rows.headers.size() ? rows.headers[index].text : rows.rest;
  const auto offset = static_cast<std::size_t>(before.data() - text.data());
  return joined({text.substr(0, offset), row, text.substr(offset)});
}

}  // namespace sipauth::fuzz
