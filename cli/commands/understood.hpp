// The tolerant reading beside the diagnostics: what a message or a header row must have meant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/diagnostic.hpp"

namespace sipauth::commands {

struct UnderstoodParameter {
  std::string name = {};
  std::string value = {};  ///< unquoted; `***` where it is a secret
  bool quoted = false;
  Span where = {};  ///< from the first byte of the header's value
};

/// A challenge, credentials or authentication-info.
struct Reading {
  std::string scheme = {};  ///< empty for authentication-info
  std::optional<bool> stale = {};
  std::vector<UnderstoodParameter> parameters = {};

  /// The value of the first parameter of that name, or nullptr.
  [[nodiscard]] const std::string* find(std::string_view name) const;
};

struct UnderstoodHeader {
  std::string name = {};     ///< as usual, or as written when it is not known; empty: a bare value
  std::uint32_t offset = 0;  ///< of its first byte, from the first byte of the input
  std::string value = {};    ///< as written; empty when there are readings
  std::vector<Reading> readings = {};  ///< several where challenges were merged into one row
};

struct Understood {
  std::string start_line = {};  ///< of a message
  std::vector<UnderstoodHeader> headers = {};
  /// Where secrets stand in the input: response, cnonce, and all that a scheme other than Digest
  /// sends.
  std::vector<Span> secrets = {};
};

/// A whole message. Empty when it cannot be parsed.
[[nodiscard]] Understood understand_message(std::string_view text);

/// Header rows, each a view into `text`.
[[nodiscard]] Understood understand_rows(std::string_view text,
                                         const std::vector<std::string_view>& rows);

/// A value without its header's name.
[[nodiscard]] Understood understand_challenge(std::string_view text);
[[nodiscard]] Understood understand_credentials(std::string_view text);

}  // namespace sipauth::commands
