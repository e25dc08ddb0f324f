// The usual mistakes in a digest, as data: what is other, how it is told, and which values it may
// have taken.
#pragma once

#include <span>
#include <string_view>

#include "sipauth/explain.hpp"

namespace sipauth::explain {

/// What was perhaps hashed instead.
struct Candidate {
  DigestInput input;
  bool binary_session = false;  ///< -sess over the bytes of the inner hash, not its hex digits
};

/// Takes the candidates of a cause, one after another. All views live until `take` returns.
class Sink {
 public:
  /// `told` is what may be shown of the other value.
  virtual void take(const Candidate& candidate, std::string_view told) = 0;

 protected:
  ~Sink() = default;
};

struct Cause {
  std::string_view id;
  std::string_view field;     ///< the DigestInput member it changes
  std::string_view sentence;  ///< `{}` stands for the other value
  bool in_pairs = false;      ///< seen so often that it is tried together with another one
  void (*vary)(const Candidate& candidate, const ExplainContext& context, Sink& sink) = nullptr;
};

/// The most usual first.
[[nodiscard]] std::span<const Cause> causes() noexcept;

}  // namespace sipauth::explain
