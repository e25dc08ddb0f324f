// Unicode's normal forms, from libutf8proc, which is opened when a text that is not ASCII asks for
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipauth::commands {

enum class NormalForm : std::uint8_t { composed, decomposed };  ///< NFC, NFD

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

/// `text` in that form; nullopt when it is not UTF-8, or the library is not there.
[[nodiscard]] std::optional<std::string> normal_form(std::string_view text, NormalForm form);

/// Is libutf8proc.so.2 on this machine?
[[nodiscard]] bool has_normal_forms();

}  // namespace sipauth::commands
