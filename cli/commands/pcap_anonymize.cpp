#include "commands/pcap_anonymize.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string_view>

#include "commands/pcap_input.hpp"
#include "results/anonymize.hpp"
#include "results/escape.hpp"
#include "results/pcapng.hpp"

namespace sipauth::commands {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// One unmasked frame (RFC 6455 5.2): a reader finds the message without a handshake.
std::string in_websocket(std::string_view message) {
  constexpr char final_text = '\x81';
  constexpr std::size_t short_length = 125;
  std::string frame{final_text};
  if (message.size() <= short_length) {
    frame += static_cast<char>(message.size());
  } else {
    frame += '\x7e';
    frame += static_cast<char>(message.size() >> 8U & 0xffU);
    frame += static_cast<char>(message.size() & 0xffU);
  }
  return frame.append(message);
}

sip::RecordedMessage packet_of(const FlowMessage& message, std::string text,
                               results::Anonymizer& anonymizer) {
  // Between the same two ends the same one is ours, whichever way a message goes.
  const bool out = message.source <= message.destination;
  const auto source = anonymizer.endpoint(message.source.empty() ? "0.0.0.1:5060" : message.source);
  const auto destination =
      anonymizer.endpoint(message.destination.empty() ? "0.0.0.2:5060" : message.destination);
  const bool is_datagram = message.transport == "udp" || message.transport.empty();
  return {.wall = net::WallTime{std::chrono::duration_cast<net::WallTime::duration>(
              std::chrono::nanoseconds{message.time})},
          .direction = out ? sip::Direction::out : sip::Direction::in,
          .transport = is_datagram ? "udp" : "tcp",
          .local = out ? source : destination,
          .remote = out ? destination : source,
          .bytes = message.transport == "ws" ? in_websocket(text) : std::move(text)};
}

}  // namespace

std::expected<std::string, std::string> write_anonymized(const std::string& from,
                                                         const std::string& to,
                                                         std::span<const FlowAccount> accounts) {
  if (from == "-") return std::unexpected{"--anonymize reads FILE twice: it cannot be -."};
  const std::unique_ptr<std::FILE, CloseFile> file{std::fopen(to.c_str(), "wxe")};
  if (!file) {
    return std::unexpected{
        fmt::format("Cannot make {}: {}.", results::for_terminal(to), std::strerror(errno))};
  }
  std::random_device device;
  results::Anonymizer anonymizer{std::uint64_t{device()} << 32U | device(), accounts};
  results::Pcapng pcapng{true};
  const auto write = [&](std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  };
  bool written = write(results::Pcapng::beginning());
  std::uint64_t kept = 0;
  std::uint64_t left_out = 0;
  const auto read = read_messages(from, [&](const FlowMessage& message) {
    auto text = anonymizer.message(message.text);
    if (text.empty()) {
      ++left_out;
      return;
    }
    ++kept;
    written = written && write(pcapng.packets(packet_of(message, std::move(text), anonymizer)));
  });
  if (!read) return std::unexpected{read.error()};
  if (!written || std::fflush(file.get()) != 0) {
    return std::unexpected{
        fmt::format("Cannot write {}: {}.", results::for_terminal(to), std::strerror(errno))};
  }
  return fmt::format(
      "{} holds {} messages without users, domains, addresses, bodies and secrets; other packets{} "
      "were left out. Digests that were right are those of the password \"{}\" now. Look through "
      "it before you mail it.",
      results::for_terminal(to), kept,
      left_out > 0 ? fmt::format(" and {} unreadable messages", left_out) : "",
      results::Anonymizer::password);
}

}  // namespace sipauth::commands
