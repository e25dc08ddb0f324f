#include "sipauth/explain.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto.hpp"
#include "explain_causes.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using explain::Candidate;
using explain::Cause;

// All causes alone and in pairs stay below this for real inputs; it bounds hostile ones.
constexpr std::size_t max_digests = 800;
// More than a person reads.
constexpr std::size_t max_explanations = 16;

using Bytes = std::array<unsigned char, crypto::max_digest_bytes>;

std::optional<std::size_t> bytes_of_hex(std::string_view hex, Bytes& bytes) {
  if (hex.size() % 2 != 0 || hex.size() > 2 * bytes.size()) return std::nullopt;
  const auto nibble = [](char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; };
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes[i / 2] = static_cast<unsigned char>(nibble(hex[i]) << 4 | nibble(hex[i + 1]));
  }
  return hex.size() / 2;
}

// -sess as the C sample of RFC 2617 5 computes it, and some stacks with it.
std::expected<DigestTrace, DigestError> compute_binary_session(DigestInput input) {
  const auto right = compute_digest(input);
  if (!right) return right;
  Bytes bytes;
  const auto length = bytes_of_hex(right->ha1_first.view(), bytes);
  if (!length) return std::unexpected{DigestError{DigestError::Kind::bad_ha1}};
  const std::string_view inner{reinterpret_cast<const char*>(bytes.data()), *length};
  const Hash hash = input.algorithm->hash;
  const auto ha1 =
      hash_hex(hash, std::to_array<std::string_view>({inner, ":", input.nonce, ":", input.cnonce}));
  wipe_memory(bytes.data(), bytes.size());
  if (!ha1) return std::unexpected{ha1.error()};

  // From here on the session's HA1 is used like a stored one.
  const auto plain = std::ranges::find_if(
      algorithms(), [hash](const Algorithm& row) { return row.hash == hash && !row.session; });
  input.algorithm = &*plain;
  input.ha1 = ha1->view();
  return compute_digest(input);
}

std::string sentence_of(const Cause& cause, std::string_view value) {
  const auto hole = cause.sentence.find("{}");
  std::string text{cause.sentence.substr(0, hole)};
  if (hole == std::string_view::npos) return text;
  text += value;
  return text += cause.sentence.substr(hole + 2);
}

Explanation explanation_of(const Cause& cause, std::string_view value) {
  return {.id = cause.id,
          .text = sentence_of(cause, value),
          .field = cause.field,
          .value = std::string{value}};
}

class Search {
 public:
  Search(const DigestInput& input, std::string_view expected, const ExplainContext& context)
      : start_{.input = input},
        expected_{expected},
        is_lower_{std::ranges::none_of(expected, [](char c) { return lower(c) != c; })},
        context_{context} {
    std::ranges::transform(expected_, expected_.begin(), lower);
  }

  std::vector<Explanation> run() && {
    if (!is_lower_ && reproduces(start_)) {
      found_.push_back({.id = "response-case",
                        .text = "The response is right but for its upper-case digits; many "
                                "registrars compare it byte by byte.",
                        .field = "response",
                        .value = expected_});
      return std::move(found_);
    }
    for (const auto& cause : explain::causes()) try_alone(cause);
    if (found_.empty()) try_pairs();
    return std::move(found_);
  }

 private:
  void try_alone(const Cause& cause) {
    Each each{[&](const Candidate& candidate, std::string_view told) {
      if (reproduces(candidate)) found(explanation_of(cause, told));
    }};
    cause.vary(start_, context_, each);
  }

  void try_pairs() {
    const auto causes = explain::causes();
    for (std::size_t i = 0; i < causes.size(); ++i) {
      if (!causes[i].in_pairs) continue;
      for (const auto& second : causes.subspan(i + 1)) {
        if (second.in_pairs) try_pair(causes[i], second);
      }
    }
  }

  void try_pair(const Cause& first, const Cause& second) {
    Each each{[&](const Candidate& between, std::string_view first_told) {
      Each inner{[&](const Candidate& candidate, std::string_view second_told) {
        if (!reproduces(candidate)) return;
        auto explanation = explanation_of(first, first_told);
        explanation.also.push_back(explanation_of(second, second_told));
        found(std::move(explanation));
      }};
      second.vary(between, context_, inner);
    }};
    first.vary(start_, context_, each);
  }

  bool reproduces(const Candidate& candidate) {
    if (digests_ == max_digests) return false;
    ++digests_;
    const auto trace = candidate.binary_session ? compute_binary_session(candidate.input)
                                                : compute_digest(candidate.input);
    return trace && equal_digests(trace->response.view(), expected_);
  }

  void found(Explanation explanation) {
    if (found_.size() < max_explanations) found_.push_back(std::move(explanation));
  }

  template <typename Take>
  class Each final : public explain::Sink {
   public:
    explicit Each(Take take) : take_{std::move(take)} {}
    void take(const Candidate& candidate, std::string_view told) override {
      take_(candidate, told);
    }

   private:
    Take take_;
  };

  Candidate start_;
  std::string expected_;
  bool is_lower_ = true;
  const ExplainContext& context_;
  std::vector<Explanation> found_;
  std::size_t digests_ = 0;
};

}  // namespace

std::vector<Explanation> explain_mismatch(const DigestInput& input, std::string_view expected,
                                          const ExplainContext& context) {
  return Search{input, expected, context}.run();
}

}  // namespace sipauth
