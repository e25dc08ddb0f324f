#include "fuzz/capture_targets.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "capture/decoder.hpp"
#include "capture/sip_stream.hpp"
#include "capture/walker.hpp"
#include "fuzz/oracle.hpp"
#include "sipauth/address.hpp"
#include "sipauth/flow.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

using capture::CaptureWalker;

struct WalkedPacket {
  std::uint64_t number = 0;
  std::int64_t time = 0;
  std::uint32_t link_type = 0;
  std::string bytes = {};
  friend bool operator==(const WalkedPacket&, const WalkedPacket&) = default;
};

struct Walk {
  std::vector<WalkedPacket> packets = {};
  std::string damage = {};
  std::size_t consumed = 0;
  friend bool operator==(const Walk&, const Walk&) = default;
};

// The file arrives in pieces, of which only the size differs from walk to walk: how much had
// arrived when damage was seen differs with it, and is no fact about the file.
Walk walk(std::string_view input, std::size_t piece) {
  Walk result;
  CaptureWalker walker;
  std::size_t arrived = 0;
  while (true) {
    const auto buffer = input.substr(result.consumed, arrived - result.consumed);
    const auto step = walker.next(buffer);
    using enum CaptureWalker::Step::Kind;
    require(step.consumed <= buffer.size(), "no more is consumed than there is");
    if (step.kind == damaged) {
      require(!walker.damage().empty(), "damage has a reason");
      result.damage = walker.damage();
      break;
    }
    if (step.kind == more) {
      require(step.consumed == 0 && step.needed > buffer.size(), "more is asked for");
      if (arrived == input.size()) break;
      arrived += std::min(piece, input.size() - arrived);
      continue;
    }
    require(step.consumed > 0, "a step goes on");
    if (step.kind == packet) {
      require(lies_in(step.packet.bytes, buffer), "a packet lies in the buffer");
      require(step.packet.original_size >= step.packet.bytes.size(), "a packet is not longer");
      result.packets.push_back({step.packet.number, step.packet.time, step.packet.link_type,
                                std::string{step.packet.bytes}});
    }
    result.consumed += step.consumed;
  }
  return result;
}

// `has_frames`: a message came in a WebSocket frame.
std::vector<std::string> stream_of(std::string_view input, std::size_t piece, bool& has_frames) {
  std::vector<std::string> messages;
  capture::SipStream stream{true};
  for (std::size_t at = 0; at < input.size(); at += piece) {
    stream.feed(input.substr(at, piece), [&](std::string_view text, bool is_in_frame) {
      require(capture::begins_message(text), "what was found begins as a message");
      has_frames = has_frames || is_in_frame;
      messages.emplace_back(text);
    });
  }
  return messages;
}

// Whose digests can be verified: with a password, and with an HA1 of `bob:example.com:secret`.
std::vector<FlowAccount> accounts() {
  std::vector<FlowAccount> known;
  known.push_back({.user = "alice", .secret = Secret{"secret"}});
  known.push_back({.user = "bob",
                   .realm = "example.com",
                   .secret = Secret{"2664cba6663a734ef3a6fefc0c0d0821"},
                   .is_ha1 = true});
  return known;
}

// When a message was seen: at the second of its Timestamp (RFC 3261 20.38), or a moment behind the
// one in front.
std::int64_t time_of(const Message& message, std::int64_t before) {
  constexpr std::int64_t begin = 1'700'000'000'000'000'000;
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::int64_t apart = second / 10;
  constexpr std::uint32_t most = 1'000'000'000;
  const auto* const timestamp = message.find("Timestamp");
  const auto told = timestamp ? number(timestamp->value, most) : std::nullopt;
  const auto time = told ? begin + *told * second : begin;
  return std::max(time, before + apart);
}

// The phone is where the topmost Via says.
std::string phone_of(const Message& message) {
  Diagnostics unused;
  const auto via = Via::parse(message.value(HeaderId::via), unused);
  if (!via || via->host.empty()) return "10.0.0.5:5060";
  return std::string{via->host}.append(":").append(std::to_string(via->port.value_or(5060)));
}

