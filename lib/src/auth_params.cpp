#include "auth_params.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sipauth {
namespace {

// What a value without quotes may hold in practice: nonces in base64 come so.
constexpr detail::ByteSet is_bare{[](char c) { return !is_lws(c) && c != ',' && c != ';'; }};
constexpr detail::ByteSet is_bare_uri{[](char c) { return !is_lws(c) && c != ','; }};

// Bytes of a value that nothing can be said about.
constexpr detail::ByteSet is_plain{[](char c) { return c >= ' ' && c <= '~' && c != '\\'; }};

// RFC 5987 3.2.1: value-chars, and the quotes that part charset, language and value.
constexpr bool is_ext_value(std::string_view text) noexcept {
  int quotes = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') {
      ++quotes;
    } else if (c == '%') {
      if (quotes != 2 || text.size() - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
        return false;
      }
      i += 2;
    } else if (!is_alpha(c) && !is_digit(c) && !std::string_view{"!#$&+-.^_`|~"}.contains(c)) {
      return false;
    }
  }
  return quotes == 2 && same(text.substr(0, 6), "UTF-8'");
}

std::unexpected<ParseError> error(ParseError::Kind kind, std::size_t offset) noexcept {
  return std::unexpected{ParseError{kind, static_cast<std::uint32_t>(offset)}};
}

}  // namespace

// --- The list. ---

std::expected<std::string_view, ParseError> AuthParamsReader::scheme(RuleId merged) noexcept {
  using enum ParseError::Kind;
  if (text_.size() > limits::message_bytes) return error(too_long, limits::message_bytes);
  merged_ = merged;
  at_.skip_lws();
  if (at_.at_end()) return error(empty, at_.position());

  const auto begin = at_.position();
  const auto name = at_.take_token();
  if (name.empty() || starts_parameter(begin)) return error(not_a_scheme, begin);
  end_ = at_.position();
  return name;
}

std::optional<std::string_view> AuthParamsReader::other_scheme() noexcept {
  at_.skip_lws();
  const auto begin = at_.position();
  const auto name = at_.take_token();
  if (is_well_known_scheme(name) && !same(name, "Digest") &&
      starts_parameter(end_of_lws(end_of_token(begin)))) {
    end_ = at_.position();
    return name;
  }
  at_.take_to(begin);
  return std::nullopt;
}

std::expected<void, ParseError> AuthParamsReader::parameters(
    std::span<const KnownParameter> known) noexcept {
  known_ = known;
  notes_unknown_ = true;
  return list();
}

std::expected<void, ParseError> AuthParamsReader::parameters_of_other_scheme() noexcept {
  // token68 of Basic, Bearer and Negotiate (RFC 9110 11.2): one word in base64, which may end in =.
  at_.skip_lws();
  const auto begin = at_.position();
  const auto word = at_.take_while(is_bare);
  const auto digits = word.substr(0, word.find('='));
  const bool padded = word.find_first_not_of('=', digits.size()) == std::string_view::npos;
  const auto end = at_.position();
  at_.skip_lws();
  // With one = it may be a name, whose value follows.
  const bool is_whole =
      word.size() > digits.size() + 1 || at_.at_end() || at_.is_at(',') || at_.is_at(';');
  if (!digits.empty() && padded && is_whole) {
    end_ = end;
    separator();
  } else {
    at_.take_to(begin);
  }
  return list();
}

std::expected<void, ParseError> AuthParamsReader::list() noexcept {
  if (text_.size() > limits::message_bytes) {
    return error(ParseError::Kind::too_long, limits::message_bytes);
  }
  at_.skip_lws();
  bool first = true;
  bool separated = true;
  while (!at_.at_end()) {
    const bool is_parameter = starts_parameter(at_.position());
    if (!first && !is_parameter && starts_scheme(separated)) {
      next_scheme_ = at_.position();
      report(*merged_, at_.take_token());
      return {};
    }
    if (is_parameter) {
      if (!separated) report("SL-missing-comma", text_.substr(end_, 0));
      if (const auto read = parameter(); !read) return read;
    } else if (at_.is_at(',') || at_.is_at(';')) {
      report("SL-empty-element", at_.here());
    } else {
      noise(separated ? RuleId{"SL-not-a-parameter"} : RuleId{"SL-text-after-value"});
    }
    first = false;
    end_ = at_.position();
    separated = separator();
  }
  if (separated && !first) report("SL-empty-element", at_.here());
  return {};
}

