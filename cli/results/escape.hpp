// What a peer wrote, made harmless for the sink it goes to: one function per sink, here and nowhere
// else. `\xNN` is always one byte, `\u{NNNN}` always one code point.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sipauth::results {

/// For a terminal or a text file: C0 and C1 controls, DEL and broken UTF-8 become `\xNN`,
/// bidirectional overrides, isolates and other invisible format characters `\u{NNNN}`. One line in,
/// one line out: CR and LF are escaped too. A backslash of the peer is doubled, so that nothing
/// looks like an escape that is none.
[[nodiscard]] std::string for_terminal(std::string_view peer_text);

/// A sentence of ours that may quote a peer, or holds what for_terminal made of it: the same, but
/// backslashes stay as they are.
[[nodiscard]] std::string sentence_for_terminal(std::string_view sentence);

/// A whole message for -vv: the same per line, CR LF line ends shown as line ends. Behind a bare CR
/// or LF, which is shown as `\xNN`, a line ends too.
[[nodiscard]] std::string message_for_terminal(std::string_view message);

/// What is about to be written to a terminal that reads no UTF-8, where the second byte of a letter
/// may be a C1 control: bytes beyond ASCII become `\xNN`, all others stay.
[[nodiscard]] std::string ascii_only(std::string_view text);

/// For a JSON string: valid UTF-8 (broken bytes become U+FFFD), and DEL, C1 controls, bidirectional
/// overrides and other invisible characters as `\u{NNNN}` text, so that a terminal that shows the
/// document is not written on. C0 controls are left to the JSON writer, which must escape them.
[[nodiscard]] std::string for_json(std::string_view peer_text);

/// A message without what a thief could use to guess a password or to log in: the parameters
/// response, cnonce and rspauth wherever they stand, and all that follows a scheme other than
/// Digest in (Proxy-)Authorization, become `***`. Says whether anything was taken out.
[[nodiscard]] std::pair<std::string, bool> redact(std::string_view message);

/// A parameter whose value redact() takes out, in any case.
[[nodiscard]] bool is_secret_parameter(std::string_view name);

}  // namespace sipauth::results
