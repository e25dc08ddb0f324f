#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "net/byte_stream.hpp"
#include "net/certificate_names.hpp"
#include "net/module_loader.hpp"
#include "net/printable.hpp"
#include "net/socket_error.hpp"

namespace sipauth::net {
namespace {

std::unexpected<NetError> failed(NetError::Kind kind, std::string text) {
  return std::unexpected{NetError{kind, std::move(text)}};
}

std::unexpected<NetError> tls_failed(std::string text) {
  return failed(NetError::Kind::tls, std::move(text));
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(TransportKind kind, const TlsApi& api, TlsSession* session,
            std::unique_ptr<ByteStream> wire, bool shows_certificate)
      : row_{transport_row(kind)},
        api_{api},
        session_{session, api.destroy},
        wire_{std::move(wire)},
        shows_certificate_{shows_certificate} {}

  std::expected<void, NetError> handshake(Instant deadline);
  std::expected<void, NetError> check_certificate(const std::string& name, bool insecure);

  std::expected<bool, NetError> read(std::string& into, Instant deadline) override;
  std::expected<void, NetError> write(std::string_view bytes, Instant deadline) override;
  std::string local() const override { return wire_->local(); }
  std::string remote() const override { return wire_->remote(); }
  std::optional<TlsFacts> tls() const override { return facts_; }

 private:
  std::expected<void, NetError> flush(Instant deadline);
  std::expected<void, NetError> feed_from_wire(Instant deadline);
  std::unexpected<NetError> untrusted() const;

  std::string perhaps_a_certificate() const;
  std::unexpected<NetError> broken(const std::string& problem) const;

  const TransportRow& row_;
  const TlsApi& api_;
  std::unique_ptr<TlsSession, void (*)(TlsSession*)> session_;
  std::unique_ptr<ByteStream> wire_;
  TlsFacts facts_;
  bool shows_certificate_;
  bool nothing_arrived_ = true;  // of the handshake
  bool nothing_read_ = true;     // behind it
  bool closed_ = false;
};

std::expected<void, NetError> TlsStream::flush(Instant deadline) {
  std::string wire;
  api_.take(session_.get(), wire);
  return wire_->write(wire, deadline);
}

std::expected<void, NetError> TlsStream::feed_from_wire(Instant deadline) {
  std::string wire;
  const auto arrived = wire_->read(wire, deadline);
  if (!arrived) {
    if (arrived.error().kind != NetError::Kind::closed) return std::unexpected{arrived.error()};
    return tls_failed(
        fmt::format("{} closed the connection during the TLS handshake: check that the port speaks "
                    "TLS ({} as a rule), and whether it wants a certificate of the client "
                    "(--tls-cert FILE).",
                    remote(), row_.port));
  }
  if (!*arrived) {
    return failed(NetError::Kind::timeout,
                  fmt::format("{} accepted the connection and did not finish the TLS handshake: "
                              "check that the port speaks TLS ({} as a rule).",
                              remote(), row_.port));
  }
  // Every record begins with its type, 20 to 23 (RFC 8446 5.1).
  if (std::exchange(nothing_arrived_, false) && (wire.front() < 20 || wire.front() > 23)) {
    return tls_failed(fmt::format(
        "{} does not speak TLS: its answer begins with \"{}\". Try "
        "transport={}, or the TLS port ({} as a rule).",
        remote(), printable(wire, 16), row_.kind == TransportKind::wss ? "ws" : "tcp", row_.port));
  }
  api_.feed(session_.get(), wire);
  return {};
}

std::expected<void, NetError> TlsStream::handshake(Instant deadline) {
  for (;;) {
    std::string problem;
    const auto step = api_.handshake(session_.get(), problem);
    const auto sent = flush(deadline);  // an alert, should it have failed
    if (step == TlsStep::untrusted) return untrusted();
    if (step == TlsStep::failed || step == TlsStep::closed) {
      return tls_failed(
          fmt::format("The TLS handshake with {} failed: {}. TLS 1.2 or later is "
                      "needed on both sides.",
                      remote(), problem.empty() ? "the peer closed it" : problem));
    }
    if (!sent) return sent;
    if (step == TlsStep::done) return {};

    if (auto fed = feed_from_wire(deadline); !fed) return fed;
  }
}

std::unexpected<NetError> TlsStream::untrusted() const {
  TlsPeer peer;
  api_.describe(session_.get(), peer);
  return tls_failed(
      fmt::format("The certificate of {} ({}, issued by {}, valid until {}) is not trusted: {}. "
                  "Name its issuer "
                  "with --ca-file FILE; -k connects without this check.",
                  remote(), peer.subject, peer.issuer, peer.not_after, peer.verify_error));
}

std::expected<void, NetError> TlsStream::check_certificate(const std::string& name, bool insecure) {
  TlsPeer peer;
  api_.describe(session_.get(), peer);
  facts_ = {.version = peer.version,
            .cipher = peer.cipher,
            .subject = peer.subject,
            .issuer = peer.issuer,
            .not_after = peer.not_after,
            .names = peer.names.text(),
            .identities = peer.names,
            .verify_error = peer.verify_error};
  const auto match = match_certificate(peer.names, name);
  facts_.by_wildcard = match == NameMatch::wildcard;
  facts_.verified = facts_.verify_error.empty() && match != NameMatch::none;
  if (facts_.verified) return {};

  if (match == NameMatch::none) {
    if (!facts_.verify_error.empty()) facts_.verify_error += "; ";
    facts_.verify_error += fmt::format("it is for {}, not for {}",
                                       facts_.names.empty() ? "nobody" : facts_.names, name);
  }
  if (insecure) return {};
  return tls_failed(fmt::format(
      "The certificate of {} cannot be taken: {}. If that is the server you mean, say --tls-name "
      "with a name it holds; -k connects without this check.",
      remote(), facts_.verify_error));
}

// The alert that says so is lost when the server closes with a request of ours unread.
std::string TlsStream::perhaps_a_certificate() const {
  if (shows_certificate_ || !nothing_read_) return "";
  return " It said nothing behind the handshake: it may want a certificate of the client "
         "(--tls-cert FILE).";
}

// A server of TLS 1.3 says only after the handshake that it wants a certificate.
std::unexpected<NetError> TlsStream::broken(const std::string& problem) const {
  return tls_failed(fmt::format("TLS with {} broke: {}.{}", remote(), problem,
                                problem.contains("certificate required")
                                    ? " It wants a certificate of the client: --tls-cert FILE."
                                    : ""));
}

std::expected<bool, NetError> TlsStream::read(std::string& into, Instant deadline) {
  const auto before = into.size();
  while (into.size() == before) {
    std::string problem;
    const auto step = closed_ ? TlsStep::closed : api_.read(session_.get(), into, problem);
    if (const auto sent = flush(deadline); !sent) return std::unexpected{sent.error()};
    if (step == TlsStep::failed) {
      return broken(problem);
    }
    closed_ = step == TlsStep::closed;
    if (into.size() > before) {
      nothing_read_ = false;
      return true;
    }
    if (closed_) {
      return failed(NetError::Kind::closed,
                    fmt::format("The peer at tls {} closed the connection.{}", remote(),
                                perhaps_a_certificate()));
    }
    std::string wire;
    const auto arrived = wire_->read(wire, deadline);
    if (!arrived && arrived.error().kind == NetError::Kind::closed) {
      return failed(NetError::Kind::closed, arrived.error().text + perhaps_a_certificate());
    }
    if (!arrived || !*arrived) return arrived;
    api_.feed(session_.get(), wire);
  }
  return true;
}

std::expected<void, NetError> TlsStream::write(std::string_view bytes, Instant deadline) {
  std::string problem;
  const auto step = api_.write(session_.get(), bytes, problem);
  if (step != TlsStep::done) {
    return broken(problem);
  }
  return flush(deadline);
}

}  // namespace

std::expected<std::unique_ptr<ByteStream>, NetError> open_tls(TransportKind kind,
                                                              const ConnectOptions& options,
                                                              const Clock& clock) {
  const auto& api = tls_api();
  if (!api) return tls_failed(api.error());
  const auto& name = options.tls_name.empty() ? options.host : options.tls_name;
  const TlsSetup setup{.server_name = is_dns_name(name) ? name : std::string{},
                       .ca_file = options.ca_file,
                       .insecure = options.insecure,
                       .certificate_file = options.certificate_file,
                       .key_file = options.key_file,
                       .key_log_file = options.key_log_file};
  std::string problem;
  auto* session = (*api)->create(setup, problem);
  if (!session) return failed(NetError::Kind::usage, "TLS cannot be used: " + problem + ".");

  // Owned before anything else can fail.
  std::unique_ptr<TlsSession, void (*)(TlsSession*)> owned{session, (*api)->destroy};
  auto wire = open_tcp(options, clock);
  if (!wire) return wire;
  auto stream = std::make_unique<TlsStream>(kind, **api, owned.release(), std::move(*wire),
                                            !options.certificate_file.empty());
  const auto deadline = clock.now() + options.timeout;
  if (auto done = stream->handshake(deadline); !done) return std::unexpected{done.error()};
  if (auto good = stream->check_certificate(name, options.insecure); !good) {
    return std::unexpected{good.error()};
  }
  return stream;
}

}  // namespace sipauth::net
