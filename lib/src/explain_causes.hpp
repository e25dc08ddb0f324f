// The usual mistakes in a digest, as data: what is other, how it is told, what it means, and which
// values it may have taken.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "explain_candidate.hpp"
#include "sipauth/explain.hpp"

namespace sipauth::explain {

/// Takes the candidates of a cause, one after another. All views live until `take` returns.
class Sink {
 public:
  /// `told` is what may be shown of the other value.
  virtual void take(const Candidate& candidate, std::string_view told) = 0;

 protected:
  ~Sink() = default;
};

enum class Rank : std::uint8_t { usual, seen, rare };

/// May it be true beside another cause of the same field?
enum class Composes : bool { no, yes };

struct Cause {
  std::string_view id;
  std::string_view field;     ///< the DigestInput member it changes
  std::string_view sentence;  ///< `{}` stands for the other value, `{given}` for the given one
  std::string_view meaning;
  Rank rank = Rank::seen;
  Composes composes = Composes::no;
  /// Gives every other value that `candidate` may have had; those that do not differ, or are none
  /// in the present case, are left out.
  void (*vary)(const Candidate& candidate, const ExplainContext& context, Sink& sink) = nullptr;
};

[[nodiscard]] std::span<const Cause> method_causes() noexcept;
[[nodiscard]] std::span<const Cause> uri_causes() noexcept;
[[nodiscard]] std::span<const Cause> address_causes() noexcept;
[[nodiscard]] std::span<const Cause> user_causes() noexcept;
[[nodiscard]] std::span<const Cause> realm_causes() noexcept;
[[nodiscard]] std::span<const Cause> password_causes() noexcept;
[[nodiscard]] std::span<const Cause> nonce_causes() noexcept;
[[nodiscard]] std::span<const Cause> formula_causes() noexcept;

/// The tables, in the order in which equals are told.
[[nodiscard]] inline std::array<std::span<const Cause>, 8> cause_tables() noexcept {
  return {method_causes(), uri_causes(),      user_causes(),  formula_causes(),
          realm_causes(),  password_causes(), nonce_causes(), address_causes()};
}

}  // namespace sipauth::explain
