// Where rows of a message end that nothing separates from what stands behind or below them.
#pragma once

#include <string_view>

namespace sipauth::trace {

/// A header that lost its colon: `Content-Length 0`, `Authorization Digest ...`; no sentence begins
/// so.
[[nodiscard]] bool is_header_without_colon(std::string_view row) noexcept;

/// Was one row cut in two within an IPv4 address, as logs of a fixed width do?
[[nodiscard]] bool is_cut_within_address(std::string_view above, std::string_view row) noexcept;

/// Does `before`, in front of a header, belong to a sentence, and not to a log?
[[nodiscard]] bool is_sentence(std::string_view before) noexcept;

/// A header without the sentence that goes on behind its last parameter.
[[nodiscard]] std::string_view without_sentence_behind(std::string_view row) noexcept;

}  // namespace sipauth::trace
