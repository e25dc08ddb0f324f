// How Sofia-SIP reads challenges and credentials.
#include <sofia-sip/auth_digest.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/su_alloc.h>

#include "fuzz/differential_libraries.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

class Home {
 public:
  Home() noexcept { su_home_init(&home_); }
  ~Home() { su_home_deinit(&home_); }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  [[nodiscard]] su_home_t* get() noexcept { return &home_; }

 private:
  su_home_t home_ = SU_HOME_INIT(home_);
};

// It has taken the quotes and backslashes away: they are put back, so that nothing is taken twice.
struct Escaped {
  std::string text;
  explicit Escaped(const char* value) {
    for (const char* c = value; c != nullptr && *c != '\0'; ++c) {
      if (*c == '"' || *c == '\\') text += '\\';
      text += *c;
    }
  }
};

// Without parameters there is nothing that its next function takes.
bool is_digest(const msg_auth_t* header) {
  return header != nullptr && header->au_scheme != nullptr && same(header->au_scheme, "Digest") &&
         header->au_params != nullptr;
}

void set(Reading& reading, Field field, const char* value) {
  if (value != nullptr) reading.set(field, Escaped{value}.text);
}

}  // namespace

Reading sofia_challenge(const std::string& text) {
  Reading reading;
  Home home;
  const auto* header = sip_www_authenticate_make(home.get(), text.c_str());
  if (!is_digest(header)) return reading;
  auth_challenge_t challenge{};
  challenge.ac_size = sizeof challenge;
  if (auth_digest_challenge_get(home.get(), &challenge, header->au_params) < 0) return reading;
  reading.accepted = true;
  set(reading, Field::realm, challenge.ac_realm);
  set(reading, Field::nonce, challenge.ac_nonce);
  set(reading, Field::stale, challenge.ac_stale != 0 ? "true" : nullptr);
  set(reading, Field::algorithm, challenge.ac_algorithm);
  set(reading, Field::qop, challenge.ac_qop);
  return reading;
}

Reading sofia_credentials(const std::string& text) {
  Reading reading;
  Home home;
  const auto* header = sip_authorization_make(home.get(), text.c_str());
  if (!is_digest(header)) return reading;
  auth_response_t response{};
  response.ar_size = sizeof response;
  if (auth_digest_response_get(home.get(), &response, header->au_params) < 0) return reading;
  reading.accepted = true;
  set(reading, Field::username, response.ar_username);
  set(reading, Field::realm, response.ar_realm);
  set(reading, Field::nonce, response.ar_nonce);
  set(reading, Field::uri, response.ar_uri);
  set(reading, Field::response, response.ar_response);
  set(reading, Field::algorithm, response.ar_algorithm);
  set(reading, Field::qop, response.ar_qop);
  set(reading, Field::nc, response.ar_nc);
  set(reading, Field::cnonce, response.ar_cnonce);
  return reading;
}

}  // namespace sipauth::fuzz
