// Messages out of the traces of flow_check.hpp: one line each, with right digests of `secret`.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/flow.hpp"

namespace sipauth::test {

inline constexpr std::string_view script_password = "secret";

struct ScriptMessage {
  std::uint64_t number = 0;
  std::int64_t time = 0;
  std::string source = {};
  std::string destination = {};
  std::string transport = {};
  std::string text = {};

  [[nodiscard]] FlowMessage view() const {
    return {number, time, source, destination, transport, text};
  }
};

/// Throws std::runtime_error on a line that it does not understand.
[[nodiscard]] std::vector<ScriptMessage> messages_of(std::string_view script);

/// The report on a script, with or without the account of `alice`.
[[nodiscard]] FlowReport report_on(std::string_view script, bool with_account = true);

[[nodiscard]] const FlowRow& row_of(const FlowReport& report, std::string_view id);

}  // namespace sipauth::test
