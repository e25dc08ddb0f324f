#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "libcrypto.hpp"

namespace sipauth::crypto {
namespace {

struct Function {
  std::string_view name;
  void* address = nullptr;
};

template <typename Signature>
Function function(std::string_view name, Signature* address) noexcept {
  return {name, reinterpret_cast<void*>(address)};
}

}  // namespace

void* libcrypto_function(const char* name) noexcept {
  static const std::array functions{
      function("OpenSSL_version", OpenSSL_version),
      function("EVP_MD_fetch", EVP_MD_fetch),
      function("EVP_MD_CTX_new", EVP_MD_CTX_new),
      function("EVP_MD_CTX_free", EVP_MD_CTX_free),
      function("EVP_DigestInit_ex2", EVP_DigestInit_ex2),
      function("EVP_DigestUpdate", EVP_DigestUpdate),
      function("EVP_DigestFinal_ex", EVP_DigestFinal_ex),
      function("HMAC", HMAC),
      function("EVP_CIPHER_fetch", EVP_CIPHER_fetch),
      function("EVP_CIPHER_CTX_new", EVP_CIPHER_CTX_new),
      function("EVP_CIPHER_CTX_free", EVP_CIPHER_CTX_free),
      function("EVP_EncryptInit_ex2", EVP_EncryptInit_ex2),
      function("EVP_EncryptUpdate", EVP_EncryptUpdate),
  };
  const auto* found = std::ranges::find(functions, std::string_view{name}, &Function::name);
  return found == functions.end() ? nullptr : found->address;
}

}  // namespace sipauth::crypto
