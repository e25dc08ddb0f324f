#include "commands/understood.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr auto secret_names = std::to_array<std::string_view>({"response", "cnonce"});

class Understander {
 public:
  explicit Understander(std::string_view text) : text_{text} {}

  void add(std::string_view name, std::string_view value, std::uint32_t offset) {
    const auto id = header_id(name);
    const auto usual = header_name(id);
    UnderstoodHeader header{.name = std::string{usual.empty() ? name : usual},
                            .offset = offset,
                            .value = {},
                            .readings = {}};
    if (id == HeaderId::www_authenticate || id == HeaderId::proxy_authenticate) {
      header.readings = challenges(value);
    } else if (id == HeaderId::authorization || id == HeaderId::proxy_authorization) {
      header.readings = credentials(value);
    } else if (id == HeaderId::authentication_info) {
      header.readings = authentication_info(value);
    }
    if (header.readings.empty()) header.value = shown_value(id, value);
    understood_.headers.push_back(std::move(header));
  }

  void add_bare(std::vector<Reading> (Understander::*read)(std::string_view)) {
    UnderstoodHeader header;
    header.readings = (this->*read)(text_);
    if (!header.readings.empty()) understood_.headers.push_back(std::move(header));
  }

  std::vector<Reading> challenges(std::string_view value) {
    std::vector<Reading> readings;
    std::optional<std::size_t> offset = 0;
    while (offset && readings.size() < limits::challenges) {
      Diagnostics ignored;
      const auto challenge = Challenge::parse(value, *offset, ignored);
      if (!challenge) break;
      readings.push_back(
          {std::string{challenge->scheme()}, challenge->stale(), parameters(*challenge)});
      offset = challenge->next_challenge();
    }
    return readings;
  }

  std::vector<Reading> credentials(std::string_view value) {
    Diagnostics ignored;
    const auto credentials = Credentials::parse(value, ignored);
    if (!credentials) return {};
    Reading reading{.scheme = std::string{credentials->scheme()}, .stale = {}, .parameters = {}};
    if (credentials->is_digest()) {
      reading.parameters = parameters(*credentials);
    } else {
      const auto scheme = span_of(credentials->scheme(), value);
      hide(trim(value.substr(scheme.offset + scheme.length)));
    }
    return {std::move(reading)};
  }

  std::vector<Reading> authentication_info(std::string_view value) {
    Diagnostics ignored;
    const auto info = AuthenticationInfo::parse(value, ignored);
    if (!info) return {};
    return {{.scheme = {}, .stale = {}, .parameters = parameters(*info)}};
  }

  Understood understood_;

 private:
  // Credentials that cannot be read may still hold secrets.
  std::string shown_value(HeaderId id, std::string_view value) {
    if (id != HeaderId::authorization && id != HeaderId::proxy_authorization) {
      return std::string{value};
    }
    hide(value);
    return "***";
  }

  std::vector<UnderstoodParameter> parameters(const AuthParams& list) {
    std::vector<UnderstoodParameter> all;
    for (const auto& [name, value, quoted, where] : list.parameters()) {
      const bool secret = std::ranges::any_of(
          secret_names, [&](std::string_view known) { return same(known, name); });
      if (secret) hide(value);
      all.push_back({.name = std::string{name},
                     .value = secret && !value.empty() ? "***" : unquote(value),
                     .quoted = quoted,
                     .where = where});
    }
    return all;
  }

  void hide(std::string_view part) { understood_.secrets.push_back(span_of(part, text_)); }

  std::string_view text_;
};

}  // namespace

const std::string* Reading::find(std::string_view name) const {
  const auto found = std::ranges::find_if(parameters, [name](const UnderstoodParameter& parameter) {
    return same(parameter.name, name);
  });
  return found == parameters.end() ? nullptr : &found->value;
}

Understood understand_message(std::string_view text) {
  Understander understander{text};
  Diagnostics ignored;
  const auto message = Message::parse(text, ignored);
  if (!message) return {};
  understander.understood_.start_line = message->start_line();
  for (const auto& header : message->headers()) {
    understander.add(header.name, header.value, header.offset);
  }
  return std::move(understander.understood_);
}

Understood understand_rows(std::string_view text, const std::vector<std::string_view>& rows) {
  Understander understander{text};
  for (const auto row : rows) {
    const auto colon = row.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = trim(row.substr(0, colon));
    understander.add(name, trim(row.substr(colon + 1)), span_of(name, text).offset);
  }
  return std::move(understander.understood_);
}

Understood understand_challenge(std::string_view text) {
  Understander understander{text};
  understander.add_bare(&Understander::challenges);
  return std::move(understander.understood_);
}

Understood understand_credentials(std::string_view text) {
  Understander understander{text};
  understander.add_bare(&Understander::credentials);
  return std::move(understander.understood_);
}

}  // namespace sipauth::commands
