#include "net/module_loader.hpp"

#include <dlfcn.h>
#include <fmt/core.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

namespace sipauth::net {
namespace {

namespace fs = std::filesystem;

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

struct Module {
  std::string_view what;  ///< it brings
  const char* file;
  const char* symbol;          ///< of the function that hands out its table
  std::string_view libraries;  ///< that it is linked to, with their Debian packages
  std::string_view needs;      ///< what it is built with
  std::string_view instead;    ///< what goes without it
};

template <typename Api>
std::expected<const Api*, std::string> load(const Module& module) {
  for (const auto& place : places()) {
    const auto file = place / module.file;
    std::error_code code;
    if (!fs::exists(file, code)) continue;
    void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
      const char* why = dlerror();
      return std::unexpected{fmt::format("{} cannot be used: {}. Install {}, or {}.", module.what,
                                         why ? why : file.c_str(), module.libraries,
                                         module.instead)};
    }
    using Function = const Api* (*)(const char* version);
    const auto function = reinterpret_cast<Function>(dlsym(handle, module.symbol));
    const auto* api = function ? function(SIPAUTH_VERSION) : nullptr;
    if (api) return api;
    return std::unexpected{file.string() + " belongs to another version: install both anew."};
  }
  return std::unexpected{fmt::format(
      "{} is not in this build: there is no {} (it is built where {} are found). Otherwise {}.",
      module.what, module.file, module.needs, module.instead)};
}

}  // namespace

const std::expected<const TlsApi*, std::string>& tls_api() {
  static const auto loaded = load<TlsApi>({.what = "TLS",
                                           .file = "libsipauth-tls.so",
                                           .symbol = tls_api_symbol,
                                           .libraries = "OpenSSL 3 (libssl3)",
                                           .needs = "OpenSSL's development files",
                                           .instead = "use transport=tcp or udp"});
  return loaded;
}

const std::expected<const WebSocketApi*, std::string>& websocket_api() {
  static const auto loaded =
      load<WebSocketApi>({.what = "WebSocket",
                          .file = "libsipauth-websocket.so",
                          .symbol = websocket_api_symbol,
                          .libraries = "wslay and OpenSSL 3 (libwslay1, libssl3)",
                          .needs = "the development files of wslay and OpenSSL",
                          .instead = "use transport=tls, tcp or udp"});
  return loaded;
}

const std::expected<const DnsApi*, std::string>& dns_api() {
  static const auto loaded = load<DnsApi>({.what = "Looking up NAPTR and SRV records",
                                           .file = "libsipauth-dns.so",
                                           .symbol = dns_api_symbol,
                                           .libraries = "c-ares (libc-ares2)",
                                           .needs = "the development files of c-ares",
                                           .instead = "name the server with --connect HOST:PORT"});
  return loaded;
}

}  // namespace sipauth::net
