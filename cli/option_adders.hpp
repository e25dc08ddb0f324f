// How options are added: a part of what knows CLI11.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "results/escape.hpp"

namespace sipauth::commands {

/// An option whose text `read` turns into a value, or into what is wrong with it. Given twice, the
/// last counts.
template <typename Value, typename Read>
inline CLI::Option* add_value(CLI::App& app, const std::string& names, Value& into,
                              const Read& read, const std::string& type,
                              const std::string& description) {
  const auto store = [&into, read, names](const CLI::results_t& texts) {
    auto value = read(texts.back());
    if (!value) {
      throw CLI::ValidationError(fmt::format("{} {}, not \"{}\".", names, value.error(),
                                             results::for_terminal(texts.back())));
    }
    into = *value;
    return true;
  };
  return app.add_option(names, store, description)->type_name(type)->take_last();
}

inline CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& into,
                             const std::string& type, const std::string& description) {
  return app.add_option(names, into, description)->type_name(type)->take_last();
}

/// May be given several times, one value each.
inline CLI::Option* add_list(CLI::App& app, const std::string& names,
                             std::vector<std::string>& into, const std::string& type,
                             const std::string& description) {
  return app.add_option(names, into, description)
      ->type_name(type)
      ->type_size(1)
      ->allow_extra_args(false);
}

}  // namespace sipauth::commands
