// The nonces that were issued, and what has become of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "net/clock.hpp"
#include "registrar/bounded_map.hpp"
#include "registrar/nonce_format.hpp"
#include "registrar/profile.hpp"
#include "sip/random.hpp"

namespace sipauth::registrar {

/// When, and for what: the parts that a nonce may be bound to.
struct NonceContext {
  net::Instant now{0};
  net::WallTime wall{};
  std::string_view source_address = {};
  std::string_view call_id = {};
  std::string_view request_uri = {};
  std::string_view from_user = {};
  std::string_view to_user = {};
};

struct IssuedNonce {
  net::Instant issued{0};
  std::optional<net::Instant> ends;  ///< of a sliding lifetime, once it was begun again
  std::string bound_to;
  bool used = false;
  bool came_with_stale = false;
  std::uint32_t highest_count = 0;
  std::string cnonce;             ///< of its first use, where rules ask for it
  std::uint64_t seen_counts = 0;  ///< bit i: highest_count - i was seen
};

enum class NonceState : std::uint8_t { fresh, expired, used, foreign };

struct FoundNonce {
  NonceState state = NonceState::foreign;
  IssuedNonce* entry = nullptr;  ///< valid until the next issue() or find()
};

class NonceBook {
 public:
  /// A probe asks for some hundred nonces, a flood for any number: the oldest are forgotten, which
  /// makes them foreign, or expired where their own text still says that they were ours. With the
  /// longest padding this is 32 MiB.
  static constexpr std::size_t capacity = 4096;

  NonceBook(const NonceRules& rules, sip::Random& random);

  /// `make`, when given, is asked for the text of a new nonce first; it may have none.
  [[nodiscard]] std::string issue(const NonceContext& context, bool with_stale,
                                  const std::function<std::optional<std::string>()>& make = {});
  [[nodiscard]] FoundNonce find(std::string_view nonce, const NonceContext& context);

 private:
  [[nodiscard]] NonceSource source(const NonceContext& context, std::string_view bound_to);
  [[nodiscard]] std::string bound_text(const NonceContext& context) const;
  [[nodiscard]] std::string decorated(std::string nonce) const;
  [[nodiscard]] std::optional<std::string_view> undecorated(std::string_view nonce) const;
  [[nodiscard]] bool is_off_the_clock(const NonceReading& reading,
                                      const NonceContext& context) const;
  [[nodiscard]] bool is_expired(const NonceReading& reading, const IssuedNonce* entry,
                                const NonceContext& context) const;

  const NonceRules& rules_;
  sip::Random& random_;
  std::string secret_;
  std::uint32_t serial_;
  std::optional<Seconds> began_;  // at the first request
  std::string last_;
  net::Instant last_issued_{0};
  BoundedMap<IssuedNonce> entries_{capacity};
};

/// May this nc be used with the nonce now? Remembers it when it may.
[[nodiscard]] bool take_count(const CountRules& rules, IssuedNonce& nonce, std::uint32_t count);

}  // namespace sipauth::registrar
