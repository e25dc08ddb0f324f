// Where the inputs of a fuzz target lie, and where those of a run are kept.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "commands/options.hpp"
#include "fuzz/targets.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// No input is read beyond this.
inline constexpr std::size_t most_input_bytes = 16U << 20U;

/// Where this program lies; empty when the system does not say.
[[nodiscard]] std::string own_path();

/// The corpus of the source tree or of an installation, as seen from the program, or from the
/// working directory: the folders of this target that are there, seeds before regressions.
[[nodiscard]] std::vector<std::string> seed_folders(const fuzz::Target& target);

/// The files of these paths, the directories searched to their depth, by name; links are followed
/// to files, not to directories. An Error of kind usage names a path that is not there.
[[nodiscard]] std::expected<std::vector<std::string>, results::Error> files_of(
    const std::vector<std::string>& paths);

/// How many files there are, without an error for what cannot be read.
[[nodiscard]] std::size_t count_files(const std::string& folder);

/// Of `rest`: what is handed to libFuzzer.
[[nodiscard]] std::vector<std::string> engine_options_of(const FuzzOptions& options);

/// Of `rest`: files and directories.
[[nodiscard]] std::vector<std::string> paths_of(const FuzzOptions& options);

/// The folders that a run writes in, with the final slash that libFuzzer wants of the second.
struct WorkFolders {
  std::string corpus;
  std::string findings;
};

/// Makes them. An Error of kind usage.
[[nodiscard]] std::expected<WorkFolders, results::Error> make_work_folders(
    const FuzzOptions& options);

/// Writes a whole file; false when it could not be.
[[nodiscard]] bool write_file(const std::string& file, std::string_view bytes);

/// As typed into a shell: quoted where one would read it otherwise, and never taken for an option.
[[nodiscard]] std::string for_shell(std::string_view argument);

}  // namespace sipauth::commands
