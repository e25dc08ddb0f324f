#include "crypto.hpp"

#include <dlfcn.h>

#include <array>
#include <memory>
#include <utility>

namespace sipauth::crypto {
namespace {

// The ABI of libcrypto.so.3 is what is used here; its headers are not needed to build.
struct EVP_MD;
struct EVP_MD_CTX;

constexpr auto hash_names = std::to_array<const char*>({"MD5", "SHA2-256", "SHA2-512/256"});
static_assert(hash_names.size() == std::to_underlying(Hash::sha512_256) + 1);

class Library {
 public:
  // Opened once per process and never closed: threads free their contexts until the very end.
  static const Library& get() noexcept {
    static const Library library;
    return library;
  }

  bool is_open() const noexcept { return open_; }
  const EVP_MD* fetched(Hash hash) const noexcept { return hashes_[std::to_underlying(hash)]; }
  std::string_view version() const noexcept { return open_ ? OpenSSL_version(0) : ""; }

  const char* (*OpenSSL_version)(int) = nullptr;
  EVP_MD* (*EVP_MD_fetch)(void*, const char*, const char*) = nullptr;
  EVP_MD_CTX* (*EVP_MD_CTX_new)() = nullptr;
  void (*EVP_MD_CTX_free)(EVP_MD_CTX*) = nullptr;
  int (*EVP_DigestInit_ex2)(EVP_MD_CTX*, const EVP_MD*, const void*) = nullptr;
  int (*EVP_DigestUpdate)(EVP_MD_CTX*, const void*, std::size_t) = nullptr;
  int (*EVP_DigestFinal_ex)(EVP_MD_CTX*, unsigned char*, unsigned*) = nullptr;

 private:
  Library() noexcept {
    void* const handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return;
    open_ = load(handle, "OpenSSL_version", OpenSSL_version) &&
            load(handle, "EVP_MD_fetch", EVP_MD_fetch) &&
            load(handle, "EVP_MD_CTX_new", EVP_MD_CTX_new) &&
            load(handle, "EVP_MD_CTX_free", EVP_MD_CTX_free) &&
            load(handle, "EVP_DigestInit_ex2", EVP_DigestInit_ex2) &&
            load(handle, "EVP_DigestUpdate", EVP_DigestUpdate) &&
            load(handle, "EVP_DigestFinal_ex", EVP_DigestFinal_ex);
    if (!open_) return;
    for (std::size_t i = 0; i < hash_names.size(); ++i) {
      hashes_[i] = EVP_MD_fetch(nullptr, hash_names[i], nullptr);
    }
  }

  template <typename Function>
  static bool load(void* handle, const char* name, Function& function) noexcept {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    return function != nullptr;
  }

  bool open_ = false;
  std::array<EVP_MD*, hash_names.size()> hashes_{};
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { Library::get().EVP_MD_CTX_free(context); }
};

// One context per thread, started again for every hash.
EVP_MD_CTX* context_of_thread() noexcept {
  thread_local std::unique_ptr<EVP_MD_CTX, FreeContext> context;
  if (!context) context.reset(Library::get().EVP_MD_CTX_new());
  return context.get();
}

}  // namespace

std::expected<std::size_t, DigestError> hash(
    Hash hash, std::span<const std::string_view> parts,
    std::span<unsigned char, max_digest_bytes> out) noexcept {
  const auto& library = Library::get();
  if (!library.is_open()) return std::unexpected{DigestError{DigestError::Kind::no_libcrypto}};

  const std::unexpected refused{DigestError{DigestError::Kind::no_hash}};
  const EVP_MD* const algorithm = library.fetched(hash);
  if (algorithm == nullptr) return refused;
  EVP_MD_CTX* const context = context_of_thread();
  if (context == nullptr) return refused;

  if (library.EVP_DigestInit_ex2(context, algorithm, nullptr) != 1) return refused;
  for (const auto part : parts) {
    if (library.EVP_DigestUpdate(context, part.data(), part.size()) != 1) return refused;
  }
  unsigned length = 0;
  if (library.EVP_DigestFinal_ex(context, out.data(), &length) != 1) return refused;
  return length;
}

std::string_view version() noexcept { return Library::get().version(); }

}  // namespace sipauth::crypto
