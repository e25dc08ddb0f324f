// How libosip2 reads challenges and credentials.
#include <osipparser2/osip_parser.h>

#include <memory>

#include "fuzz/differential_libraries.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

// It keeps the quotes.
std::optional<std::string_view> between_quotes(const char* value) {
  if (value == nullptr) return std::nullopt;
  std::string_view text{value};
  if (text.starts_with('"')) text.remove_prefix(1);
  if (text.ends_with('"')) text.remove_suffix(1);
  return text;
}

bool is_digest(const char* scheme) { return scheme != nullptr && same(scheme, "Digest"); }

}  // namespace

Reading osip_challenge(const std::string& text) {
  Reading reading;
  osip_www_authenticate_t* header = nullptr;
  if (osip_www_authenticate_init(&header) != 0) return reading;
  const std::unique_ptr<osip_www_authenticate_t, decltype(&osip_www_authenticate_free)> owned{
      header, osip_www_authenticate_free};
  if (osip_www_authenticate_parse(header, text.c_str()) != 0) return reading;
  reading.accepted = is_digest(header->auth_type);
  reading.set(Field::realm, between_quotes(header->realm));
  reading.set(Field::nonce, between_quotes(header->nonce));
  reading.set(Field::stale, between_quotes(header->stale));
  reading.set(Field::algorithm, between_quotes(header->algorithm));
  reading.set(Field::qop, between_quotes(header->qop_options));
  return reading;
}

Reading osip_credentials(const std::string& text) {
  Reading reading;
  osip_authorization_t* header = nullptr;
  if (osip_authorization_init(&header) != 0) return reading;
  const std::unique_ptr<osip_authorization_t, decltype(&osip_authorization_free)> owned{
      header, osip_authorization_free};
  if (osip_authorization_parse(header, text.c_str()) != 0) return reading;
  reading.accepted = is_digest(header->auth_type);
  reading.set(Field::username, between_quotes(header->username));
  reading.set(Field::realm, between_quotes(header->realm));
  reading.set(Field::nonce, between_quotes(header->nonce));
  reading.set(Field::uri, between_quotes(header->uri));
  reading.set(Field::response, between_quotes(header->response));
  reading.set(Field::algorithm, between_quotes(header->algorithm));
  reading.set(Field::qop, between_quotes(header->message_qop));
  reading.set(Field::nc, between_quotes(header->nonce_count));
  reading.set(Field::cnonce, between_quotes(header->cnonce));
  return reading;
}

}  // namespace sipauth::fuzz
