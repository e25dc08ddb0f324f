#include "trace_wrap.hpp"

#include <algorithm>
#include <array>

#include "auth_params.hpp"
#include "sipauth/message.hpp"
#include "trace_lines.hpp"

namespace sipauth::trace {
namespace {

// Of windows and mails that break lines within a word.
constexpr auto usual_widths = std::to_array<std::size_t>({72, 76, 78, 79, 80, 100, 120, 132});

constexpr std::size_t least_width = 70;
constexpr std::size_t most_width = 80;

bool holds(const auto& all, const auto& one) noexcept {
  return std::ranges::find(all, one) != all.end();
}

HeaderId name_of(std::string_view row) noexcept {
  return header_id(trim(row.substr(0, row.find(':'))));
}

bool is_blank_behind_colon(std::string_view line) noexcept {
  const auto behind = line.find(':') + 1;
  return behind < line.size() && is_blank(line[behind]);
}

// Of one letter only before a blank: `t:5060` may be the end of a host.
bool is_known_header(std::string_view line) noexcept {
  if (!is_header(line) || name_of(line) == HeaderId::other) return false;
  return line.find(':') > 1 || is_blank_behind_colon(line);
}

bool has_parameters(HeaderId id) noexcept {
  constexpr auto all = std::to_array<HeaderId>(
      {HeaderId::authorization, HeaderId::proxy_authorization, HeaderId::www_authenticate,
       HeaderId::proxy_authenticate, HeaderId::authentication_info});
  return holds(all, id);
}

// Addresses have no blank, but behind the protocol of a Via and a display name.
bool holds_addresses(HeaderId id) noexcept {
  constexpr auto all =
      std::to_array<HeaderId>({HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::contact,
                               HeaderId::call_id, HeaderId::route, HeaderId::record_route});
  return holds(all, id);
}

std::size_t end_of_token(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::find_if_not(text, [](char c) { return is_token(c); }) - text.begin());
}

// `name=`
bool begins_with_parameter(std::string_view text) noexcept {
  const auto end = end_of_token(text);
  return end > 0 && text.substr(end + indent_of(text.substr(end))).starts_with('=');
}

bool is_cut(const LineBreak& at) noexcept {
  return at.above.size() == at.width || holds(usual_widths, at.above.size());
}

// How far a list of parameters has come.
struct Progress {
  bool in_string = false;
  std::string_view last = {};  // behind the last comma, without blanks in front
};

Progress progress_of(std::string_view value) noexcept {
  Progress progress;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (progress.in_string && value[at] == '\\') {
      ++at;
    } else if (value[at] == '"') {
      progress.in_string = !progress.in_string;
    } else if (value[at] == ',' && !progress.in_string) {
      begin = at + 1;
    }
  }
  progress.last = value.substr(std::min(begin, value.size()));
  progress.last.remove_prefix(indent_of(progress.last));
  return progress;
}

// `Digest realm` is the name realm.
std::string_view name_of_parameter(std::string_view last) noexcept {
  const auto name = trim(last.substr(0, last.find('=')));
  const auto blank = name.find_last_of(" \t");
  return blank == std::string_view::npos ? name : name.substr(blank + 1);
}

// Only names for people have blanks; whether one stood at the break the width has to tell.
std::optional<Wrap> within_string(const LineBreak& at, std::string_view last) noexcept {
  const bool has_quote = at.below.contains('"');
  const bool is_one_word = at.below.find_first_of(" \t") == std::string_view::npos;
  if (!has_quote && (is_header(at.below) || !is_one_word)) return std::nullopt;
  const auto name = name_of_parameter(last);
  const bool may_hold_blanks = same(name, "realm") || same(name, "username");
  const bool was_cut = is_blank(at.above.back()) || is_cut(at);
  return may_hold_blanks && !was_cut ? Wrap::at_blank : Wrap::within_word;
}

