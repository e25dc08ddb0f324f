// A 401 or 407 as phones read it: its challenge rows in order, as they were written, and what else
// of the message some of them stumble over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/diagnostic.hpp"

namespace sipauth::checks {

/// One challenge. Texts are owned and stand as written, without their quotes.
struct SeenRow {
  bool proxy = false;      ///< of Proxy-Authenticate
  bool is_digest = false;  ///< of another scheme otherwise, and nothing below but `folded` is set
  bool folded = false;     ///< its header spreads over several lines
  std::string algorithm = {};  ///< empty when absent, which means MD5
  std::optional<std::string> qop = {};
  std::optional<std::string> stale = {};
  bool stale_is_quoted = false;
  bool no_comma_behind_nonce = false;
  Diagnostics lint = {};

  [[nodiscard]] bool says_stale() const;
};

struct SeenAnswer {
  int status = 0;
  bool is_first = true;  ///< to a request without credentials
  bool has_to_tag = false;
  std::vector<SeenRow> rows = {};

  /// The topmost row of the header that belongs to the status: all that some phones look at.
  [[nodiscard]] const SeenRow* top() const;
  [[nodiscard]] bool says_stale() const;
};

/// `response` is a whole message. nullopt: it is no 401 or 407, or cannot be read.
[[nodiscard]] std::optional<SeenAnswer> see_answer(std::string_view response, bool is_first);

}  // namespace sipauth::checks
