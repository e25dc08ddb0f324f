#include "interop/kamailio_target.hpp"

#include <fmt/format.h>

namespace sipauth::interop {

std::string target_of(const Kamailio& kamailio, const Variant& variant) {
  if (variant.websocket) {
    return fmt::format("{}://alice@127.0.0.1:{}", variant.tls ? "wss" : "ws",
                       variant.tls ? kamailio.tls_port() : kamailio.port());
  }
  return variant.tls ? fmt::format("sip:alice@127.0.0.1:{};transport=tls", kamailio.tls_port())
                     : fmt::format("sip:alice@127.0.0.1:{}", kamailio.port());
}

e2e::Arguments arguments(std::string_view command, const Kamailio& kamailio, const Variant& variant,
                         const std::vector<std::string>& more) {
  e2e::Arguments all{std::string{command},
                     target_of(kamailio, variant),
                     "--domain",
                     std::string{realm},
                     "--password-file",
                     "-",
                     "--json"};
  if (variant.tls) {
    all.insert(all.end(), {"--ca-file", kamailio.certificate(), "--tls-name", std::string{realm}});
  }
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace sipauth::interop
