#include "crypto.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "libcrypto.hpp"

namespace sipauth::crypto {
namespace {

// The ABI of libcrypto.so.3 is what is used here; its headers are not needed to build.
struct EVP_MD;
struct EVP_MD_CTX;
struct EVP_CIPHER;
struct EVP_CIPHER_CTX;

constexpr auto hash_names =
    std::to_array<const char*>({"MD5", "SHA2-256", "SHA2-512/256", "SHA2-512"});
static_assert(hash_names.size() == std::to_underlying(sha512_cut) + 1);
// Of SHA-512, before it is cut.
constexpr std::size_t max_hash_bytes = 64;

class Library {
 public:
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
  unsigned char* (*HMAC)(const EVP_MD*, const void*, int, const unsigned char*, std::size_t,
                         unsigned char*, unsigned*) = nullptr;
  EVP_CIPHER* (*EVP_CIPHER_fetch)(void*, const char*, const char*) = nullptr;
  EVP_CIPHER_CTX* (*EVP_CIPHER_CTX_new)() = nullptr;
  void (*EVP_CIPHER_CTX_free)(EVP_CIPHER_CTX*) = nullptr;
  int (*EVP_EncryptInit_ex2)(EVP_CIPHER_CTX*, const EVP_CIPHER*, const unsigned char*,
                             const unsigned char*, const void*) = nullptr;
  int (*EVP_EncryptUpdate)(EVP_CIPHER_CTX*, unsigned char*, int*, const unsigned char*,
                           int) = nullptr;

 private:
  Library() noexcept : open_{load_all()} {
    if (!open_) return;
    for (std::size_t i = 0; i < hash_names.size(); ++i) {
      hashes_[i] = EVP_MD_fetch(nullptr, hash_names[i], nullptr);
    }
  }

  bool load_all() noexcept {
    return load("OpenSSL_version", OpenSSL_version) && load("EVP_MD_fetch", EVP_MD_fetch) &&
           load("EVP_MD_CTX_new", EVP_MD_CTX_new) && load("EVP_MD_CTX_free", EVP_MD_CTX_free) &&
           load("EVP_DigestInit_ex2", EVP_DigestInit_ex2) &&
           load("EVP_DigestUpdate", EVP_DigestUpdate) &&
           load("EVP_DigestFinal_ex", EVP_DigestFinal_ex) && load("HMAC", HMAC) &&
           load("EVP_CIPHER_fetch", EVP_CIPHER_fetch) &&
           load("EVP_CIPHER_CTX_new", EVP_CIPHER_CTX_new) &&
           load("EVP_CIPHER_CTX_free", EVP_CIPHER_CTX_free) &&
           load("EVP_EncryptInit_ex2", EVP_EncryptInit_ex2) &&
           load("EVP_EncryptUpdate", EVP_EncryptUpdate);
  }

  template <typename Function>
  static bool load(const char* name, Function& function) noexcept {
    function = reinterpret_cast<Function>(libcrypto_function(name));
    return function != nullptr;
  }

  bool open_ = false;
  std::array<EVP_MD*, hash_names.size()> hashes_{};
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { Library::get().EVP_MD_CTX_free(context); }
};

struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept {
    Library::get().EVP_CIPHER_CTX_free(context);
  }
};

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

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
  std::array<unsigned char, max_hash_bytes> bytes;
  unsigned length = 0;
  if (library.EVP_DigestFinal_ex(context, bytes.data(), &length) != 1) return refused;
  const auto kept = std::min<std::size_t>(length, out.size());
  std::copy_n(bytes.begin(), kept, out.begin());
  return kept;
}

std::expected<std::size_t, DigestError> hmac(
    Hash hash, std::string_view key, std::string_view text,
    std::span<unsigned char, max_digest_bytes> out) noexcept {
  const auto& library = Library::get();
  if (!library.is_open()) return std::unexpected{DigestError{DigestError::Kind::no_libcrypto}};
  const EVP_MD* const algorithm = library.fetched(hash);
  std::array<unsigned char, max_hash_bytes> bytes;
  unsigned length = 0;
  if (algorithm == nullptr ||
      library.HMAC(algorithm, key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
                   bytes.data(), &length) == nullptr) {
    return std::unexpected{DigestError{DigestError::Kind::no_hash}};
  }
  const auto kept = std::min<std::size_t>(length, out.size());
  std::copy_n(bytes.begin(), kept, out.begin());
  return kept;
}

std::expected<std::array<unsigned char, 16>, DigestError> encrypt_block(
    std::string_view key, const std::array<unsigned char, 16>& block) noexcept {
  const auto& library = Library::get();
  if (!library.is_open()) return std::unexpected{DigestError{DigestError::Kind::no_libcrypto}};
  const std::unexpected refused{DigestError{DigestError::Kind::no_cipher}};
  if (key.size() != block.size()) return refused;

  static const EVP_CIPHER* const aes = library.EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext> context{library.EVP_CIPHER_CTX_new()};
  if (aes == nullptr || !context) return refused;
  std::array<unsigned char, 16> encrypted{};
  int length = 0;
  if (library.EVP_EncryptInit_ex2(context.get(), aes, bytes_of(key), nullptr, nullptr) != 1 ||
      library.EVP_EncryptUpdate(context.get(), encrypted.data(), &length, block.data(),
                                static_cast<int>(block.size())) != 1 ||
      length != static_cast<int>(encrypted.size())) {
    return refused;
  }
  return encrypted;
}

std::string_view version() noexcept { return Library::get().version(); }

}  // namespace sipauth::crypto
