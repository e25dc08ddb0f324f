// The messages of a run as a capture file (pcapng), for Wireshark, tshark and sngrep.
//
// The packets are made up: what is inside TLS or a WebSocket stands in the clear in TCP segments,
// without a handshake, so that every message can be read; a WebSocket's at port 5060. Times are
// those of the calendar, notes of the Recorder are comments.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sip/recorder.hpp"

namespace sipauth::results {

class Pcapng {
 public:
  /// `show_secrets`: responses and the like stay as they were (see redact()).
  explicit Pcapng(bool show_secrets) : show_secrets_{show_secrets} {}

  /// What a file begins with.
  [[nodiscard]] static std::string beginning();

  /// The blocks of one message, to be appended in the order of the Recorder. One that is too long
  /// for a packet takes several segments of TCP; over UDP it is cut, and its true length told.
  [[nodiscard]] std::string packets(const sip::RecordedMessage& message);

 private:
  struct Flow {
    std::uint32_t next_out = 1;
    std::uint32_t next_in = 1;
  };

  bool show_secrets_;
  std::map<std::string, Flow, std::less<>> flows_;  // of TCP, by both addresses
};

}  // namespace sipauth::results
