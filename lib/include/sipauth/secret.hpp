// A password or an HA1: kept in one place, wiped when it goes.
//
// A Secret cannot be copied, printed or compared by accident; whoever needs its bytes asks for them
// with reveal() and keeps no copy. Construction allocates.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "sipauth/export.hpp"

namespace sipauth {

class SIPAUTH_API Secret {
 public:
  Secret() noexcept = default;
  explicit Secret(std::string_view bytes);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  /// A second one with the same bytes, on purpose.
  [[nodiscard]] Secret duplicate() const { return Secret{reveal()}; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Valid as long as this Secret lives and is not moved from.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// Overwrites memory that held a secret; the compiler may not leave it out.
SIPAUTH_API void wipe_memory(void* memory, std::size_t size) noexcept;

}  // namespace sipauth
