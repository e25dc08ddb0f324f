#include "explain_uri.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "explain_change.hpp"
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

void add(Spellings& all, std::string text) {
  if (std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
}

}  // namespace

Spellings uri_with_port(const DigestInput& input, const ExplainContext& context) {
  return respelt(input, [&](Pieces pieces) -> Spellings {
    if (!pieces.port.empty()) return {};
    Spellings all;
    const auto seen = pieces_of(context.request_uri);
    for (const auto port : {std::string_view{":5060"}, std::string_view{":5061"},
                            seen ? seen->port : std::string_view{}}) {
      pieces.port = port;
      add(all, pieces.text());
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

// Without port and parameters, whether the user stays or not; one of them alone has a name of its
// own.
Spellings uri_of_host(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) -> Spellings {
    const bool has_port = !pieces.port.empty();
    const bool has_rest = !pieces.rest.empty();
    const bool has_user = !pieces.user.empty();
    Spellings all;
    pieces.port = pieces.rest = {};
    if (has_port && has_rest) add(all, pieces.text());
    pieces.user = {};
    if (has_user && (has_port || has_rest)) add(all, pieces.text());
    return all;
  });
}

Spellings uri_with_parameters(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](const Pieces& pieces) -> Spellings {
    if (!pieces.rest.empty()) return {};
    Spellings all;
    for (const auto parameter :
         {";transport=udp", ";transport=tcp", ";transport=tls", ";transport=ws", ";transport=wss",
          ";transport=UDP", ";transport=TCP", ";transport=TLS", ";transport=WS", ";transport=WSS",
          ";lr", ";user=phone"}) {
      all.push_back(pieces.text() + parameter);
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

Spellings uri_with_user(const DigestInput& input, const ExplainContext& context) {
  return respelt(input, [&](Pieces pieces) -> Spellings {
    if (!pieces.user.empty()) return {};
    Spellings all;
    for (const auto name : {input.username.substr(0, input.username.find('@')), user_of(context.to),
                            user_of(context.from)}) {
      if (name.empty()) continue;
      const std::string user = std::string{name} + '@';
      pieces.user = user;
      add(all, pieces.text());
    }
    return all;
  });
}

Spellings uri_without_user(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) {
    pieces.user = {};
    return Spellings{pieces.text()};
  });
}

Spellings uri_with_host(const DigestInput& input, const ExplainContext& context) {
  return respelt(input, [&](Pieces pieces) {
    Spellings all;
    for (const auto host : {context.domain, host_of(uri_of(context.to)),
                            host_of(uri_of(context.from)), input.realm}) {
      if (host.empty()) continue;
      pieces.host = host;
      add(all, pieces.text());
    }
    return all;
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

Spellings uri_with_scheme(const DigestInput& input, const ExplainContext&) {
  Diagnostics ignored;
  const auto uri = Uri::parse(input.uri, ignored);
  if (uri && uri->scheme != Uri::Scheme::other) return {};
  return {"sip:" + std::string{input.uri}, "sips:" + std::string{input.uri}};
}

Spellings uri_in_brackets(const DigestInput& input, const ExplainContext&) {
  return {'<' + std::string{input.uri} + '>'};
}

Spellings uri_without_brackets(const DigestInput& input, const ExplainContext&) {
  const auto begin = input.uri.find('<');
  const auto end = input.uri.find('>');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  return {std::string{input.uri.substr(begin + 1, end - begin - 1)}};
}

Spellings uri_in_quotes(const DigestInput& input, const ExplainContext&) {
  return {in_quotes(input.uri)};
}

Spellings uri_case(const DigestInput& input, const ExplainContext&) {
  return {lower_case(input.uri)};
}

Spellings uri_decoded(const DigestInput& input, const ExplainContext&) {
  return {percent_decoded(input.uri)};
}

Spellings uri_encoded(const DigestInput& input, const ExplainContext&) {
  return respelt(input, [](Pieces pieces) -> Spellings {
    if (pieces.user.empty()) return {};
    const auto user = percent_encoded(pieces.user.substr(0, pieces.user.size() - 1)) + '@';
    pieces.user = user;
    return {pieces.text()};
  });
}

Spellings uri_space(const DigestInput& input, const ExplainContext&) {
  const std::string uri{input.uri};
  return {uri + ' ', ' ' + uri, std::string{trim(uri)}};
}

}  // namespace sipauth::explain
