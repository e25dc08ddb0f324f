#include "registrar/fault_tables.hpp"

namespace sipauth::registrar {

std::span<const Fault> transaction_faults() { return {}; }

}  // namespace sipauth::registrar
