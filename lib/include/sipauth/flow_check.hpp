// What a passive check is. The rows stand in flow_checks.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sipauth {

/// The worst first.
enum class FlowVerdict : std::uint8_t { fail, warn, info, pass, skip };

/// A row. Examples are traces, one message a line:
///
///   0.0 > REGISTER cseq=1                      seconds, direction (`>` from the phone), method
///   0.1 < 401 nonce=n1                         or status; blanks part what follows
///   0.2 > REGISTER cseq=2 nonce=n1 nc=1
///
/// A request with a nonce carries Digest credentials; 401 and 407 carry a challenge unless told
/// `bare`. The words are those of the headers: cseq, branch, call, tag, user, aor, nonce, response,
/// nc, cnonce, qop, algorithm, realm, stale, header, agent, from (the phone's address), to (the
/// server's), totag.
struct FlowCheck {
  std::string_view id;
  std::string_view title;
  std::string_view right;
  std::string_view failing;
  std::string_view harm;
  std::array<std::string_view, 3> references = {};
  std::string_view fault;  ///< whose: `phone`, `server`, `either`
  FlowVerdict worst = FlowVerdict::fail;
  bool needs_accounts = false;
  std::string_view passes_on;
  std::string_view fails_on;
};

}  // namespace sipauth
