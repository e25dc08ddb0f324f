// What a tool, a mail or a terminal puts in front of every line of a message.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sipauth::trace {

/// Made from what stands in front of one line; recognises its like in front of others: the same
/// text, the same with other numbers (times, process ids), quote marks and indents however they
/// are spaced, columns up to the same bar.
class Prefix {
 public:
  Prefix() = default;
  explicit Prefix(std::string_view sample) noexcept;

  [[nodiscard]] bool empty() const noexcept { return sample_.empty(); }
  /// Blanks and quote marks only.
  [[nodiscard]] bool is_decoration() const noexcept { return is_decoration_; }
  /// A window's border: long lines are broken at its width.
  [[nodiscard]] bool has_bars() const noexcept { return has_bars_; }

  /// What stands behind it in `line`; nullopt when something else stands in front. A line that has
  /// nothing but the prefix is empty.
  [[nodiscard]] std::optional<std::string_view> behind(std::string_view line) const noexcept;

 private:
  [[nodiscard]] std::optional<std::string_view> behind_bars(std::string_view line) const noexcept;
  [[nodiscard]] std::string_view behind_decoration(std::string_view line) const noexcept;
  [[nodiscard]] std::optional<std::string_view> behind_likeness(
      std::string_view line) const noexcept;

  std::string_view sample_;
  bool is_decoration_ = true;
  bool has_bars_ = false;
  std::size_t last_bar_ = 0;  // its column
  std::size_t quotes_ = 0;    // quote marks, and the blanks behind the last of them
  std::size_t blanks_ = 0;
};

}  // namespace sipauth::trace
