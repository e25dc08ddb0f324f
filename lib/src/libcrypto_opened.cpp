#include <dlfcn.h>

#include "libcrypto.hpp"

namespace sipauth::crypto {

void* libcrypto_function(const char* name) noexcept {
  // Opened once per process and never closed: threads free their contexts until the very end.
  static void* const handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  return handle == nullptr ? nullptr : dlsym(handle, name);
}

}  // namespace sipauth::crypto
