#include "commands/document.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

constexpr int usage_exit = 2;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

bool write_all(std::FILE* file, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

bool write_to(const Output& output, const std::string& text) {
  if (output.file.empty()) return write_all(stdout, text);
  const std::unique_ptr<std::FILE, CloseFile> file{std::fopen(output.file.c_str(), "we")};
  return file && write_all(file.get(), text);
}

}  // namespace

std::expected<std::vector<Output>, results::Error> document_outputs(const GlobalOptions& global,
                                                                    const std::string& command) {
  auto outputs = outputs_of(global);
  if (!outputs) return outputs;
  if (outputs->empty()) outputs->push_back({.format = "text", .file = ""});
  for (const auto& output : *outputs) {
    if (output.format == "text" || output.format == "json") continue;
    return std::unexpected{
        results::Error{"usage", fmt::format("{} has no output as {}: ask for text or json.",
                                            command, results::for_terminal(output.format))}};
  }
  return outputs;
}

int put_out_document(const std::vector<Output>& outputs, const Document& document, int exit_code) {
  for (const auto& output : outputs) {
    if (write_to(output, output.format == "json" ? document.json : document.text)) continue;
    const auto name = output.file.empty() ? "standard output" : results::for_terminal(output.file);
    fmt::print(stderr, "sipauth: cannot write {}: {}\n", name, std::strerror(errno));
    return usage_exit;
  }
  return exit_code;
}

}  // namespace sipauth::commands
