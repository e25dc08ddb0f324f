#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "net/byte_stream.hpp"
#include "net/certificate_names.hpp"
#include "net/module_loader.hpp"
#include "net/socket_error.hpp"
#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

std::unexpected<NetError> failed(NetError::Kind kind, std::string text) {
  return std::unexpected{NetError{kind, std::move(text)}};
}

std::unexpected<NetError> tls_failed(std::string text) {
  return failed(NetError::Kind::tls, std::move(text));
}

// The first bytes of what is no TLS, fit for a sentence.
std::string printable_start(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 16)) {
    text += is_control(c) || static_cast<unsigned char>(c) >= 0x80 ? '.' : c;
  }
  return text;
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(const TlsApi& api, TlsSession* session, std::unique_ptr<ByteStream> wire)
      : api_{api}, session_{session, api.destroy}, wire_{std::move(wire)} {}

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

  const TlsApi& api_;
  std::unique_ptr<TlsSession, void (*)(TlsSession*)> session_;
  std::unique_ptr<ByteStream> wire_;
  TlsFacts facts_;
  bool nothing_arrived_ = true;
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
                    "TLS (5061 as a rule) and wants no certificate of the client.",
                    remote()));
  }
  if (!*arrived) {
    return failed(NetError::Kind::timeout,
                  fmt::format("{} accepted the connection and did not finish the TLS handshake: "
                              "check that the port speaks TLS (5061 as a rule).",
                              remote()));
  }
  // Every record begins with its type, 20 to 23 (RFC 8446 5.1).
  if (std::exchange(nothing_arrived_, false) && (wire.front() < 20 || wire.front() > 23)) {
    return tls_failed(
        fmt::format("{} does not speak TLS: its answer begins with \"{}\". Try "
                    "transport=tcp, or the TLS port (5061 as a rule).",
                    remote(), printable_start(wire)));
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

std::expected<bool, NetError> TlsStream::read(std::string& into, Instant deadline) {
  const auto before = into.size();
  while (into.size() == before) {
    std::string problem;
    const auto step = closed_ ? TlsStep::closed : api_.read(session_.get(), into, problem);
    if (const auto sent = flush(deadline); !sent) return std::unexpected{sent.error()};
    if (step == TlsStep::failed) {
      return tls_failed(fmt::format("TLS with {} broke: {}.", remote(), problem));
    }
    closed_ = step == TlsStep::closed;
    if (into.size() > before) return true;
    if (closed_) {
      return failed(NetError::Kind::closed,
                    fmt::format("The peer at tls {} closed the connection.", remote()));
    }
    std::string wire;
    const auto arrived = wire_->read(wire, deadline);
    if (!arrived || !*arrived) return arrived;
    api_.feed(session_.get(), wire);
  }
  return true;
}

std::expected<void, NetError> TlsStream::write(std::string_view bytes, Instant deadline) {
  std::string problem;
  const auto step = api_.write(session_.get(), bytes, problem);
  if (step != TlsStep::done) {
    return tls_failed(fmt::format("TLS with {} broke: {}.", remote(), problem));
  }
  return flush(deadline);
}

}  // namespace

std::expected<std::unique_ptr<ByteStream>, NetError> open_tls(const ConnectOptions& options,
                                                              const Clock& clock) {
  const auto& api = tls_api();
  if (!api) return tls_failed(api.error());
  const auto& name = options.tls_name.empty() ? options.host : options.tls_name;
  const TlsSetup setup{.server_name = is_dns_name(name) ? name : std::string{},
                       .ca_file = options.ca_file,
                       .insecure = options.insecure};
  std::string problem;
  auto* session = (*api)->create(setup, problem);
  if (!session) return failed(NetError::Kind::usage, "TLS cannot be used: " + problem + ".");

  // Owned before anything else can fail.
  std::unique_ptr<TlsSession, void (*)(TlsSession*)> owned{session, (*api)->destroy};
  auto wire = open_tcp(options, clock);
  if (!wire) return wire;
  auto stream = std::make_unique<TlsStream>(**api, owned.release(), std::move(*wire));
  const auto deadline = clock.now() + options.timeout;
  if (auto done = stream->handshake(deadline); !done) return std::unexpected{done.error()};
  if (auto good = stream->check_certificate(name, options.insecure); !good) {
    return std::unexpected{good.error()};
  }
  return stream;
}

}  // namespace sipauth::net
