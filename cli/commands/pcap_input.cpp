#include "commands/pcap_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "capture/capture_reader.hpp"
#include "capture/decoder.hpp"
#include "capture/walker.hpp"
#include "commands/input.hpp"
#include "commands/trace_endpoints.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"
#include "sipauth/trace.hpp"
#include "sipauth/trace_times.hpp"

namespace sipauth::commands {
namespace {

using capture::CaptureCounts;
using capture::ReadFacts;

std::string times_text(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::vector<std::string> warnings_of(const ReadFacts& read, const CaptureCounts& counts) {
  std::vector<std::string> list;
  const auto add = [&](bool applies, std::string sentence) {
    if (applies) list.push_back(std::move(sentence));
  };
  const auto& streams = counts.streams;
  add(!read.damage.empty(),
      fmt::format("The capture is damaged behind byte {}: {}. All before it was read.", read.bytes,
                  read.damage));
  add(read.bad_packets > 0, times_text(read.bad_packets, "packet contradicts itself and was",
                                       "packets contradict themselves "
                                       "and were") +
                                " left out.");
  add(counts.bad > 0, times_text(counts.bad, "packet has", "packets have") +
                          " headers that are cut or contradict themselves.");
  add(counts.unknown_link > 0,
      fmt::format("{} of link types that are not read: {}.",
                  times_text(counts.unknown_link, "packet is", "packets are"),
                  fmt::join(counts.unknown_link_types, ", ")));
  add(counts.cut > 0,
      times_text(counts.cut, "message was", "messages were") +
          " cut by the capture's snapshot length: capture again with tcpdump -s 0.");
  add(counts.incomplete_fragments > 0,
      times_text(counts.incomplete_fragments, "IP packet is", "IP packets are") +
          " not whole: fragments are missing.");
  add(streams.gaps > 0, times_text(streams.gaps, "gap", "gaps") +
                            " in TCP connections: segments are not in the capture; reading went "
                            "on at the next message.");
  add(streams.unreadable > 0,
      times_text(streams.unreadable, "message", "messages") +
          " on TCP could not be read to the end (no Content-Length, or not whole).");
  add(streams.evicted > 0,
      times_text(streams.evicted, "TCP connection was", "TCP connections were") +
          " given up with data in hand, being silent longest, for want of room.");
  add(streams.compressed > 0, times_text(streams.compressed, "WebSocket message is",
                                         "WebSocket "
                                         "messages are") +
                                  " compressed (permessage-deflate) and not read.");
  add(counts.hep_compressed > 0,
      times_text(counts.hep_compressed, "HEP packet is", "HEP packets are") +
          " compressed and not read.");
  add(counts.hep_broken > 0, times_text(counts.hep_broken, "HEP packet is", "HEP packets are") +
                                 " cut or contradict themselves, and not read.");
  add(streams.tls > 0,
      fmt::format("{} encrypted (TLS) and not read.{}",
                  times_text(streams.tls, "direction of a connection is",
                             "directions of connections "
                             "are"),
                  read.has_tls_keys ? " The capture holds TLS keys: tshark can decrypt it."
                                    : " Capture at a server that speaks plain SIP, or log there."));
  return list;
}

std::expected<SeenFacts, std::string> read_packets(
    const capture::InputFile& file, std::string_view beginning,
    const std::function<void(const FlowMessage&)>& visit) {
  SeenFacts facts;
  std::optional<std::int64_t> first;
  capture::Decoder decoder{[&](const capture::CapturedMessage& message) {
    const auto source = message.source.text();
    const auto destination = message.destination.text();
    visit({.number = message.packet,
           .time = message.time,
           .source = source,
           .destination = destination,
           .transport = capture::carrier_name(message.carrier),
           .text = message.text});
  }};
  const auto read = capture::read_capture(file, beginning, [&](const capture::Packet& packet) {
    if (!first) facts.first = facts.last = *(first = packet.time);
    facts.first = std::min(facts.first, packet.time);
    facts.last = std::max(facts.last, packet.time);
    decoder.add(packet);
  });
  if (!read) return std::unexpected{read.error()};
  decoder.finish();
  const auto counts = decoder.counts();
  facts.counts = {{"packets", counts.packets},
                  {"messages", counts.messages},
                  {"packets joined from fragments", counts.joined},
                  {"messages in HEP", counts.hep},
                  {"duplicates left out", counts.duplicates}};
  facts.warnings = warnings_of(*read, counts);
  return facts;
}

// A text longer than this is a log of days: cut it first.
constexpr std::size_t longest_text = 256U << 20U;

std::expected<std::string, std::string> read_text(const capture::InputFile& file,
                                                  std::string text) {
  constexpr std::size_t chunk = 1U << 20U;
  while (text.size() <= longest_text) {
    const auto filled = text.size();
    text.resize(filled + chunk);
    const auto got = file.read(text.data() + filled, chunk);
    if (!got) return std::unexpected{got.error()};
    text.resize(filled + *got);
    if (*got == 0) return text;
  }
  return std::unexpected{
      fmt::format("{} is a text of more than {} MiB.", file.name(), longest_text >> 20U)};
}

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

// Without what shows where its bytes stood, which nobody asks for here.
std::vector<TracedMessage> messages_of(std::string_view text, std::uint64_t& fragments) {
  std::vector<TracedMessage> messages;
  TraceReader reader{text};
  while (auto message = reader.next()) {
    if (message->is_fragment) {
      ++fragments;
      continue;
    }
    message->runs = {};
    messages.push_back(std::move(*message));
  }
  return messages;
}

FlowClock clock_of(const TraceTimes& times) {
  if (times.known != TimesKnown::calendar) return FlowClock::any;
  return times.zone ? FlowClock::utc : FlowClock::local;
}

std::vector<std::string> notes_of(const TraceTimes& times) {
  std::vector<std::string> notes;
  if (times.is_newest_first) {
    notes.emplace_back(
        "The newest message stands at the top: the text was read from its end, and messages are "
        "numbered as they stand in it.");
  }
  if (times.guessed != TraceDateOrder::told) {
    notes.push_back(fmt::format(
        "Nothing in the text tells the day from the month in its dates: they were read as {}.",
        times.guessed == TraceDateOrder::day_first ? "day/month/year" : "month/day/year"));
  }
  return notes;
}

SeenFacts read_trace(std::string_view text, const std::function<void(const FlowMessage&)>& visit) {
  constexpr std::int64_t microsecond = 1000;
  std::uint64_t fragments = 0;
  const auto messages = messages_of(text, fragments);
  const auto times = read_times(messages);
  SeenFacts facts{
      .is_capture = false,
      .clock = {.known = times.known, .zone = times.zone, .has_fractions = times.has_fractions},
      .counts = {{"messages", messages.size()}, {"fragments of messages left out", fragments}},
      .warnings = notes_of(times)};
  std::uint64_t abridged = 0;
  std::uint64_t unwrapped = 0;
  std::uint64_t escaped = 0;
  const TraceEndpoints endpoints{messages};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto place = times.is_newest_first ? messages.size() - 1 - i : i;
    const auto& message = messages[place];
    const auto time = times.microseconds[place] * microsecond;
    facts.first = i == 0 ? time : std::min(facts.first, time);
    facts.last = i == 0 ? time : std::max(facts.last, time);
    abridged += message.is_abridged ? 1 : 0;
    unwrapped += message.is_unwrapped ? 1 : 0;
    escaped += message.escapes.empty() ? 0 : 1;
    const auto [source, destination] = endpoints.of(message);
    const auto transport = lower_case(message.transport);
    visit({.number = place + 1,
           .time = time,
           .source = source,
           .destination = destination,
           .transport = transport,
           .text = message.text,
           .clock = clock_of(times)});
  }
  if (abridged > 0) {
    facts.warnings.push_back(times_text(abridged, "message was", "messages were") +
                             " cut by whoever showed it: what is missing may have been there.");
  }
  if (unwrapped > 0) {
    facts.warnings.push_back(times_text(unwrapped, "message has", "messages have") +
                             " lines that were broken, as a copy does it: they were put together.");
  }
  if (escaped > 0) {
    facts.warnings.push_back(times_text(escaped, "message is", "messages are") +
                             " escaped, as in JSON, HTML or CSV: that was undone.");
  }
  return facts;
}

}  // namespace

std::expected<SeenFacts, std::string> read_messages(
    const std::string& file, const std::function<void(const FlowMessage&)>& visit) {
  const auto input = capture::InputFile::open(file);
  if (!input) return std::unexpected{results::sentence_for_terminal(input.error())};
  const auto beginning = capture::read_beginning(*input);
  if (!beginning) return std::unexpected{results::sentence_for_terminal(beginning.error())};
  const auto name = results::for_terminal(input->name());
  if (beginning->empty()) return std::unexpected{fmt::format("{} is empty.", name)};
  if (beginning->starts_with("\x1f\x8b")) {
    return std::unexpected{fmt::format("{0} is compressed: gunzip -c {0} | sipauth pcap -", name)};
  }
  if (auto error = utf16_error(name, *beginning)) return std::unexpected{*std::move(error)};
  if (capture::CaptureWalker::begins_capture(*beginning)) {
    return read_packets(*input, *beginning, visit);
  }
  const auto text = read_text(*input, *beginning);
  if (!text) return std::unexpected{results::sentence_for_terminal(text.error())};
  auto facts = read_trace(*text, visit);
  if (facts.counts.front().second > 0) return facts;
  return std::unexpected{fmt::format(
      "{} is neither pcap nor pcapng, and there is no SIP message in it as a text.", name)};
}

}  // namespace sipauth::commands
