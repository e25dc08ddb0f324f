// The list of an authentication header as the RFCs write it and no other, read by the letter of
// their grammar. It shares nothing with the library's tolerant parser, so that each can be held
// against the other: what is legal is read as it stands and never reproached, what is not legal is
// always reported.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace sipauth::fuzz {

struct StrictParameter {
  std::string_view name = {};
  std::string_view value = {};  ///< between the quotes
  bool quoted = false;
};

/// Which names stand for a quoted-string or a token alone (RFC 7616 3.3 to 3.5).
struct Notations {
  std::span<const std::string_view> quoted = {};
  std::span<const std::string_view> tokens = {};
};

class StrictList {
 public:
  /// `parameter *(COMMA parameter)` (RFC 3261 25.1), in any case of its names. Every run of blanks,
  /// CR and LF between them counts as LWS: a header's value was cut at its line ends already.
  StrictList(std::string_view text, const Notations& notations);

  [[nodiscard]] bool is_legal() const { return legal_; }
  [[nodiscard]] std::span<const StrictParameter> parameters() const {
    return std::span{parameters_}.first(count_);
  }

 private:
  bool parameter(const Notations& notations);
  bool quoted_string(StrictParameter& parameter);
  bool take(char c);
  void skip_lws();
  std::string_view token();

  std::string_view left_;
  std::array<StrictParameter, 24> parameters_{};
  std::size_t count_ = 0;
  bool legal_ = false;
};

}  // namespace sipauth::fuzz