FlowReport report_on(const std::vector<std::string>& messages,
                     std::span<const FlowAccount> accounts, const FlowLimits& limits) {
  FlowAnalysis analysis{accounts, limits};
  const std::string server = "10.0.0.1:5060";
  std::int64_t time = 0;
  std::uint64_t number = 0;
  for (const auto& text : messages) {
    FlowMessage seen{.number = ++number, .time = time, .text = text};
    std::string phone;
    Diagnostics unused;
    if (const auto message = Message::parse(text, unused)) {
      phone = phone_of(*message);
      seen.time = time = time_of(*message, time);
      seen.source = message->is_request() ? phone : server;
      seen.destination = message->is_request() ? server : phone;
    }
    analysis.add(seen);
  }
  return analysis.finish();
}

void require_sound(const FlowReport& report, const FlowLimits& limits, std::size_t messages) {
  require(report.messages + report.unreadable == messages, "every message is counted");
  require(report.attempts.size() <= limits.attempts, "attempts are bounded");
  require(report.rows.size() == flow_checks.size(), "every check has a row");
  for (const auto& row : report.rows) {
    require(row.found >= row.findings.size(), "all findings are counted");
    require(std::ranges::is_sorted(row.findings, {}, &FlowFinding::verdict), "the worst is first");
    for (const auto& finding : row.findings) {
      require(!finding.text.empty() && !finding.fault.empty(), "a finding says what and whose");
    }
  }
  for (const auto& attempt : report.attempts) {
    require(attempt.steps.size() <= limits.steps, "a ladder is bounded");
    require(attempt.begin <= attempt.end, "an attempt ends behind its beginning");
    require(!outcome_name(attempt.outcome).empty(), "an attempt has an outcome");
  }
}

}  // namespace

void pcapng(std::string_view input) {
  const auto at_once = walk(input, std::max<std::size_t>(input.size(), 1));
  require(walk(input, 7) == at_once, "pieces of seven give what all at once gives");
  if (input.size() < 4096) require(walk(input, 1) == at_once, "so does byte by byte");
  std::uint64_t found = 0;
  capture::Decoder decoder{[&](const capture::CapturedMessage& message) {
    require(capture::begins_message(message.text), "what was found begins as a message");
    ++found;
  }};
  for (const auto& packet : at_once.packets) {
    decoder.add({.number = packet.number,
                 .time = packet.time,
                 .link_type = packet.link_type,
                 .original_size = static_cast<std::uint32_t>(packet.bytes.size()),
                 .bytes = packet.bytes});
  }
  decoder.finish();
  const auto counts = decoder.counts();
  require(counts.packets == at_once.packets.size(), "every packet is counted");
  require(counts.messages == found, "every message is counted");
}

void flow(std::string_view input) {
  bool has_frames = false;
  const auto messages = stream_of(input, std::max<std::size_t>(input.size(), 1), has_frames);
  // Explaining a digest that is wrong takes thousands of others.
  constexpr std::size_t most_verified = 64;
  const bool verifies = is_due_for_costly_claims(input) && messages.size() <= most_verified;
  const auto known = verifies ? accounts() : std::vector<FlowAccount>{};
  const FlowLimits usual;
  const auto report = report_on(messages, known, usual);
  require_sound(report, usual, messages.size());
  require(verifies || report.verified == 0, "nothing is verified without an account");
  if (!is_due_for_costly_claims(input)) return;
  // Without a handshake in front, a frame is looked for where a piece begins.
  const auto in_pieces = stream_of(input, 7, has_frames);
  require(has_frames || in_pieces == messages, "a stream in pieces gives the same messages");
  const FlowLimits tight{
      .flows = 2, .nonces = 2, .identities = 2, .servers = 1, .attempts = 3, .steps = 2};
  require_sound(report_on(messages, {}, tight), tight, messages.size());
}

}  // namespace sipauth::fuzz
