// What must hold of every parameter list: challenge, credentials and authentication-info alike.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/oracle.hpp"
#include "fuzz/strict_list.hpp"
#include "sipauth/auth_params.hpp"
#include "sipauth/write.hpp"

namespace sipauth::fuzz {

/// Parameters stand one behind the other, each with its name in front.
void require_list(const AuthParams& list, std::string_view text);

/// `text`, without its scheme, is read by the letter of the grammar: what is legal is read so and
/// not reproached, what is not legal is reported.
void require_agreement(const AuthParams& list, std::string_view text, const Notations& notations,
                       const Diagnostics& diagnostics);

/// All that can be said again, as it is to be written; `quotes_qop` as in a challenge.
[[nodiscard]] std::vector<WrittenParameter> written_again(const AuthParams& list, bool quotes_qop);

/// `again` was read from what was written of `written`.
void require_written(const AuthParams& again, const std::vector<WrittenParameter>& written,
                     const Diagnostics& diagnostics);

/// Writing a reading and reading it again gives the same list, cleanly written.
template <typename List>
void require_round_trip(const List& list, bool quotes_qop, auto write) {
  const auto written = written_again(list, quotes_qop);
  const std::string text = write(written);
  if (text.size() > limits::message_bytes || written.empty()) return;
  const ExactCopy copy{text};
  Diagnostics diagnostics;
  const auto again = List::parse(copy.view(), diagnostics);
  require(again.has_value(), "what was written can be read");
  require_written(*again, written, diagnostics);
}

/// One more parameter behind the last changes nothing before it.
template <typename List>
void require_undisturbed(const List& list, std::string_view text, const Diagnostics& diagnostics) {
  constexpr std::string_view more = ",zz=1";
  if (list.parameters().size() == AuthParams::max_parameters || diagnostics.dropped() > 0 ||
      text.size() + more.size() > limits::message_bytes || diagnostics.has("SL-open-string") ||
      diagnostics.has("SL-merged-challenges") || diagnostics.has("SL-merged-credentials")) {
    return;
  }
  const ExactCopy longer{std::string{text}.append(more)};
  Diagnostics unused;
  const auto again = List::parse(longer.view(), unused);
  require(again.has_value(), "a further parameter can be read");
  require(again->parameters().size() == list.parameters().size() + 1,
          "a further parameter is one more");
  for (std::size_t i = 0; i < list.parameters().size(); ++i) {
    require(again->parameters()[i].value == list.parameters()[i].value,
            "a further parameter changes none before it");
  }
}

/// A part of the text, which ends anywhere, is read without a look beyond its end.
template <typename List>
void require_reading_of_a_part(std::string_view text) {
  const ExactCopy part{text.substr(0, std::hash<std::string_view>{}(text) % (text.size() + 1))};
  Diagnostics diagnostics;
  const auto read = List::parse(part.view(), diagnostics);
  require_within(diagnostics, part.view());
  if (!read) require_within(read.error(), part.view());
}

}  // namespace sipauth::fuzz
