// The wire trace of -v and -vv: messages as they pass, on standard error.
#pragma once

#include <string>

#include "sip/recorder.hpp"

namespace sipauth::commands {

/// -v: one line. -vv: the message below it, its credentials taken out unless `show_secrets`.
/// Harmless for a terminal; without the last line end.
[[nodiscard]] std::string trace_of(const sip::RecordedMessage& message, int verbosity,
                                   bool show_secrets);

}  // namespace sipauth::commands
