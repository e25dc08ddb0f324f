#include "registrar/fault_tables.hpp"

namespace sipauth::registrar {

std::span<const Fault> binding_faults() { return {}; }

}  // namespace sipauth::registrar
