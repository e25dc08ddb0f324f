#include "registrar/fault_tables.hpp"

namespace sipauth::registrar {

std::span<const Fault> credential_faults() { return {}; }

}  // namespace sipauth::registrar
