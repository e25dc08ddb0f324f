#include "sipauth/explain.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "explain_causes.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using explain::Candidate;
using explain::Cause;
using explain::Composes;
using explain::Hasher;
using explain::Rank;

// All causes alone and in pairs stay below these for real inputs; they bound hostile ones.
constexpr std::size_t max_digests = std::size_t{1} << 16U;
constexpr std::size_t max_bytes = std::size_t{1} << 26U;
// Copies that are kept of values; one change of a long value is one more.
constexpr std::size_t max_kept_bytes = std::size_t{1} << 24U;
// Of each list of the context.
constexpr std::size_t max_others = 8;
// More than a person reads.
constexpr std::size_t max_explanations = 16;

using Text = std::string_view DigestInput::*;

// The usual first, whatever their table.
template <typename Visit>
void for_each_cause(Visit visit) {
  for (const auto rank : {Rank::usual, Rank::seen, Rank::rare}) {
    for (const auto table : explain::cause_tables()) {
      for (const auto& cause : table) {
        if (cause.rank == rank) visit(cause);
      }
    }
  }
}

std::string_view given_value(const Candidate& start, std::string_view field) {
  const auto& input = start.input;
  constexpr auto members =
      std::to_array<std::pair<std::string_view, Text>>({{"method", &DigestInput::method},
                                                        {"uri", &DigestInput::uri},
                                                        {"username", &DigestInput::username},
                                                        {"realm", &DigestInput::realm},
                                                        {"nonce", &DigestInput::nonce},
                                                        {"nc", &DigestInput::nc},
                                                        {"cnonce", &DigestInput::cnonce}});
  for (const auto& [name, member] : members) {
    if (name == field) return input.*member;
  }
  return field == "algorithm" ? input.algorithm->name : std::string_view{};
}

std::string sentence_of(const Cause& cause, std::string_view value, std::string_view given) {
  std::string text;
  auto rest = cause.sentence;
  for (;;) {
    const auto open = rest.find('{');
    text += rest.substr(0, open);
    if (open == std::string_view::npos) return text;
    const auto close = rest.find('}', open);
    text += close == open + 1 ? value : given;
    rest.remove_prefix(close + 1);
  }
}

// One other value of one field, and what went into the hash of it.
struct Change {
  const Cause* cause = nullptr;
  Candidate candidate = {};
  std::string_view told = {};
  std::optional<HexDigest> ha1 = {};
  std::optional<HexDigest> ha2 = {};
};

// Owns what candidates point to. The copies are wiped, for there are passwords among them.
class Keeper {
 public:
  Keeper() = default;
  ~Keeper() {
    for (auto& text : texts_) wipe_memory(text.data(), text.size());
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  std::string_view keep(std::string_view text) {
    bytes_ += text.size();
    return texts_.emplace_back(text);
  }

  /// `candidate` with copies of all that differs from `start`.
  Candidate keep(const Candidate& candidate, const Candidate& start) {
    Candidate kept = candidate;
    for (const auto member :
         {&DigestInput::username, &DigestInput::realm, &DigestInput::password, &DigestInput::ha1,
          &DigestInput::method, &DigestInput::uri, &DigestInput::nonce, &DigestInput::nc,
          &DigestInput::cnonce, &DigestInput::body}) {
      const auto value = candidate.input.*member;
      if (value.data() == (start.input.*member).data() &&
          value.size() == (start.input.*member).size()) {
        continue;
      }
      kept.input.*member = keep(value);
    }
    for (const auto member :
         {&Candidate::qop_text, &Candidate::session_nonce, &Candidate::session_cnonce}) {
      if (candidate.*member) kept.*member = keep(*(candidate.*member));
    }
    return kept;
  }

  bool is_full() const { return bytes_ > max_kept_bytes; }

 private:
  std::deque<std::string> texts_;
  std::size_t bytes_ = 0;
};

class Search {
 public:
  Search(const DigestInput& input, std::string_view expected, const ExplainContext& context)
      : start_{.candidate = {.input = input}}, expected_{expected}, context_{context} {
    auto& algorithm = start_.candidate.input.algorithm;
    if (algorithm == nullptr) algorithm = find_algorithm("");
    std::ranges::transform(expected_, expected_.begin(), lower);
    for (auto* list : {&context_.realms, &context_.nonces, &context_.cnonces}) {
      *list = list->first(std::min(list->size(), max_others));
    }
  }

  ExplanationSearch run(bool is_lower) && {
    hash(start_);
    if (reproduces(start_.candidate, start_.ha1, start_.ha2)) {
      if (!is_lower) result_.explanations.push_back(upper_case(expected_));
      return std::move(result_);
    }
    collect();
    try_alone();
    if (result_.explanations.empty()) try_pairs();
    if (result_.explanations.empty()) try_composed();
    result_.complete = !is_exhausted() && !keeper_.is_full();
    if (!is_lower) {
      for (auto& explanation : result_.explanations) {
        explanation.also.push_back(upper_case(expected_));
      }
    }
    return std::move(result_);
  }

 private:
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

  static Explanation upper_case(std::string_view response) {
    return {
        .id = "response-case",
        .text =
            "The response is right but for its upper-case digits; many registrars compare it "
            "byte by byte.",
        .meaning = "A response is lower-case hex (RFC 3261 25.1): the phone has to write it so.",
        .field = "response",
        .value = std::string{response}};
  }

