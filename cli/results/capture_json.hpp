// The member `capture` of a document.
#pragma once

#include <string>

#include "results/capture.hpp"

namespace sipauth::results {

/// JSON text of one object.
[[nodiscard]] std::string capture_json(const Capture& capture);

}  // namespace sipauth::results
