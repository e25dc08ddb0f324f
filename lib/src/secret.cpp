#include "sipauth/secret.hpp"

#include <cstring>
#include <utility>

namespace sipauth {
namespace {

void wipe(char* bytes, std::size_t size) noexcept {
  if (bytes != nullptr) wipe_memory(bytes, size);
}

}  // namespace

Secret::Secret(std::string_view bytes)
    : bytes_{std::make_unique_for_overwrite<char[]>(bytes.size())}, size_{bytes.size()} {
  bytes.copy(bytes_.get(), size_);
}

Secret::Secret(Secret&& other) noexcept
    : bytes_{std::move(other.bytes_)}, size_{std::exchange(other.size_, 0)} {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_.get(), size_);
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(bytes_.get(), size_); }

void wipe_memory(void* memory, std::size_t size) noexcept { explicit_bzero(memory, size); }

}  // namespace sipauth