// Between two parameters, or within one that has no quotes.
std::optional<Wrap> between_strings(const LineBreak& at, std::string_view last) noexcept {
  const auto below = at.below;
  const bool goes_on = begins_with_parameter(below);
  const auto so_far = trim_blanks_at_end(last);
  if (so_far.empty()) {
    const auto word = below.substr(0, end_of_token(below));
    return goes_on || is_well_known_scheme(word) ? std::optional{Wrap::at_blank} : std::nullopt;
  }
  if (below.front() == ',') return Wrap::within_word;
  if (is_well_known_scheme(so_far)) {
    return goes_on ? std::optional{Wrap::at_blank} : std::nullopt;
  }
  if (so_far.ends_with('=')) return Wrap::within_word;
  if (so_far.ends_with('"') || is_blank(last.back())) return std::nullopt;
  // A word was cut: `algorithm=M` and `D5`, `respon` and `se="..."`, `Dig` and `est ...`.
  const auto end = end_of_token(below);
  const auto rest = below.substr(end);
  const bool is_name = !so_far.contains('=');
  if (is_name) {
    const bool ends_name = rest.starts_with('=') || is_blank(rest.empty() ? 'x' : rest.front());
    return ends_name ? std::optional{Wrap::within_word} : std::nullopt;
  }
  const bool ends_value = end > 0 && (trim(rest).empty() || rest.starts_with(','));
  return ends_value ? std::optional{Wrap::within_word} : std::nullopt;
}

// Parameters tell by themselves whether they go on, at whatever width.
std::optional<Wrap> within_parameters(const LineBreak& at) noexcept {
  const auto colon = at.row.find(':');
  if (colon == std::string_view::npos || !has_parameters(name_of(at.row))) return std::nullopt;
  const auto progress = progress_of(at.row.substr(colon + 1));
  if (progress.in_string) return within_string(at, progress.last);
  return is_header(at.below) ? std::nullopt : between_strings(at, progress.last);
}

// Was the row broken where a blank was? Of a row of 80 no blank was left in front of the next word.
Wrap break_of(const LineBreak& at) noexcept {
  const auto above = trim_blanks_at_end(at.above);
  if (at.above.size() == most_width || at.above.size() == at.width) return Wrap::within_word;
  if (!holds_addresses(name_of(at.row)) || above.size() < at.above.size()) return Wrap::at_blank;
  const bool is_protocol = above.ends_with("/UDP") || above.ends_with("/TCP") ||
                           above.ends_with("/TLS") || above.ends_with("/WS") ||
                           above.ends_with("/WSS") || above.ends_with("/SCTP");
  const bool has_blank_before_address = name_of(at.row) != HeaderId::via && !at.row.contains('<');
  const bool is_empty = above.ends_with(':') && end_of_token(above) + 1 == above.size();
  if (is_protocol || has_blank_before_address || is_empty || above.ends_with(',')) {
    return Wrap::at_blank;
  }
  return is_cut(at) ? Wrap::within_word : Wrap::at_blank;
}

// Mails and trackers of old break lines before their 80th column. What goes on in this line is no
// header, and its first word had no room in the one above.
std::optional<Wrap> at_width(const LineBreak& at) noexcept {
  const bool is_cut = at.above.size() == at.width;
  if (is_header(at.below) && (!is_cut || is_blank_behind_colon(at.below))) return std::nullopt;
  const auto word = at.below.substr(0, at.below.find_first_of(" \t"));
  if (header_id(word) != HeaderId::other) return std::nullopt;
  const auto above = trim_blanks_at_end(at.above);
  const bool fits = above.size() <= most_width && above.size() + 1 + word.size() >= least_width;
  if (!is_cut && !fits) return std::nullopt;
  // The heading of the next message may stand there, unless the row above lacks its end.
  const bool is_open = above.ends_with(',') || above.ends_with(';') || above.ends_with('=') ||
                       above.ends_with("/UDP") || above.ends_with("/TCP") ||
                       above.ends_with("/TLS");
  const bool is_rest = is_cut && word.size() == at.below.size();  // `92.0.2.1` is no heading
  if (!is_open && !is_rest && is_between_messages(at.below)) return std::nullopt;
  return break_of(at);
}

}  // namespace

std::size_t width_of_cuts(std::string_view rows) noexcept {
  constexpr std::size_t least = 40;
  std::size_t width = 0;
  int lines = 0;
  for (std::size_t at = 0; at < rows.size();) {
    const auto line = line_at(rows, at);
    at = line.next;
    if (line.text.size() > width) lines = 0;
    width = std::max(width, line.text.size());
    if (line.text.size() == width) ++lines;
  }
  return width >= least && lines > 1 ? width : 0;
}

std::optional<Wrap> wrap_at(const LineBreak& at) noexcept {
  if (is_blank(at.below.front()) || at.above.empty() || is_elision(at.below)) return std::nullopt;
  if (is_known_header(at.below)) return std::nullopt;
  if (!at.is_crlf) {
    if (const auto wrap = within_parameters(at)) return wrap;
  }
  return at_width(at);
}

}  // namespace sipauth::trace
