// The TLS module: the only code that links libssl, loaded when a TLS target is first connected to.

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "net/tls_api.hpp"

namespace sipauth::net {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};

using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

// -1, or a descriptor that is closed when it goes.
class File {
 public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  bool open_to_append(const std::string& path) {
    number_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    return number_ >= 0;
  }
  int number() const { return number_; }

 private:
  int number_ = -1;
};

struct TlsSession {
  File key_log;  // outlives the connection, which writes to it
  Context context;
  Connection connection;
  Certificate refused;  // the peer's, when its chain was not trusted
};

namespace {

// The reason of the oldest error of this thread, which is the cause; the queue is emptied.
std::string reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* text = code ? ERR_reason_error_string(code) : nullptr;
  return text ? text : "no reason given";
}

int keep_refused_certificate(int trusted, X509_STORE_CTX* store) {
  if (trusted) return 1;
  auto* connection =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* session = static_cast<TlsSession*>(SSL_get_ex_data(connection, 0));
  X509* certificate = X509_STORE_CTX_get0_cert(store);
  if (session && certificate && X509_up_ref(certificate)) session->refused.reset(certificate);
  return 0;
}

bool load_trust(SSL_CTX* context, const TlsSetup& setup, std::string& problem) {
  if (setup.ca_file.empty()) return SSL_CTX_set_default_verify_paths(context) == 1;
  if (SSL_CTX_load_verify_file(context, setup.ca_file.c_str()) != 1) {
    problem = "the CA file " + setup.ca_file + " cannot be used (" + reason() +
              "): it must hold certificates in PEM";
    return false;
  }
  // A certificate that was named is trusted, be it a root or the server's own.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
  return true;
}

// Secrets of the connection, as Wireshark reads them. One write for each line: several programs may
// append to the same file.
void log_key(const SSL* connection, const char* line) {
  const auto* session = static_cast<const TlsSession*>(SSL_get_ex_data(connection, 0));
  if (!session) return;
  const auto text = std::string{line} + '\n';
  // A trace that is not complete breaks no connection.
  if (::write(session->key_log.number(), text.data(), text.size()) < 0) return;
}

bool open_key_log(TlsSession& session, const std::string& path, std::string& problem) {
  if (path.empty()) return true;
  if (!session.key_log.open_to_append(path)) {
    problem = "the key log " + path + " cannot be written (" +
              std::generic_category().message(errno) + ")";
    return false;
  }
  SSL_CTX_set_keylog_callback(session.context.get(), log_key);
  return true;
}

// A key with a pass phrase is refused: nobody is asked while a run is on.
int note_pass_phrase(char*, int, int, void* wanted) {
  *static_cast<bool*>(wanted) = true;
  return -1;
}

bool is_mismatch(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_X509 && (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH ||
                                               ERR_GET_REASON(code) == X509_R_KEY_TYPE_MISMATCH);
}

bool show_certificate(SSL_CTX* context, const TlsSetup& setup, std::string& problem) {
  if (setup.certificate_file.empty()) return true;
  if (SSL_CTX_use_certificate_chain_file(context, setup.certificate_file.c_str()) != 1) {
    problem = "the certificate " + setup.certificate_file + " cannot be used (" + reason() +
              "): it must hold a certificate in PEM, and those between it and its root";
    return false;
  }
  bool locked = false;
  SSL_CTX_set_default_passwd_cb(context, note_pass_phrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, &locked);
  ERR_clear_error();
  const bool taken =
      SSL_CTX_use_PrivateKey_file(context, setup.key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  if ((!taken && is_mismatch(ERR_peek_error())) ||
      (taken && SSL_CTX_check_private_key(context) != 1)) {
    ERR_clear_error();
    problem = "the key " + setup.key_file + " does not belong to the certificate " +
              setup.certificate_file;
    return false;
  }
  if (!taken) {
    const auto why = locked ? "it has a pass phrase" : reason();
    problem = "the key " + setup.key_file + " cannot be used (" + why +
              "): it must be a key in PEM without a pass phrase";
  }
  return taken;
}

TlsSession* create(const TlsSetup& setup, std::string& problem) {
  ERR_clear_error();
  auto session = std::make_unique<TlsSession>();
  session->context.reset(SSL_CTX_new(TLS_client_method()));
  auto* context = session->context.get();
  if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    problem = "libssl cannot be used: " + reason();
    return nullptr;
  }
  SSL_CTX_set_security_level(context, 2);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  if (!load_trust(context, setup, problem)) {
    // Without a trust store every chain is untrusted, which says what is wrong better.
    if (!problem.empty()) return nullptr;
    ERR_clear_error();
  }
  if (!show_certificate(context, setup, problem) ||
      !open_key_log(*session, setup.key_log_file, problem)) {
    return nullptr;
  }
  // With SSL_VERIFY_NONE the chain is looked at all the same, and the verdict can be asked for.
  SSL_CTX_set_verify(context, setup.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                     setup.insecure ? nullptr : keep_refused_certificate);

  session->connection.reset(SSL_new(context));
  auto* connection = session->connection.get();
  Bio in{BIO_new(BIO_s_mem())};
  Bio out{BIO_new(BIO_s_mem())};
  if (!connection || !in || !out) {
    problem = "libssl cannot be used: " + reason();
    return nullptr;
  }
  SSL_set_bio(connection, in.release(), out.release());
  SSL_set_ex_data(connection, 0, session.get());
  SSL_set_connect_state(connection);
  // SSL_set_tlsext_host_name without the cast of its macro.
  if (!setup.server_name.empty() &&
      SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(setup.server_name.c_str())) != 1) {
    problem = "\"" + setup.server_name + "\" cannot be sent as the server's name: " + reason();
    return nullptr;
  }
  return session.release();
}

