#include "commands/fuzz_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

namespace files = std::filesystem;
using results::Error;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

std::vector<std::string> files_in(const std::string& folder, std::error_code& error) {
  std::vector<std::string> found;
  for (files::recursive_directory_iterator entry{folder, error}, end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) found.push_back(entry->path().string());
  }
  std::ranges::sort(found);
  return found;
}

// `-` alone is standard input.
bool is_engine_option(const std::string& argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

}  // namespace

std::string own_path() {
  std::error_code error;
  const auto path = files::read_symlink("/proc/self/exe", error);
  return error ? std::string{} : path.string();
}

std::vector<std::string> seed_folders(const fuzz::Target& target) {
  const auto beside = files::path{own_path()}.parent_path();
  const std::string name{target.name};
  const auto places =
      std::to_array<files::path>({beside / "../../corpus", beside / "../share/sipauth/corpus",
                                  beside / "../../share/sipauth/corpus", files::path{"corpus"}});
  for (const auto& corpus : places) {
    std::vector<std::string> folders;
    for (const auto& folder : {corpus / name, corpus / "regressions" / name}) {
      std::error_code ignored;
      if (files::is_directory(folder, ignored)) {
        folders.push_back(folder.lexically_normal().string());
      }
    }
    if (!folders.empty()) return folders;
  }
  return {};
}

std::expected<std::vector<std::string>, Error> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  for (const auto& path : paths) {
    std::error_code error;
    const auto kind = files::status(path, error).type();
    if (path == "-" || (kind != files::file_type::not_found && kind != files::file_type::none &&
                        kind != files::file_type::directory)) {
      found.push_back(path);
      continue;
    }
    auto inside = error ? std::vector<std::string>{} : files_in(path, error);
    if (error) {
      return usage(
          fmt::format("{} cannot be read: {}.", results::for_terminal(path), error.message()));
    }
    std::ranges::move(inside, std::back_inserter(found));
  }
  return found;
}

std::size_t count_files(const std::string& folder) {
  std::error_code ignored;
  return files_in(folder, ignored).size();
}

std::vector<std::string> engine_options_of(const FuzzOptions& options) {
  std::vector<std::string> wanted;
  std::ranges::copy_if(options.rest, std::back_inserter(wanted), is_engine_option);
  return wanted;
}

std::vector<std::string> paths_of(const FuzzOptions& options) {
  std::vector<std::string> wanted;
  std::ranges::copy_if(options.rest, std::back_inserter(wanted), std::not_fn(is_engine_option));
  return wanted;
}

std::expected<WorkFolders, Error> make_work_folders(const FuzzOptions& options) {
  const auto own = "sipauth-fuzz/" + options.target;
  WorkFolders folders{.corpus = options.corpus.empty() ? own + "/corpus" : options.corpus,
                      .findings = own + "/findings/"};
  for (const auto& folder : {folders.corpus, folders.findings}) {
    std::error_code error;
    files::create_directories(folder, error);
    if (error) {
      return usage(fmt::format("The folder {} cannot be made: {}.", results::for_terminal(folder),
                               error.message()));
    }
  }
  return folders;
}

bool write_file(const std::string& file, std::string_view bytes) {
  std::ofstream stream{file, std::ios::binary};
  stream << bytes;
  stream.flush();
  return stream.good();
}

std::string for_shell(std::string_view argument) {
  std::string quoted{argument.size() > 1 && argument.starts_with('-') ? "./" : ""};
  const bool plain = !argument.empty() && std::ranges::all_of(argument, [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view{"._/=+,:@%-"}.contains(c);
  });
  if (plain) return quoted.append(argument);
  quoted.insert(0, 1, '\'');
  for (const char c : argument) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted += '\'';
}

}  // namespace sipauth::commands
