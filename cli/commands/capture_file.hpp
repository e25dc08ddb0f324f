// --pcap-out FILE: written as the messages pass, so that it is whole however the run ends.
#pragma once

#include <expected>
#include <string>

#include "results/pcapng.hpp"
#include "sip/recorder.hpp"

namespace sipauth::commands {

class CaptureFile {
 public:
  /// Makes the file, which nobody else can read; the error is a sentence.
  [[nodiscard]] static std::expected<CaptureFile, std::string> create(const std::string& file,
                                                                      bool show_secrets);
  CaptureFile(CaptureFile&& other) noexcept;
  CaptureFile& operator=(CaptureFile&&) = delete;
  ~CaptureFile();

  /// Nothing more is written after a failure.
  void add(const sip::RecordedMessage& message);

  /// Why something is missing in the file; empty: nothing is.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  CaptureFile(std::string name, int descriptor, bool show_secrets)
      : name_{std::move(name)}, descriptor_{descriptor}, pcapng_{show_secrets} {}

  void write(std::string_view bytes);

  std::string name_;
  int descriptor_;
  results::Pcapng pcapng_;
  std::string failure_;
};

}  // namespace sipauth::commands
