// The tables that registrar::faults() is made of, beside those of faults.cpp.
#pragma once

#include <span>

#include "registrar/profile.hpp"

namespace sipauth::registrar {

/// How credentials are read and judged.
[[nodiscard]] std::span<const Fault> credential_faults();
/// What a nonce is good for, and what Authentication-Info says.
[[nodiscard]] std::span<const Fault> binding_faults();
/// Retransmissions, CSeq, bindings, transports.
[[nodiscard]] std::span<const Fault> transaction_faults();

}  // namespace sipauth::registrar
