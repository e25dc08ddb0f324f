// Reads a capture file from its beginning to its last good packet, in bounded memory.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "capture/packet.hpp"

namespace sipauth::capture {

struct ReadFacts {
  std::uint64_t bytes = 0;
  /// Why it was not read to its end, as a clause; empty: it was.
  std::string damage = {};
  std::uint64_t bad_packets = 0;
  bool has_tls_keys = false;
};

class InputFile {
 public:
  /// `-` is standard input; the error is a sentence.
  [[nodiscard]] static std::expected<InputFile, std::string> open(const std::string& file);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  /// Up to `size` bytes; 0 at the end; a sentence when it cannot be read.
  [[nodiscard]] std::expected<std::size_t, std::string> read(char* into, std::size_t size) const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  InputFile(std::string name, int descriptor, bool owned)
      : name_{std::move(name)}, descriptor_{descriptor}, owned_{owned} {}

  std::string name_;  // as it is shown
  int descriptor_;
  bool owned_;
};

/// What a file begins with, so that its kind can be told before it is read on.
[[nodiscard]] std::expected<std::string, std::string> read_beginning(const InputFile& file);

/// `beginning` is what was read of it already. Damage is a fact, not an error: what could be read
/// was handed to `visit`.
[[nodiscard]] std::expected<ReadFacts, std::string> read_capture(
    const InputFile& file, std::string_view beginning,
    const std::function<void(const Packet&)>& visit);

}  // namespace sipauth::capture
