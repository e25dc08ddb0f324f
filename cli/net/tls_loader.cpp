#include "net/tls_loader.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>
#include <vector>

namespace sipauth::net {
namespace {

namespace fs = std::filesystem;

constexpr const char* module_name = "libsipauth-tls.so";

// Beside the program (a build), in the library folder that belongs to it (an installation, wherever
// it was moved), and where it was configured to be.
std::vector<fs::path> places() {
  std::vector<fs::path> list;
  std::error_code code;
  const auto program = fs::read_symlink("/proc/self/exe", code);
  if (!code) {
    list.push_back(program.parent_path());
    list.push_back(program.parent_path() / "../lib/sipauth");
#ifdef SIPAUTH_LIBRARY_FOLDER  // lib/x86_64-linux-gnu
    list.push_back(program.parent_path() / ".." / SIPAUTH_LIBRARY_FOLDER / "sipauth");
#endif
  }
#ifdef SIPAUTH_MODULE_DIRECTORY
  list.emplace_back(SIPAUTH_MODULE_DIRECTORY);
#endif
  return list;
}

std::expected<const TlsApi*, std::string> load() {
  for (const auto& place : places()) {
    const auto file = place / module_name;
    std::error_code code;
    if (!fs::exists(file, code)) continue;
    void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) {
      const char* why = dlerror();
      return std::unexpected{"TLS cannot be used: " + std::string{why ? why : file.string()} +
                             ". Install OpenSSL 3 (libssl3), or use transport=tcp."};
    }
    const auto function = reinterpret_cast<TlsApiFunction>(dlsym(module, tls_api_symbol));
    const auto* api = function ? function(SIPAUTH_VERSION) : nullptr;
    if (api) return api;
    return std::unexpected{file.string() + " belongs to another version: install both anew."};
  }
  return std::unexpected{
      std::string{"TLS is not in this build: there is no "} + module_name +
      " (it is built where OpenSSL's development files are found). Use transport=tcp or udp."};
}

}  // namespace

const std::expected<const TlsApi*, std::string>& tls_api() {
  static const auto loaded = load();
  return loaded;
}

}  // namespace sipauth::net
