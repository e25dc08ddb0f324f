#include <fmt/core.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include "net/byte_stream.hpp"
#include "net/resolve.hpp"
#include "net/socket_error.hpp"
#include "net/wait.hpp"

namespace sipauth::net {
namespace {

using asio::ip::tcp;

class TcpStream final : public ByteStream {
 public:
  explicit TcpStream(const Clock& clock) : clock_{clock} {}

  std::expected<void, NetError> connect(const tcp::endpoint& peer,
                                        const std::optional<asio::ip::address>& source,
                                        Instant deadline);

  std::expected<bool, NetError> read(std::string& into, Instant deadline) override;
  std::expected<void, NetError> write(std::string_view bytes, Instant deadline) override;
  std::string local() const override { return local_; }
  std::string remote() const override { return remote_; }

 private:
  std::unexpected<NetError> failed(const std::error_code& code) const {
    return std::unexpected{socket_error(code, "tcp " + remote_)};
  }

  const Clock& clock_;
  asio::io_context context_;
  tcp::socket socket_{context_};
  Readiness readable_{asio::socket_base::wait_read};
  Readiness writable_{asio::socket_base::wait_write};
  std::string local_;
  std::string remote_;
  std::array<char, 16'384> chunk_;
};

bool stopped() { return stop_requested.load(std::memory_order_relaxed); }

std::expected<void, NetError> TcpStream::connect(const tcp::endpoint& peer,
                                                 const std::optional<asio::ip::address>& source,
                                                 Instant deadline) {
  remote_ = endpoint_text(peer.address(), peer.port());
  std::error_code code;
  socket_.open(peer.protocol(), code);
  if (!code && source) socket_.bind({*source, 0}, code);
  if (code) return failed(code);

  code = asio::error::in_progress;
  socket_.async_connect(peer, [&code](const std::error_code& result) { code = result; });
  while (code == asio::error::in_progress) {
    const auto left = deadline - clock_.now();
    if (stopped() || left <= Duration{0}) {
      std::error_code ignored;
      socket_.close(ignored);
      while (code == asio::error::in_progress) context_.run_one();  // the handler refers to `code`
      if (stopped()) return std::unexpected{interrupted_error()};
      return failed(asio::error::timed_out);
    }
    context_.restart();
    context_.run_one_for(std::min(left, longest_slice));
  }
  if (!code) socket_.non_blocking(true, code);
  if (code) return failed(code);

  std::error_code ignored;
  socket_.set_option(tcp::no_delay{true}, ignored);
  const auto local = socket_.local_endpoint(code);
  if (code) return failed(code);
  local_ = endpoint_text(local.address(), local.port());
  return {};
}

std::expected<bool, NetError> TcpStream::read(std::string& into, Instant deadline) {
  while (!stopped()) {
    std::error_code code;
    const auto size = socket_.read_some(asio::buffer(chunk_), code);
    if (size > 0) {
      into.append(chunk_.data(), size);
      return true;
    }
    if (code && code != asio::error::would_block) return failed(code);

    const auto left = deadline - clock_.now();
    if (left <= Duration{0}) return false;
    readable_.wait(context_, socket_, left);
  }
  return std::unexpected{interrupted_error()};
}

std::expected<void, NetError> TcpStream::write(std::string_view bytes, Instant deadline) {
  while (!bytes.empty()) {
    if (stopped()) return std::unexpected{interrupted_error()};
    std::error_code code;
    bytes.remove_prefix(socket_.write_some(asio::buffer(bytes), code));
    if (code && code != asio::error::would_block) return failed(code);
    if (bytes.empty()) break;

    const auto left = deadline - clock_.now();
    if (left <= Duration{0}) {
      return std::unexpected{
          NetError{NetError::Kind::timeout,
                   fmt::format("The peer at tcp {} does not read what it is sent.", remote_)}};
    }
    writable_.wait(context_, socket_, left);
  }
  return {};
}

}  // namespace

std::expected<std::unique_ptr<ByteStream>, NetError> open_tcp(const ConnectOptions& options,
                                                              const Clock& clock) {
  const auto addresses = resolve(options);
  if (!addresses) return std::unexpected{addresses.error()};
  const auto source = source_address(options);
  if (!source) return std::unexpected{source.error()};

  // Each address gets its share of the time, so that one that swallows packets leaves some for the
  // next. The first error tells most: later addresses are often of a family that is not there.
  const auto end = clock.now() + options.timeout;
  std::optional<NetError> first;
  auto untried = static_cast<Duration::rep>(addresses->size());
  for (const auto& address : *addresses) {
    const auto now = clock.now();
    auto stream = std::make_unique<TcpStream>(clock);
    const auto connected =
        stream->connect({address, options.port}, *source, now + (end - now) / untried--);
    if (connected) return stream;
    if (connected.error().kind == NetError::Kind::interrupted) {
      return std::unexpected{connected.error()};
    }
    if (!first) first = connected.error();
  }
  return std::unexpected{std::move(*first)};
}

}  // namespace sipauth::net
