// A map that forgets: when it is full, the entry that was put in first makes room. What a peer can
// make a registrar remember lies in one of these.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sipauth::registrar {

template <typename Value>
class BoundedMap {
 public:
  explicit BoundedMap(std::size_t capacity) : capacity_{capacity} {}

  /// nullptr when absent. The pointer holds until the entry is erased or makes room.
  [[nodiscard]] Value* find(std::string_view key) {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &found->second->second;
  }

  /// The entry of `key`, made now when absent.
  Value& operator[](std::string_view key) {
    if (auto* present = find(key)) return *present;
    if (entries_.size() == capacity_) {
      index_.erase(entries_.front().first);
      entries_.pop_front();
    }
    entries_.emplace_back(std::string{key}, Value{});
    const auto entry = std::prev(entries_.end());
    index_.emplace(entry->first, entry);
    return entry->second;
  }

  void erase(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    const auto entry = found->second;
    index_.erase(found);
    entries_.erase(entry);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<std::string, Value>>;  // oldest first

  std::size_t capacity_;
  Entries entries_;
  std::unordered_map<std::string_view, typename Entries::iterator> index_;  // keys lie in entries_
};

}  // namespace sipauth::registrar
