#include "sipauth/address.hpp"

#include "parameters.hpp"
#include "read_uri.hpp"

// One value of From, To, Contact and their like (RFC 3261 20.10 and 25.1):
//
//   name-addr / addr-spec *(SEMI parameter), more of them behind a comma where the header allows it
//   name-addr = [display-name] "<" addr-spec ">"

namespace sipauth {
namespace {

using detail::Cursor;
using detail::Report;

// The quote that never closes, in a text that has one. One behind a backslash opens nothing, as in
// detail::find_unquoted().
std::size_t last_opening_quote(std::string_view text) {
  std::size_t quote = 0;
  for (std::size_t at = 0; at < text.size();) {
    at = text.find('"', at);
    if (at == std::string_view::npos) break;
    if (at > 0 && text[at - 1] == '\\') {
      ++at;
      continue;
    }
    quote = at;
    at = detail::end_of_quoted_string(text, at);
  }
  return quote;
}

class Reader {
 public:
  Reader(std::string_view value, Diagnostics& diagnostics)
      : cursor_{value}, report_{value, diagnostics} {}

  std::expected<NameAddr, ParseError> address() {
    cursor_.skip_lws();
    leading_commas();
    if (cursor_.at_end()) return report_.error(ParseError::Kind::empty, cursor_.here());

    if (!wildcard()) {
      if (const auto uri = begins_with_scheme() ? addr_spec() : name_addr()) {
        address_.uri = *uri;
      } else {
        return std::unexpected{uri.error()};
      }
    }
    text_behind_address();
    address_.parameters = detail::take_header_parameters(cursor_, report_);
    if (!bracketed_ && !address_.is_wildcard) lint_parameters_without_brackets();
    if (cursor_.take(',')) {
      address_.rest = trim(cursor_.rest());
      if (address_.rest.empty()) report_("SL-list-empty-element", cursor_.rest());
    }
    return address_;
  }

 private:
  // Those in front of an address.
  void leading_commas() {
    auto ahead = cursor_;
    while (ahead.take(',')) ahead.skip_lws();
    if (ahead.at_end() || ahead.position() == cursor_.position()) return;
    report_("SL-list-empty-element", cursor_.here());
    cursor_ = ahead;
  }

  // A `*` alone: followed by anything else it is a display name.
  bool wildcard() {
    auto ahead = cursor_;
    if (!ahead.take('*')) return false;
    ahead.skip_lws();
    if (!ahead.at_end() && !ahead.is_at(';') && !ahead.is_at(',')) return false;
    cursor_ = ahead;
    address_.is_wildcard = true;
    return true;
  }

  [[nodiscard]] bool begins_with_scheme() const {
    auto ahead = cursor_;
    return !ahead.take_while([](char c) { return is_alpha(c) || is_digit(c) || c == '+'; })
                .empty() &&
           ahead.is_at(':');
  }

  // Without brackets the address ends where the first parameter of the header begins.
  std::expected<Uri, ParseError> addr_spec() {
    const auto text = cursor_.take_while([](char c) { return c != ';' && c != ',' && !is_lws(c); });
    const auto uri = detail::read_uri(text, report_);
    if (uri && text.contains('?')) report_("SL-name-addr-brackets-needed", text);
    return uri;
  }

  std::expected<Uri, ParseError> name_addr() {
    bracketed_ = true;
    const auto begin = cursor_.position();
    const bool open_quote = !display_name();
    const auto name = cursor_.since(begin);
    if (!cursor_.is_at('<')) {
      return report_.error(ParseError::Kind::not_an_address, name);
    }
    address_.display_name = trim(name);
    if (open_quote) report_("SL-name-addr-quote", name.substr(last_opening_quote(name), 1));
    return in_brackets();
  }

  // Up to the bracket. False when a quote is never closed; then it is taken for any other byte.
  bool display_name() {
    const auto text = cursor_.rest();
    const auto begin = cursor_.position();
    if (const auto bracket = detail::find_unquoted(text, '<'); bracket < text.size()) {
      lint_display_name(trim(cursor_.take_to(begin + bracket)));
      return true;
    }
    const auto bracket = text.find('<');
    if (bracket == std::string_view::npos) return true;
    cursor_.take_to(begin + bracket);
    return false;
  }

  // *(token LWS) / quoted-string
  void lint_display_name(std::string_view name) {
    if (name.starts_with('"') && detail::end_of_quoted_string(name, 0) == name.size()) return;
    if (!std::ranges::all_of(name, [](char c) { return is_token(c) || is_lws(c); })) {
      report_("SL-name-addr-display", name);
    }
  }

  std::expected<Uri, ParseError> in_brackets() {
    const auto bracket = cursor_.position();
    cursor_.take('<');
    auto text = cursor_.take_while([](char c) { return c != '>'; });
    if (!cursor_.take('>')) report_("SL-name-addr-bracket", cursor_.since(bracket).substr(0, 1));
    if (const auto inner = trim(text); inner.size() != text.size()) {
      report_("SL-name-addr-blank", text);
      text = inner;
    }
    return detail::read_uri(text, report_);
  }

  void text_behind_address() {
    cursor_.skip_lws();
    const auto text = cursor_.take_while([](char c) { return c != ';' && c != ','; });
    if (!text.empty()) report_("SL-name-addr-text", trim(text));
  }

  void lint_parameters_without_brackets() {
    auto list = address_.parameters;
    while (const auto parameter = detail::next_parameter(list)) {
      if (detail::is_uri_parameter(parameter->name)) {
        report_("SL-name-addr-parameter-outside", parameter->text);
      }
    }
  }

  Cursor cursor_;
  Report report_;
  NameAddr address_;
  bool bracketed_ = false;
};

}  // namespace

std::expected<NameAddr, ParseError> NameAddr::parse(std::string_view value,
                                                    Diagnostics& diagnostics) noexcept {
  return Reader{value, diagnostics}.address();
}

}  // namespace sipauth
