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

/// A file that holds text and is removed when it goes.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The certificate of the authority that signs, in PEM.
[[nodiscard]] std::string authority();

/// One accepted connection after its handshake.
class TlsConnection {
 public:
  virtual ~TlsConnection() = default;
  /// The next request up to its blank line; empty at the end of the stream.
  virtual std::string read_request() = 0;
  virtual void write(std::string_view bytes) = 0;
  /// What the client called the server (SNI); empty: nothing.
  [[nodiscard]] virtual std::string server_name() const = 0;
};

class TlsPeer {
 public:
  using Script = std::function<void(TlsConnection&)>;

  /// `newest_version`: of the protocol, as libssl numbers it; 0: any.
  TlsPeer(const CertificateWish& wish, Script script, Family family = Family::ipv4,
          int newest_version = 0);
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
