// How nonces look: each format can make one and read one back.
//
// Some formats say when they were made and hold a MAC, so that a registrar needs no memory to know
// its own; the others mean something only to who keeps a list (nonce_book.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "registrar/profile.hpp"
#include "sip/random.hpp"

namespace sipauth::registrar {

/// Whole seconds of the calendar, as nonces carry them.
using Seconds = std::int64_t;

struct NonceSource {
  sip::Random& random;
  std::string_view secret;    ///< goes into every MAC; empty: there is none
  std::string_view bound_to;  ///< what the nonce is good for, as one text; may be empty
  Seconds now = 0;
  Seconds lifetime = 0;
  std::uint32_t serial = 0;  ///< counts the nonces, for formats that have an index
};

/// What a nonce says of itself.
struct NonceReading {
  std::string canonical;           ///< without what the format does not protect
  std::optional<Seconds> issued;   ///< of formats that carry a time
  std::optional<Seconds> expires;  ///< of formats that carry the end as well
  std::optional<bool> mac_right;   ///< nullopt: there is no MAC
};

[[nodiscard]] std::string make_nonce(NonceFormat format, const NonceSource& source);

/// nullopt when it cannot be a nonce of this format. `source.now`, `random` and `serial` are not
/// looked at.
[[nodiscard]] std::optional<NonceReading> read_nonce(NonceFormat format, std::string_view nonce,
                                                     const NonceSource& source);

[[nodiscard]] std::string encode_base64(std::string_view bytes);

/// Padding may be absent, and the bits behind the last whole byte may be anything: so do the
/// registrars whose nonces these are. Any other departure is nullopt.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace sipauth::registrar
