// A list with room for so many elements and no more, in place. Nothing here allocates or throws.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace sipauth {

/// What is not in the list is neither written nor copied: a reading has a handful of parameters and
/// diagnostics, and filling the room of all that it may have would cost more than the reading.
template <typename Element, std::size_t most>
class BoundedList {
  static_assert(std::is_trivially_copyable_v<Element> && std::is_trivially_destructible_v<Element>);

 public:
  BoundedList() noexcept {}  // NOLINT(modernize-use-equals-default): which would fill it with zeros
  BoundedList(const BoundedList& other) noexcept { add_all(other); }
  BoundedList& operator=(const BoundedList& other) noexcept {
    if (this != &other) {
      count_ = 0;
      add_all(other);
    }
    return *this;
  }
  ~BoundedList() = default;

  [[nodiscard]] std::span<const Element> elements() const noexcept {
    return {std::launder(reinterpret_cast<const Element*>(room_.data())), count_};
  }

  [[nodiscard]] bool is_full() const noexcept { return count_ == most; }

  /// False, and nothing changes, where the list is full.
  bool add(const Element& element) noexcept {
    if (is_full()) return false;
    std::construct_at(reinterpret_cast<Element*>(room_.data() + count_ * sizeof(Element)), element);
    ++count_;
    return true;
  }

 private:
  void add_all(const BoundedList& other) noexcept {
    for (const auto& element : other.elements()) add(element);
  }

  std::size_t count_ = 0;
  alignas(Element) std::array<std::byte, most * sizeof(Element)> room_;
};

}  // namespace sipauth
