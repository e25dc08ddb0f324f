// A run of checks against a registrar on a TLS or WebSocket port of loopback: what `builtin:` has
// not.
#pragma once

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "checks/runner.hpp"
#include "cli/tls_peer.hpp"
#include "registrar/registrar.hpp"
#include "sip/session.hpp"

namespace sipauth {

/// What a WebSocket server does wrong, or otherwise than others.
struct WebSocketManners {
  bool takes_sip_again = true;       ///< on the second connection and later ones
  bool refuses_without_sip = false;  ///< HTTP 400
  bool answers_text = true;
  bool answers_binary = true;
  bool needs_content_length = false;  ///< no answer without
  bool joins = false;                 ///< 100 and the final answer in one WebSocket message
  bool splits = false;                ///< an answer in two of them
};

/// Serves until it goes.
class RegistrarPeer {
 public:
  virtual ~RegistrarPeer() = default;
  /// To it; `offer_sip` of a WebSocket.
  [[nodiscard]] virtual std::expected<std::unique_ptr<net::Transport>, net::NetError> connect(
      bool offer_sip) const = 0;
};

[[nodiscard]] std::unique_ptr<RegistrarPeer> tls_registrar(registrar::Profile profile,
                                                           const peers::CertificateWish& wish);
[[nodiscard]] std::unique_ptr<RegistrarPeer> websocket_registrar(registrar::Profile profile,
                                                                 const WebSocketManners& manners);

/// The one that a row of the catalogue names.
[[nodiscard]] std::unique_ptr<RegistrarPeer> make_peer(const checks::BuiltIn& row);

struct PeerRun {
  std::unique_ptr<RegistrarPeer> peer = {};
  std::unique_ptr<net::Transport> transport = {};
  std::unique_ptr<sip::Session> session = {};
  checks::RunReport report = {};

  [[nodiscard]] const checks::Finding& operator[](std::string_view id) const;
};

/// alice at 127.0.0.1, with her password; silence takes 200 ms.
[[nodiscard]] PeerRun run_peer(std::unique_ptr<RegistrarPeer> peer, std::string_view id,
                               std::string_view domain = "127.0.0.1");

}  // namespace sipauth

#endif
