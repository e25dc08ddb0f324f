// Files and standard input, read whole and never longer than asked for.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sipauth::commands {

/// The bytes of `file`, which is standard input when `-`. Longer than `most` is an error, as is
/// what cannot be read; the error is a sentence that names the file. The returned text was never
/// moved in memory, so whoever reads a secret can wipe all there is of it.
[[nodiscard]] std::expected<std::string, std::string> read_input(const std::string& file,
                                                                 std::size_t most);

/// The same for what is read as text: UTF-16 is an error that says how to get UTF-8.
[[nodiscard]] std::expected<std::string, std::string> read_text_input(const std::string& file,
                                                                      std::size_t most);

/// That error, of a text that has this beginning; `name` is harmless for a terminal.
[[nodiscard]] std::optional<std::string> utf16_error(std::string_view name, std::string_view text);

/// The same as read_input for a secret: a regular file that its group or others can read is
/// refused. Pipes, devices and standard input are not asked.
[[nodiscard]] std::expected<std::string, std::string> read_private_input(const std::string& file,
                                                                         std::size_t most);

}  // namespace sipauth::commands
