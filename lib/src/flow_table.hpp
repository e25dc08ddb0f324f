// A table that never grows beyond a bound: whatever was longest unused makes room. Keys are hashes
// already; two that collide share a row, which a capture made on purpose can bring about and which
// costs it nothing but its own verdicts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sipauth::flow {

/// Of several parts, which are kept apart.
class Key {
 public:
  Key& add(std::string_view part) noexcept {
    return add(std::hash<std::string_view>{}(part)).add(part.size());
  }
  Key& add(std::uint64_t number) noexcept {
    value_ = (value_ ^ number) * prime;
    value_ ^= value_ >> 32U;
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  static constexpr std::uint64_t prime = 0x100'0000'01b3;
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325;
};

[[nodiscard]] inline std::uint64_t hash_of(std::string_view text) noexcept {
  return Key{}.add(text).value();
}

template <typename Value>
class Table {
 public:
  explicit Table(std::size_t most) : most_{most} {}

  [[nodiscard]] Value* find(std::uint64_t key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    rows_.splice(rows_.end(), rows_, found->second);
    return &found->second->second;
  }

  /// The row of `key`, new if need be. `evicted` is told what had to make room.
  template <typename Evicted>
  Value& find_or_add(std::uint64_t key, const Evicted& evicted) {
    if (auto* const known = find(key)) return *known;
    if (rows_.size() >= most_) {
      evicted(rows_.front().second);
      remove_oldest();
      ++forgotten_;
    }
    rows_.emplace_back(key, Value{});
    index_[key] = std::prev(rows_.end());
    return rows_.back().second;
  }
  Value& find_or_add(std::uint64_t key) {
    return find_or_add(key, [](Value&) {});
  }

  /// Rows that had to make room.
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] Value& oldest() { return rows_.front().second; }
  void remove_oldest() {
    index_.erase(rows_.front().first);
    rows_.pop_front();
  }

  template <typename Visit>
  void for_each(const Visit& visit) {
    for (auto& [key, value] : rows_) visit(value);
  }

 private:
  std::list<std::pair<std::uint64_t, Value>> rows_;  // the longest unused first
  std::unordered_map<std::uint64_t, typename decltype(rows_)::iterator> index_;
  std::size_t most_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace sipauth::flow