// True where a comma, or what stands for one, was read.
bool AuthParamsReader::separator() noexcept {
  at_.skip_lws();
  const auto begin = at_.position();
  const bool semicolon = at_.take(';');
  if (semicolon) report("SL-semicolon", at_.since(begin));
  const bool found = semicolon || at_.take(',');
  at_.skip_lws();
  return found;
}

std::expected<void, ParseError> AuthParamsReader::parameter() noexcept {
  const auto begin = at_.position();
  Parameter read{.name = at_.take_token()};
  const auto* known = find_known(read.name);
  at_.skip_lws();
  at_.take('=');
  read.value = value(read, known);
  read.where = span_of(at_.since(begin), text_);

  if (list_.parameters_.is_full()) {
    return error(ParseError::Kind::too_many_parameters, begin);
  }
  if (list_.find(read.name) != nullptr) {
    report(known ? known->repeated : RuleId{"SL-duplicate-parameter"}, read.name);
  }
  if (known == nullptr && notes_unknown_) report("SL-unknown-parameter", read.name);
  lint_notation(read, known);
  lint_bytes(read);
  list_.parameters_.add(read);
  return {};
}

// What is no parameter, word by word up to the next thing that can be read.
void AuthParamsReader::noise(RuleId rule) noexcept {
  const auto begin = at_.position();
  while (true) {
    if (at_.is_at('"')) {
      const auto closing = detail::end_of_quoted_string(text_, at_.position());
      if (closing != std::string_view::npos) at_.take_to(closing);
    }
    at_.take_while(is_bare);
    const auto end = at_.position();
    at_.skip_lws();
    if (at_.at_end() || at_.is_at(',') || at_.is_at(';') || starts_parameter(at_.position()) ||
        starts_scheme(false)) {
      at_.take_to(end);
      report(rule, at_.since(begin));
      return;
    }
  }
}

// --- Values. ---

std::string_view AuthParamsReader::value(Parameter& parameter,
                                         const KnownParameter* known) noexcept {
  const auto behind_equals = at_.position();
  at_.skip_lws();
  if (at_.take('"')) {
    parameter.quoted = true;
    return rest_of_quoted_string();
  }
  if (const auto value = between_typographic_quotes()) return *value;
  // Where the value is free, single quotes are token characters like any other.
  if (known != nullptr && known->notation != Notation::either) {
    if (const auto value = between_single_quotes()) {
      parameter.quoted = true;
      return *value;
    }
  }
  const auto value = bare_value(known != nullptr && known->holds_semicolons);
  if (value.empty()) {
    at_.take_to(behind_equals);
    return at_.here();
  }
  return value;
}

std::string_view AuthParamsReader::bare_value(bool with_semicolons) noexcept {
  return at_.take_while(with_semicolons ? is_bare_uri : is_bare);
}

std::string_view AuthParamsReader::rest_of_quoted_string() noexcept {
  const auto begin = at_.position();
  const auto closing = detail::end_of_quoted_string(text_, begin - 1);
  const bool closed = closing != std::string_view::npos;
  const auto value = at_.take_to(closed ? closing - 1 : text_.size());
  at_.take('"');
  if (const auto end = end_of_open_string(value, closed)) {
    report("SL-open-string", text_.substr(begin - 1, 1));
    at_.take_to(begin + *end);
    return value.substr(0, *end);
  }
  return value;
}

