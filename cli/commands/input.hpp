// Files and standard input, read whole and never longer than asked for.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

namespace sipauth::commands {

/// The bytes of `file`, which is standard input when `-`. Longer than `most` is an error, as is
/// what cannot be read; the error is a sentence that names the file. The returned text was never
/// moved in memory, so whoever reads a secret can wipe all there is of it.
[[nodiscard]] std::expected<std::string, std::string> read_input(const std::string& file,
                                                                 std::size_t most);

/// The same for a secret: a regular file that its group or others can read is refused. Pipes,
/// devices and standard input are not asked.
[[nodiscard]] std::expected<std::string, std::string> read_private_input(const std::string& file,
                                                                         std::size_t most);

}  // namespace sipauth::commands
