// What the TLS module offers to the program that loads it: a TLS client without a socket. Bytes of
// the wire go in and out by feed() and take(), so that waiting, deadlines and Ctrl-C stay with TCP.
//
// A table of functions and no class with virtual ones: program and module share no type
// information. Both are built together; sipauth_tls_api() refuses a program of another version.
#pragma once

#include <string>
#include <string_view>

#include "net/certificate_names.hpp"

namespace sipauth::net {

struct TlsSession;  // of the module

struct TlsSetup {
  std::string server_name;       ///< for SNI; empty: none is sent
  std::string ca_file;           ///< PEM; empty: the system's trust store
  bool insecure = false;         ///< the chain is looked at, and any is taken
  std::string certificate_file;  ///< PEM; empty: the client shows none
  std::string key_file;          ///< PEM; of that certificate
  std::string key_log_file;      ///< the secrets of the connection are appended; empty: nowhere
};

enum class TlsStep {
  done,
  wants_wire,  ///< nothing more can be done before feed()
  closed,      ///< the peer said that it sends no more
  untrusted,   ///< handshake() only: the chain was refused
  failed,
};

struct TlsPeer {
  std::string version;
  std::string cipher;
  std::string subject;
  std::string issuer;
  std::string not_after;
  std::string verify_error;  ///< of the chain; empty: trusted
  CertificateNames names;
};

struct TlsApi {
  /// Null, with the reason in `problem`, when the setup cannot be used.
  TlsSession* (*create)(const TlsSetup& setup, std::string& problem);
  void (*destroy)(TlsSession* session);

  void (*feed)(TlsSession* session, std::string_view wire);
  /// Appends what must be sent, after every other call but feed().
  void (*take)(TlsSession* session, std::string& wire);

  TlsStep (*handshake)(TlsSession* session, std::string& problem);
  /// Appends what can be read.
  TlsStep (*read)(TlsSession* session, std::string& plain, std::string& problem);
  TlsStep (*write)(TlsSession* session, std::string_view plain, std::string& problem);
  /// After handshake() was done or untrusted.
  void (*describe)(TlsSession* session, TlsPeer& peer);
};

inline constexpr const char* tls_api_symbol = "sipauth_tls_api";

}  // namespace sipauth::net