// Where a string ends whose closing quote was forgotten: before the comma in front of the next
// parameter, whose own opening quote may have been taken for the closing one.
std::optional<std::size_t> AuthParamsReader::end_of_open_string(std::string_view value,
                                                                bool closed) const noexcept {
  if (!closed) return comma_before_parameter(value).value_or(value.size());

  // `realm="r, nonce="n"`: text hangs on the quote, and `, name=` stands before it.
  if (at_.at_end() || !is_bare(at_.rest().front())) return std::nullopt;
  auto before = trim(value);
  if (!before.ends_with('=')) return std::nullopt;
  before = trim(before.substr(0, before.size() - 1));
  const auto name_end = before.size();
  while (!before.empty() && is_token(before.back())) before.remove_suffix(1);
  if (before.size() == name_end || !trim(before).ends_with(',')) return std::nullopt;
  // `realm="r, stale=true, nonce="n"`: tokens may stand between the two quotes.
  return comma_before_parameter(value);
}

// Where in `value`, a part of the text, a comma stands in front of what must be a parameter.
std::optional<std::size_t> AuthParamsReader::comma_before_parameter(
    std::string_view value) const noexcept {
  const auto begin = span_of(value, text_).offset;
  for (auto comma = value.find(','); comma != std::string_view::npos;
       comma = value.find(',', comma + 1)) {
    if (starts_parameter(end_of_lws(begin + comma + 1))) return comma;
  }
  return std::nullopt;
}

std::optional<std::string_view> AuthParamsReader::between_single_quotes() noexcept {
  if (!at_.is_at('\'')) return std::nullopt;
  const auto closing = text_.find('\'', at_.position() + 1);
  if (closing == std::string_view::npos) return std::nullopt;
  if (closing + 1 < text_.size() && is_bare(text_[closing + 1])) return std::nullopt;
  const auto content = text_.substr(at_.position() + 1, closing - at_.position() - 1);
  if (comma_before_parameter(content)) return std::nullopt;
  const auto quoted = at_.take_to(closing + 1);
  report("SL-single-quotes", quoted);
  return quoted.substr(1, quoted.size() - 2);
}

// What word processors, and web pages, make of a quote: in UTF-8, in Windows-1252, in HTML.
constexpr auto typographic_quotes = std::to_array<std::string_view>(
    {"\u201c", "\u201d", "\u201e", "\u201f", "\u2018", "\u2019", "\u201a", "\u2033", "\u00ab",
     "\u00bb", "\x93", "\x94", "\x84", "&quot;", "&#34;"});

constexpr detail::ByteSet begins_typographic_quote{[](char c) {
  return std::ranges::any_of(typographic_quotes, [&](auto quote) { return quote.front() == c; });
}};

std::size_t AuthParamsReader::typographic_quote_at(std::size_t at) const noexcept {
  if (at >= text_.size() || !begins_typographic_quote(text_[at])) return 0;
  for (const auto quote : typographic_quotes) {
    if (text_.substr(at).starts_with(quote)) return quote.size();
  }
  return 0;
}

// No farther than a comma, so that a list is the same whatever stands behind it.
std::optional<std::string_view> AuthParamsReader::between_typographic_quotes() noexcept {
  const auto begin = at_.position();
  const auto opening = typographic_quote_at(begin);
  if (opening == 0) return std::nullopt;
  const auto inside = begin + opening;
  for (auto end = inside; end < text_.size(); ++end) {
    const char c = text_[end];
    if (c == ',' || c == '\r' || c == '\n') return std::nullopt;
    const auto closing = c == '"' ? std::size_t{1} : typographic_quote_at(end);
    if (closing == 0) {
      end += std::max<std::size_t>(utf8_length(text_.substr(end)), 1) - 1;
      continue;
    }
    report("SL-typographic-quotes", at_.take_to(end + closing));
    is_misquoted_ = true;
    return text_.substr(inside, end - inside);
  }
  return std::nullopt;
}