  bool is_exhausted() const {
    return result_.tried >= max_digests || hasher_.bytes() >= max_bytes;
  }

  void hash(Change& change) {
    change.ha1 = hasher_.a1(change.candidate);
    change.ha2 = hasher_.a2(change.candidate);
  }

  void collect() {
    for_each_cause([this](const Cause& cause) {
      Each each{[&](const Candidate& candidate, std::string_view told) {
        if (keeper_.is_full()) return;
        changes_.push_back({.cause = &cause,
                            .candidate = keeper_.keep(candidate, start_.candidate),
                            .told = keeper_.keep(told)});
      }};
      cause.vary(start_.candidate, context_, each);
    });
  }

  void try_alone() {
    for (auto& change : changes_) {
      change.ha1 =
          same_a1(change.candidate, start_.candidate) ? start_.ha1 : hasher_.a1(change.candidate);
      change.ha2 =
          same_a2(change.candidate, start_.candidate) ? start_.ha2 : hasher_.a2(change.candidate);
      if (reproduces(change.candidate, change.ha1, change.ha2)) {
        found(explanation_of(*change.cause, change.told));
      }
    }
  }

  void try_pairs() {
    for (std::size_t i = 0; i < changes_.size() && !is_exhausted(); ++i) {
      for (std::size_t j = i + 1; j < changes_.size(); ++j) {
        if (changes_[i].cause->field != changes_[j].cause->field) {
          try_pair(changes_[i], changes_[j]);
        }
      }
    }
  }

  void try_pair(const Change& first, const Change& second) {
    const auto candidate = merged(start_.candidate, first.candidate, second.candidate);
    const auto hash_of = [&](auto same, auto member, auto compute) {
      for (const Change* known : std::to_array<const Change*>({&start_, &first, &second})) {
        if (same(candidate, known->candidate)) return known->*member;
      }
      return (hasher_.*compute)(candidate);
    };
    const auto ha1 = hash_of(explain::same_a1, &Change::ha1, &Hasher::a1);
    const auto ha2 = hash_of(explain::same_a2, &Change::ha2, &Hasher::a2);
    if (reproduces(candidate, ha1, ha2)) found_pair(candidate, first, *second.cause, second.told);
  }

  // Two changes of one field, the second one of what the first made of it.
  void try_composed() {
    for (const auto& first : changes_) {
      if (first.cause->composes == Composes::no) continue;
      for_each_cause([&](const Cause& cause) {
        if (&cause == first.cause || cause.composes == Composes::no ||
            cause.field != first.cause->field) {
          return;
        }
        Each each{[&](const Candidate& candidate, std::string_view told) {
          if (is_exhausted()) return;
          const auto ha1 = same_a1(candidate, first.candidate) ? first.ha1 : hasher_.a1(candidate);
          const auto ha2 = same_a2(candidate, first.candidate) ? first.ha2 : hasher_.a2(candidate);
          if (reproduces(candidate, ha1, ha2)) found_pair(candidate, first, cause, told);
        }};
        cause.vary(first.candidate, context_, each);
      });
    }
  }

  bool reproduces(const Candidate& candidate, const Hasher::Hashed& ha1,
                  const Hasher::Hashed& ha2) {
    if (!ha1 || !ha2 || is_exhausted()) return false;
    if (candidate.input.algorithm->hex_length != expected_.size()) return false;
    ++result_.tried;
    const auto response = hasher_.response(candidate, *ha1, *ha2);
    return response && equal_digests(response->view(), expected_);
  }

  Explanation explanation_of(const Cause& cause, std::string_view told) const {
    return {.id = cause.id,
            .text = sentence_of(cause, told, given_value(start_.candidate, cause.field)),
            .meaning = cause.meaning,
            .field = cause.field,
            .value = std::string{told}};
  }

  void found(Explanation explanation) {
    auto& all = result_.explanations;
    const bool is_known = std::ranges::any_of(all, [&](const Explanation& other) {
      return other.id == explanation.id && other.text == explanation.text;
    });
    if (!is_known && all.size() < max_explanations) all.push_back(std::move(explanation));
  }

  // Of several ways to say the same two changes the first is told.
  void found_pair(const Candidate& candidate, const Change& first, const Cause& second,
                  std::string_view told) {
    if (std::ranges::any_of(found_,
                            [&](const Candidate& other) { return same_bytes(candidate, other); })) {
      return;
    }
    found_.push_back(keeper_.keep(candidate, start_.candidate));
    auto explanation = explanation_of(*first.cause, first.told);
    explanation.also.push_back(explanation_of(second, told));
    found(std::move(explanation));
  }

  Change start_;
  std::string expected_;
  ExplainContext context_;
  Hasher hasher_;
  Keeper keeper_;
  std::vector<Change> changes_;
  std::vector<Candidate> found_;
  ExplanationSearch result_;
};

}  // namespace

ExplanationSearch explain_mismatch(const DigestInput& input, std::string_view expected,
                                   const ExplainContext& context) {
  const bool is_lower = std::ranges::none_of(expected, [](char c) { return lower(c) != c; });
  return Search{input, expected, context}.run(is_lower);
}

std::vector<KnownCause> known_causes() {
  std::vector<KnownCause> all;
  for_each_cause([&all](const Cause& cause) {
    all.push_back({.id = cause.id,
                   .field = cause.field,
                   .sentence = cause.sentence,
                   .meaning = cause.meaning});
  });
  return all;
}

}  // namespace sipauth
