// What digest and lint put out: one text for people or one JSON document.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "commands/options.hpp"
#include "commands/run.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

struct Document {
  std::string text = {};
  std::string json = {};
};

/// -o checked before any work: these commands know text and json only. An Error is of kind usage.
[[nodiscard]] std::expected<std::vector<Output>, results::Error> document_outputs(
    const GlobalOptions& global, const std::string& command);

/// Writes every output; `exit_code`, or 2 when a file cannot be written.
[[nodiscard]] int put_out_document(const std::vector<Output>& outputs, const Document& document,
                                   int exit_code);

}  // namespace sipauth::commands
