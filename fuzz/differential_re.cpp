// How libre reads challenges and credentials.
#include "fuzz/differential_libraries.hpp"

// Its headers build on one another, on types that C++ has by then, and are meant for C.
// clang-format off
#define HAVE_INTTYPES_H
extern "C" {
#include <re/re_types.h>
#include <re/re_fmt.h>
#include <re/re_httpauth.h>
}
// clang-format on

namespace sipauth::fuzz {
namespace {

void set(Reading& reading, Field field, const pl& value) {
  if (value.p != nullptr) reading.set(field, std::string_view{value.p, value.l});
}

}  // namespace

Reading re_challenge(const std::string& text) {
  Reading reading;
  httpauth_digest_chall challenge{};
  const pl whole{text.data(), text.size()};
  if (httpauth_digest_challenge_decode(&challenge, &whole) != 0) return reading;
  reading.accepted = true;
  set(reading, Field::realm, challenge.realm);
  set(reading, Field::nonce, challenge.nonce);
  set(reading, Field::stale, challenge.stale);
  set(reading, Field::algorithm, challenge.algorithm);
  set(reading, Field::qop, challenge.qop);
  return reading;
}

Reading re_credentials(const std::string& text) {
  Reading reading;
  httpauth_digest_resp response{};
  const pl whole{text.data(), text.size()};
  if (httpauth_digest_response_decode(&response, &whole) != 0) return reading;
  reading.accepted = true;
  set(reading, Field::username, response.username);
  set(reading, Field::realm, response.realm);
  set(reading, Field::nonce, response.nonce);
  set(reading, Field::uri, response.uri);
  set(reading, Field::response, response.response);
  set(reading, Field::qop, response.qop);
  set(reading, Field::nc, response.nc);
  set(reading, Field::cnonce, response.cnonce);
  return reading;
}

}  // namespace sipauth::fuzz
