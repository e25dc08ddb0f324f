// Table rows for the readers of single header values, and what every one of them must hold.
//
// A test file defines `std::string reading(const Value&)` for its types before it uses these.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/allocations.hpp"
#include "lib/reported.hpp"
#include "sipauth/diagnostic.hpp"

namespace sipauth::header_values {

struct Case {
  std::string_view proves;
  std::string_view text;
  std::string_view reading;
  std::string_view reported = "";
};

inline void PrintTo(const Case& row, std::ostream* out) {
  *out << testing::PrintToString(row.text);
}

inline std::string name_of(const testing::TestParamInfo<Case>& row) {
  return std::string{row.param.proves};
}

template <typename Value>
void expect_reading(const Case& row) {
  Diagnostics diagnostics;
  const auto value = Value::parse(row.text, diagnostics);
  ASSERT_TRUE(value) << value.error().sentence();
  EXPECT_EQ(reading(*value), row.reading);
  EXPECT_EQ(reported(diagnostics), row.reported);
}

struct Unread {
  std::string_view text;
  ParseError error;
};

template <typename Value>
void expect_unread(const std::vector<Unread>& unread) {
  for (const auto& [text, error] : unread) {
    Diagnostics diagnostics;
    const auto value = Value::parse(text, diagnostics);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(static_cast<int>(value.error().kind), static_cast<int>(error.kind)) << text;
    EXPECT_EQ(value.error().offset, error.offset) << text;
  }
}

// Every prefix of `text`, in a buffer of its own size so that a sanitizer sees the first byte read
// too far.
template <typename Value>
void expect_no_allocation_in_any_prefix(std::string_view text) {
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
    Diagnostics diagnostics;
    const auto before = allocations();
    const auto value = Value::parse({bytes.data(), length}, diagnostics);
    const auto after = allocations();
    EXPECT_EQ(after, before);
    EXPECT_LE(value ? 0 : value.error().offset, length);
    for (const auto& diagnostic : diagnostics.list()) {
      EXPECT_LE(diagnostic.where.offset + diagnostic.where.length, length) << length;
    }
  }
}

}  // namespace sipauth::header_values
