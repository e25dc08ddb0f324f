// SIP messages in a text that somebody pasted: a log, the window of a tracer, a mail.
//
//   2026/11/30 12:00:00.123456 10.0.0.1:5060 -> 10.0.0.2:5060
//   > REGISTER sip:example.com SIP/2.0.
//   > Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1.
//   > .
//
// gives `REGISTER sip:example.com SIP/2.0\r\nVia: ...\r\n\r\n` with its time and addresses. What
// stands round a line (log prefixes, quote marks, indents, dots and \r for line ends) is taken
// away, every line ends in CR LF, and each byte of the message still knows where it stood.
//
// Known are sngrep, Homer, ngrep, tcpdump -A and -X, Wireshark (trees, hex dumps, streams), the
// logs of Asterisk, Kamailio, OpenSIPS, FreeSWITCH, pjsip, sofia-sip, belle-sip, baresip, SIPp and
// Cisco IOS, syslog and journald round any of them; everything else by its start lines.
//
// A TraceReader needs the text it reads, alive and unmoved: views and offsets are of it. It
// allocates the message it returns and nothing else; its work is linear in the text, whatever the
// text is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

enum class TraceDirection : std::uint8_t {
  unknown,
  sent,      ///< by the program that wrote the trace
  received,  ///< by it
};

struct TraceAddress {
  std::string_view host = {};  ///< as written, without brackets; empty when the trace does not say
  std::uint16_t port = 0;      ///< 0 when the trace does not say

  friend bool operator==(const TraceAddress&, const TraceAddress&) = default;
};

/// How day and month stand in a date of numbers.
enum class TraceDateOrder : std::uint8_t {
  told,         ///< by the way the date is written: `2026-11-30`, `30.11.2026`, `Nov 30`
  day_first,    ///< `30/11/2026`: the other is no month
  month_first,  ///< `11/30/2026`
  either,       ///< `03/12/2026`: kept as if the day came first; trace_times.hpp decides
};

/// A point in time as far as the trace has it.
struct TraceMoment {
  std::int64_t microseconds = 0;  ///< since midnight
  std::int16_t year = 0;          ///< 0 where it is not written
  std::uint8_t month = 0;         ///< 0 where there is no date
  std::uint8_t day = 0;
  TraceDateOrder order = TraceDateOrder::told;
  bool has_fraction = false;
  bool has_half_day = false;              ///< AM or PM
  std::optional<std::int16_t> zone = {};  ///< minutes east of Greenwich, where it is written

  friend bool operator==(const TraceMoment&, const TraceMoment&) = default;
};

struct TracedMessage {
  /// The message as it went over the wire, as far as the trace tells: lines end in CR LF, headers
  /// in an empty line, added where the trace has none. No longer than limits::message_bytes.
  std::string text = {};
  /// Header rows without a start line; looked for in an input without any message.
  bool is_fragment = false;
  /// False where the empty line behind the headers was added.
  bool has_end_of_headers = false;
  /// Rows were cut by the tool that showed them (Wireshark's `[truncated]`) or left out by somebody
  /// (`...`): what is missing in the message may have been there.
  bool is_abridged = false;
  /// The input is this message and nothing else, with its CR LFs: text is the input as it was.
  bool is_verbatim = false;
  /// Nothing stands in front of its lines.
  bool is_bare = false;
  /// Rows that a window, a mail or a tracker had broken were put together.
  bool is_unwrapped = false;
  /// How it was escaped, which was undone: `JSON`, `HTML`, `CSV`; empty when it was not.
  std::string_view escapes = {};

  Span where = {};  ///< of all that was read for it, start line to last line, in the input
  TraceDirection direction = TraceDirection::unknown;
  std::string_view transport = {};  ///< in upper case: `UDP`; empty when the trace does not say
  /// Of `sent from A` and `received from B` one end only is known, of `A -> B` both.
  TraceAddress source = {};
  TraceAddress destination = {};
  std::string_view time = {};  ///< as written, with its date and zone if there are
  /// What `time` says; trace_times.hpp reads those of all messages together.
  std::optional<TraceMoment> moment = std::nullopt;

  /// Where bytes of `text` stood in the input. Several bytes that were one (`\"` in a JSON string)
  /// or one that was several (`0d` in a hex dump) share a place.
  [[nodiscard]] SIPAUTH_API Span in_input(Span of_text) const noexcept;

  /// A run of bytes of the text, and of the input: as long in both, or one byte of text for several
  /// of the input, or bytes that the input has not (CR of a line end) with length 0 there. Runs are
  /// in ascending order in both and cover `text`.
  struct Run {
    std::uint32_t offset = 0;  ///< in `text`
    Span input = {};
  };
  std::vector<Run> runs = {};
};

class TraceReader {
 public:
  /// At most 4 GiB are read.
  explicit SIPAUTH_API TraceReader(std::string_view input) noexcept;

  /// The next message or fragment; nullopt at the end. Throws std::bad_alloc only.
  [[nodiscard]] SIPAUTH_API std::optional<TracedMessage> next();

 private:
  std::string_view input_;
  std::size_t at_ = 0;
  bool found_ = false;      // a message, so that fragments are not looked for
  bool fragments_ = false;  // the second time through
};

}  // namespace sipauth
