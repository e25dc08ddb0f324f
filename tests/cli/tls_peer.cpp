#ifdef SIPAUTH_TEST_TLS

#include "cli/tls_peer.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace sipauth::peers {
namespace {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

void check(bool done, const char* what) {
  if (!done) throw std::runtime_error{what};
}

// Making a key takes long, so each length is made once; no test depends on their being different.
EVP_PKEY* key_of(int bits) {
  static const Key weak{EVP_RSA_gen(1024U)};
  static const Key strong{EVP_RSA_gen(2048U)};
  return bits < 2048 ? weak.get() : strong.get();
}

void add_extension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension{
      X509V3_EXT_nconf_nid(nullptr, &context, id, value.c_str())};
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

Certificate make(const CertificateWish& wish, X509* issuer) {
  Certificate made{X509_new()};
  auto* certificate = made.get();
  static long serial = 0;
  constexpr long day = 86'400;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.expired ? -day : day);
  X509_set_pubkey(certificate, key_of(wish.bits));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                             -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer : certificate));
  if (!wish.alternative_names.empty()) {
    add_extension(certificate, NID_subject_alt_name, wish.alternative_names);
  }
  return made;
}

void sign(X509* certificate, int bits) {
  check(X509_sign(certificate, key_of(bits), EVP_sha256()) > 0, "sign");
}

X509* authority_certificate() {
  static const Certificate made = [] {
    auto certificate = make({.common_name = "Test authority"}, nullptr);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    sign(certificate.get(), 2048);
    return certificate;
  }();
  return made.get();
}

Certificate make_signed(const CertificateWish& wish) {
  auto certificate = make(wish, wish.self_signed ? nullptr : authority_certificate());
  sign(certificate.get(), wish.self_signed ? wish.bits : 2048);
  return certificate;
}

std::string text_of(const Bio& bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Bio bio{BIO_new(BIO_s_mem())};
  check(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
  return text_of(bio);
}

std::string pem_of(EVP_PKEY* key, const std::string& pass_phrase = "") {
  const Bio bio{BIO_new(BIO_s_mem())};
  check(PEM_write_bio_PKCS8PrivateKey(
            bio.get(), key, pass_phrase.empty() ? nullptr : EVP_aes_128_cbc(), pass_phrase.data(),
            static_cast<int>(pass_phrase.size()), nullptr, nullptr) == 1,
        "PEM");
  return text_of(bio);
}

class Accepted final : public TlsConnection {
 public:
  Accepted(SSL_CTX* context, const TcpConnection& tcp) : connection_{SSL_new(context)} {
    SSL_set_fd(connection_.get(), tcp.descriptor());
  }
  ~Accepted() override { SSL_shutdown(connection_.get()); }

  bool handshake() { return SSL_accept(connection_.get()) == 1; }

  std::string read_request() override {
    for (;;) {
      if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
        auto request = buffer_.substr(0, end + 4);
        buffer_.erase(0, end + 4);
        return request;
      }
      std::array<char, 4096> chunk;
      const int length = SSL_read(connection_.get(), chunk.data(), chunk.size());
      if (length <= 0) return {};
      buffer_.append(chunk.data(), static_cast<std::size_t>(length));
    }
  }

  void write(std::string_view bytes) override {
    SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }

  void half_close() override { SSL_shutdown(connection_.get()); }
  void cut() override { ::shutdown(SSL_get_fd(connection_.get()), SHUT_WR); }

  std::string server_name() const override {
    const char* name = SSL_get_servername(connection_.get(), TLSEXT_NAMETYPE_host_name);
    return name ? name : "";
  }

  bool is_certified() const override { return SSL_get0_peer_certificate(connection_.get()); }

 private:
  Connection connection_;
  std::string buffer_;
};

}  // namespace

std::string authority() { return pem_of(authority_certificate()); }

Credentials client_credentials() {
  const auto certificate = make_signed({.common_name = "client"});
  return {pem_of(certificate.get()), pem_of(key_of(2048))};
}

std::string foreign_key() { return pem_of(key_of(1024)); }
std::string elliptic_key() { return pem_of(Key{EVP_EC_gen("P-256")}.get()); }
std::string locked_key() { return pem_of(key_of(2048), "pass phrase"); }

struct TlsPeer::State {
  std::string certificate;
  Context context{SSL_CTX_new(TLS_server_method())};
  Script script;
  std::unique_ptr<TcpPeer> tcp;
};

TlsPeer::TlsPeer(const CertificateWish& wish, Script script, Family family, int newest_version,
                 bool wants_certificate)
    : state_{std::make_unique<State>()} {
  std::signal(SIGPIPE, SIG_IGN);  // libssl writes to sockets that the client has closed
  const auto certificate = make_signed(wish);
  state_->certificate = pem_of(certificate.get());
  state_->script = std::move(script);
  auto* context = state_->context.get();
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, newest_version);
  check(SSL_CTX_use_certificate(context, certificate.get()) == 1, "certificate");
  check(SSL_CTX_use_PrivateKey(context, key_of(wish.bits)) == 1, "key");
  if (wants_certificate) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority_certificate());
  }
  state_->tcp = std::make_unique<TcpPeer>(
      [state = state_.get()](TcpConnection& tcp) {
        Accepted connection{state->context.get(), tcp};
        if (connection.handshake()) {
          state->script(connection);
        } else {
          tcp.wait_for_close();  // with bytes unread a close is a reset, and its alert is lost
        }
        ERR_clear_error();
      },
      family);
}

TlsPeer::~TlsPeer() = default;

std::uint16_t TlsPeer::port() const { return state_->tcp->port(); }
int TlsPeer::accepted() const { return state_->tcp->accepted(); }
const std::string& TlsPeer::certificate() const { return state_->certificate; }

}  // namespace sipauth::peers

#endif
