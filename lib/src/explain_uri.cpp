#include "explain_uri.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "sipauth/text.hpp"
#include "sipauth/uri.hpp"

namespace sipauth::explain {
namespace {

// The pieces of a URI of SIP, each with the marks that bind it to the others, so that leaving one
// out leaves a URI.
struct Pieces {
  std::string_view scheme;  ///< `sip:`
  std::string_view user;    ///< `alice@`, or empty
  std::string_view host;
  std::string_view port;  ///< `:5060`, or empty
  std::string_view rest;  ///< parameters and headers

  std::string text() const {
    std::string all;
    for (const auto piece : {scheme, user, host, port, rest}) all += piece;
    return all;
  }
};

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::optional<Pieces> pieces_of(std::string_view text) {
  Diagnostics ignored;
  const auto uri = Uri::parse(text, ignored);
  if (!uri || uri->host.empty()) return std::nullopt;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* const host = uri->host.data();
  const char* const host_end = host + uri->host.size();
  const char* const user = begin + uri->scheme_name.size() + 1;
  const char* const rest = std::find_if(host_end, end, [](char c) { return c == ';' || c == '?'; });
  if (user > host) return std::nullopt;
  return Pieces{.scheme = between(begin, user),
                .user = between(user, host),
                .host = uri->host,
                .port = between(host_end, rest),
                .rest = between(rest, end)};
}

template <typename Change>
Spellings respelt(const DigestInput& input, Change change) {
  const auto pieces = pieces_of(input.uri);
  return pieces ? change(*pieces) : Spellings{};
}

bool is_sips(const Pieces& pieces) { return same(pieces.scheme, "sips:"); }

}  // namespace

Spellings uri_with_port(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) -> Spellings {
    if (!pieces.port.empty()) return {};
    Spellings all;
    for (const auto port : {":5060", ":5061"}) {
      pieces.port = port;
      all.push_back(pieces.text());
    }
    return all;
  });
}

Spellings uri_without_port(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) {
    pieces.port = {};
    return Spellings{pieces.text()};
  });
}

Spellings uri_with_parameters(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](const Pieces& pieces) -> Spellings {
    if (!pieces.rest.empty()) return {};
    Spellings all;
    for (const auto parameter :
         {"udp", "tcp", "tls", "ws", "wss", "UDP", "TCP", "TLS", "WS", "WSS"}) {
      all.push_back(pieces.text() + ";transport=" + parameter);
    }
    return all;
  });
}

Spellings uri_without_parameters(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) {
    pieces.rest = {};
    return Spellings{pieces.text()};
  });
}

Spellings uri_with_user(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [&](Pieces pieces) -> Spellings {
    if (!pieces.user.empty()) return {};
    const auto name = input.username.substr(0, input.username.find('@'));
    const std::string user = std::string{name} + '@';
    pieces.user = user;
    return {pieces.text()};
  });
}

Spellings uri_without_user(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) {
    pieces.user = {};
    return Spellings{pieces.text()};
  });
}

Spellings uri_scheme(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) {
    pieces.scheme = is_sips(pieces) ? "sip:" : "sips:";
    return Spellings{pieces.text()};
  });
}

Spellings uri_without_scheme(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) {
    pieces.scheme = {};
    return Spellings{pieces.text()};
  });
}

Spellings uri_in_brackets(const DigestInput& input, const ExplainContext&) {
  return {'<' + std::string{input.uri} + '>'};
}

Spellings uri_case(const DigestInput& input, const ExplainContext&) {
  std::string other{input.uri};
  std::ranges::transform(other, other.begin(), lower);
  return {std::move(other)};
}

std::string_view host_of(std::string_view uri) {
  const auto pieces = pieces_of(uri);
  return pieces ? pieces->host : std::string_view{};
}

}  // namespace sipauth::explain
