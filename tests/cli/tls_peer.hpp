// A TLS server for tests, and the certificates it shows, made when they are asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/peers.hpp"

namespace sipauth::peers {

struct CertificateWish {
  std::string common_name = "test";
  std::string alternative_names = {};  ///< `DNS:a.example,IP:127.0.0.1,URI:sip:a.example`
  bool self_signed = false;            ///< else by the authority of this process
  bool expired = false;
  int bits = 2048;  ///< of its RSA key
};

/// The certificate of the authority that signs, in PEM.
[[nodiscard]] std::string authority();

/// A certificate of that authority and its key, in PEM.
struct Credentials {
  std::string certificate;
  std::string key;
};
[[nodiscard]] Credentials client_credentials();
/// Keys that belong to no certificate here: of the same kind, of another, and behind a pass phrase.
[[nodiscard]] std::string foreign_key();
[[nodiscard]] std::string elliptic_key();
[[nodiscard]] std::string locked_key();

/// One accepted connection after its handshake.
class TlsConnection {
 public:
  virtual ~TlsConnection() = default;
  /// The next request up to its blank line; empty at the end of the stream.
  virtual std::string read_request() = 0;
  virtual void write(std::string_view bytes) = 0;
  /// Says that nothing more will be written (close_notify), and reads on.
  virtual void half_close() = 0;
  /// Ends the TCP stream below without saying so, and reads on.
  virtual void cut() = 0;
  /// What the client called the server (SNI); empty: nothing.
  [[nodiscard]] virtual std::string server_name() const = 0;
  /// Has it shown a certificate?
  [[nodiscard]] virtual bool is_certified() const = 0;
};

class TlsPeer {
 public:
  using Script = std::function<void(TlsConnection&)>;

  /// `newest_version`: of the protocol, as libssl numbers it; 0: any. `wants_certificate`: of the
  /// client, by the authority of this process.
  TlsPeer(const CertificateWish& wish, Script script, Family family = Family::ipv4,
          int newest_version = 0, bool wants_certificate = false);
  ~TlsPeer();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] int accepted() const;
  /// Its certificate in PEM.
  [[nodiscard]] const std::string& certificate() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sipauth::peers
