// A message that troubled a peer, kept so that it can be read, mailed and sent again.
//
//   sipauth replay 1
//   peer: server
//   kind: crash
//   case: 812
//   mutation: quote-unbalanced
//   ----
//   REGISTER sip:example.com SIP/2.0
//   ...
//
// Behind the dashes stands the message, byte for byte, but for its placeholders
// (fuzzing/placeholders.hpp): the digest, the nonce and whatever else has to be fresh is put in
// when it is sent, so a file holds nothing that a password could be guessed from.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sipauth::fuzzing {

struct ReplayFile {
  std::string peer = {};  ///< `server` or `client`: who receives it
  std::string kind = {};  ///< of the finding
  std::uint64_t case_number = 0;
  std::string mutation = {};
  std::string message = {};  ///< with placeholders
};

/// A file may be longer than the longest message by its placeholders and its first lines.
inline constexpr std::size_t most_replay_bytes = 1U << 20U;

[[nodiscard]] std::string write_replay(const ReplayFile& file);

/// The error is a phrase that says what is wrong with it.
[[nodiscard]] std::expected<ReplayFile, std::string> read_replay(std::string_view text);

}  // namespace sipauth::fuzzing
