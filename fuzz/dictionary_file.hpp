// A target's words as libFuzzer and AFL++ read them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sipauth::fuzz {

/// One word a line in quotation marks; bytes that could end them, or be unreadable, as \xNN.
[[nodiscard]] std::string dictionary_file(std::span<const std::string_view> words);

}  // namespace sipauth::fuzz
