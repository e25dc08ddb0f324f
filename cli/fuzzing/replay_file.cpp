#include "fuzzing/replay_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "sipauth/text.hpp"

namespace sipauth::fuzzing {
namespace {

constexpr std::string_view first_line = "sipauth replay 1\n";
constexpr std::string_view dashes = "----\n";

// The line in front of `text`, without its end, which is taken off.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

struct Field {
  std::string_view name;
  std::string ReplayFile::* text;
};
constexpr auto fields = std::to_array<Field>({{"peer", &ReplayFile::peer},
                                              {"kind", &ReplayFile::kind},
                                              {"mutation", &ReplayFile::mutation}});

}  // namespace

std::string write_replay(const ReplayFile& file) {
  return fmt::format("{}peer: {}\nkind: {}\ncase: {}\nmutation: {}\n{}{}", first_line, file.peer,
                     file.kind, file.case_number, file.mutation, dashes, file.message);
}

std::expected<ReplayFile, std::string> read_replay(std::string_view text) {
  if (!text.starts_with(first_line)) {
    return std::unexpected{fmt::format("it does not begin with \"{}\"", trim(first_line))};
  }
  text.remove_prefix(first_line.size());
  ReplayFile file;
  while (!text.starts_with(dashes)) {
    if (text.empty()) return std::unexpected{std::string{"no message follows, behind ----"}};
    const auto line = take_line(text);
    const auto colon = std::min(line.find(':'), line.size());
    const auto name = line.substr(0, colon);
    const auto value = trim(line.substr(std::min(colon + 1, line.size())));
    const auto field = std::ranges::find(fields, name, &Field::name);
    if (field != fields.end()) file.*(field->text) = value;
    if (name == "case") {
      file.case_number = number(value, std::numeric_limits<std::uint32_t>::max()).value_or(0);
    }
  }
  file.message = text.substr(dashes.size());
  if (file.message.empty()) return std::unexpected{std::string{"its message is empty"}};
  return file;
}

}  // namespace sipauth::fuzzing