void destroy(TlsSession* session) { delete session; }

// A chunk of the wire is far below the bounds of int.
void feed(TlsSession* session, std::string_view wire) {
  BIO_write(SSL_get_rbio(session->connection.get()), wire.data(), static_cast<int>(wire.size()));
}

void take(TlsSession* session, std::string& wire) {
  auto* out = SSL_get_wbio(session->connection.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  if (size > 0) wire.append(bytes, static_cast<std::size_t>(size));
  BIO_reset(out);
}

TlsStep step_of(const TlsSession& session, int result, std::string& problem) {
  switch (SSL_get_error(session.connection.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return TlsStep::wants_wire;
    case SSL_ERROR_ZERO_RETURN:
      return TlsStep::closed;
    default:
      problem = reason();
      return TlsStep::failed;
  }
}

TlsStep handshake(TlsSession* session, std::string& problem) {
  ERR_clear_error();
  const int result = SSL_do_handshake(session->connection.get());
  if (result == 1) return TlsStep::done;
  const auto step = step_of(*session, result, problem);
  return step == TlsStep::failed && session->refused ? TlsStep::untrusted : step;
}

TlsStep read(TlsSession* session, std::string& plain, std::string& problem) {
  for (;;) {
    ERR_clear_error();
    std::array<char, 16'384> record;
    std::size_t size = 0;
    const int result = SSL_read_ex(session->connection.get(), record.data(), record.size(), &size);
    if (result != 1) return step_of(*session, result, problem);
    plain.append(record.data(), size);
  }
}

TlsStep write(TlsSession* session, std::string_view plain, std::string& problem) {
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(session->connection.get(), plain.data(), plain.size(), &written);
  return result == 1 ? TlsStep::done : step_of(*session, result, problem);
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return size > 0 ? std::string{bytes, static_cast<std::size_t>(size)} : std::string{};
}

// RFC 2253 with its escapes, so no byte of a hostile name reaches a terminal.
std::string text_of(const X509_NAME* name) {
  const Bio bio{BIO_new(BIO_s_mem())};
  if (bio) X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  return bio ? text_of(bio.get()) : std::string{};
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string text_of_address(const ASN1_OCTET_STRING* address) {
  const auto* bytes = ASN1_STRING_get0_data(address);
  std::string text;
  if (ASN1_STRING_length(address) == 4) {
    for (int i = 0; i < 4; ++i) text += (i ? "." : "") + std::to_string(bytes[i]);
  } else if (ASN1_STRING_length(address) == 16) {
    static constexpr std::string_view digits = "0123456789abcdef";
    for (int i = 0; i < 16; ++i) {
      if (i > 0 && i % 2 == 0) text += ':';
      text += digits[bytes[i] >> 4];
      text += digits[bytes[i] & 15];
    }
  }
  return text;
}

CertificateNames names_of(const X509* certificate) {
  CertificateNames names;
  const auto* subject = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
    names.common_name = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  }
  names.has_alternative_names = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) >= 0;
  const Names list{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  for (int i = 0; list && i < sk_GENERAL_NAME_num(list.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(list.get(), i);
    if (name->type == GEN_URI) names.uris.push_back(text_of(name->d.uniformResourceIdentifier));
    if (name->type == GEN_DNS) names.dns.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) names.addresses.push_back(text_of_address(name->d.iPAddress));
  }
  return names;
}

void describe(TlsSession* session, TlsPeer& peer) {
  auto* connection = session->connection.get();
  peer.version = SSL_get_version(connection);
  peer.cipher = SSL_get_cipher_name(connection);
  const auto verdict = SSL_get_verify_result(connection);
  if (verdict != X509_V_OK) peer.verify_error = X509_verify_cert_error_string(verdict);

  const X509* certificate =
      session->refused ? session->refused.get() : SSL_get0_peer_certificate(connection);
  if (!certificate) {
    if (peer.verify_error.empty()) peer.verify_error = "the server sent no certificate";
    return;
  }
  peer.subject = text_of(X509_get_subject_name(certificate));
  peer.issuer = text_of(X509_get_issuer_name(certificate));
  const Bio bio{BIO_new(BIO_s_mem())};
  if (bio && ASN1_TIME_print(bio.get(), X509_get0_notAfter(certificate))) {
    peer.not_after = text_of(bio.get());
  }
  peer.names = names_of(certificate);
}

constexpr TlsApi api{create, destroy, feed, take, handshake, read, write, describe};

}  // namespace
}  // namespace sipauth::net

extern "C" [[gnu::visibility("default")]] const sipauth::net::TlsApi* sipauth_tls_api(
    const char* version) {
  return std::string_view{version} == SIPAUTH_VERSION ? &sipauth::net::api : nullptr;
}
