// A request as a registrar reads it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sipauth/credentials.hpp"
#include "sipauth/message.hpp"

namespace sipauth::registrar {

/// Views lie in the bytes of the message, which outlive it.
struct Request {
  const Message* message = nullptr;
  std::string_view method = {};
  std::string_view request_uri = {};
  std::string_view via = {};  ///< the topmost row
  std::string_view from = {};
  std::string_view to = {};
  std::string_view call_id = {};
  std::uint32_t cseq = 0;
  std::string_view branch = {};
  std::string_view from_tag = {};
  std::string_view to_tag = {};
  std::string from_user = {};  ///< escapes decoded
  std::string to_user = {};
  std::string_view to_host = {};
};

/// An error is a phrase for a 400 (RFC 3261 8.2 and 8.1.1: the headers every request has).
[[nodiscard]] std::expected<Request, std::string_view> read_request(const Message& message);

/// `127.0.0.1` of `127.0.0.1:5060`, `[::1]` of `[::1]:5060`.
[[nodiscard]] std::string_view address_of(std::string_view source);
/// `5060` of both.
[[nodiscard]] std::string_view port_of(std::string_view source);

}  // namespace sipauth::registrar