void AuthParamsReader::lint_notation(const Parameter& parameter,
                                     const KnownParameter* known) noexcept {
  using enum Notation;
  const auto notation = known ? known->notation : either;
  const bool single = parameter.quoted && parameter.value.data()[-1] == '\'';
  if (single || std::exchange(is_misquoted_, false)) return;
  if (parameter.quoted) {
    if (notation == token || notation == ext_value) report(known->misquoted, parameter.value);
  } else if (parameter.value.empty()) {
    report("SL-empty-value", parameter.value);
  } else if (notation == quoted_string) {
    report(known->misquoted, parameter.value);
  } else if (notation == ext_value) {
    if (!is_ext_value(parameter.value)) report("SL-bad-ext-value", parameter.value);
  } else if (!is_token(parameter.value)) {
    report("SL-not-a-token", parameter.value);
  }
}

// Bytes that no value may hold; the first of each kind is enough. A tab is a blank like any other.
void AuthParamsReader::lint_bytes(const Parameter& parameter) noexcept {
  const auto value = parameter.value;
  bool control = false, line_break = false, fold = false, broken = false, pair = false;
  bool is_quoted_pair = false;
  const auto report_once = [&](bool& reported, RuleId rule, std::string_view part) {
    if (!reported) report(rule, part);
    reported = true;
  };
  for (std::size_t i = 0;;) {
    const auto plain = i;
    i = detail::end_of_run(value, i, is_plain);
    if (i > plain) is_quoted_pair = false;
    if (i == value.size()) return;
    const auto rest = value.substr(i);
    const auto length = utf8_length(rest);
    if (is_quoted_pair && parameter.quoted && static_cast<unsigned char>(rest[0]) >= 0x80) {
      report_once(pair, "SL-bad-quoted-pair",
                  value.substr(i - 1, 1 + std::max<std::size_t>(length, 1)));
    }
    if (rest.size() > 2 && rest[0] == '\r' && rest[1] == '\n' &&
        (rest[2] == ' ' || rest[2] == '\t')) {
      report_once(fold, "SL-fold-in-value", rest.substr(0, 2));
      is_quoted_pair = false;
      i += 2;
      continue;
    }
    if (rest[0] == '\r' || rest[0] == '\n') {
      report_once(line_break, "SL-line-break-in-value", rest.substr(0, 1));
    } else if (is_control(rest[0]) && rest[0] != '\t' && !is_quoted_pair) {
      report_once(control, "SL-control-in-value", rest.substr(0, 1));
    } else if (length == 0 && parameter.quoted) {
      report_once(broken, "SL-not-utf-8", rest.substr(0, 1));
    }
    is_quoted_pair = rest[0] == '\\' && !is_quoted_pair;
    i += std::max<std::size_t>(length, 1);
  }
}

// --- Looking ahead, and small steps. ---

// token EQUAL?
bool AuthParamsReader::starts_parameter(std::size_t begin) const noexcept {
  const auto end = end_of_token(begin);
  const auto next = end_of_lws(end);
  return end != begin && next < text_.size() && text_[next] == '=';
}

// token LWS token EQUAL? A parameter whose value and comma were lost looks the same, so the first
// token must not be one's name, and without a comma in front it must be a scheme's.
bool AuthParamsReader::starts_scheme(bool behind_separator) const noexcept {
  if (!merged_) return false;
  const auto begin = at_.position();
  const auto end = end_of_token(begin);
  const auto next = end_of_lws(end);
  if (end == begin || next == end || !starts_parameter(next)) return false;
  const auto name = text_.substr(begin, end - begin);
  if (behind_separator) return find_known(name) == nullptr;
  return is_well_known_scheme(name);
}

std::size_t AuthParamsReader::end_of_token(std::size_t begin) const noexcept {
  return detail::end_of_run(text_, begin, token_characters);
}

std::size_t AuthParamsReader::end_of_lws(std::size_t begin) const noexcept {
  return detail::end_of_run(text_, begin, detail::lws);
}

const KnownParameter* AuthParamsReader::find_known(std::string_view name) const noexcept {
  for (const auto& known : known_) {
    if (same(known.name, name)) return &known;
  }
  return nullptr;
}

}  // namespace sipauth
