#include "registrar/request.hpp"

#include "net/uri_user.hpp"
#include "sipauth/address.hpp"

namespace sipauth::registrar {
namespace {

// Of what a registrar remembers. Real Call-IDs and tags stay below 128 bytes, URIs below 300.
constexpr std::size_t max_part_bytes = 1024;

}  // namespace

std::expected<Request, std::string_view> read_request(const Message& message) {
  Diagnostics diagnostics;
  Request request{.message = &message,
                  .method = message.method(),
                  .request_uri = message.request_uri(),
                  .via = message.value(HeaderId::via),
                  .from = message.value(HeaderId::from),
                  .to = message.value(HeaderId::to),
                  .call_id = message.value(HeaderId::call_id)};
  if (request.call_id.empty()) return std::unexpected{"Missing Call-ID"};

  const auto cseq = CSeq::parse(message.value(HeaderId::cseq), diagnostics);
  if (!cseq) return std::unexpected{"Bad CSeq"};
  if (cseq->method != request.method) return std::unexpected{"CSeq Of Another Method"};
  request.cseq = cseq->number;

  const auto via = Via::parse(request.via, diagnostics);
  if (!via) return std::unexpected{"Bad Via"};
  request.branch = via->branch().value_or("");

  const auto from = NameAddr::parse(request.from, diagnostics);
  if (!from || from->is_wildcard) return std::unexpected{"Bad From"};
  request.from_tag = from->tag().value_or("");
  request.from_user = net::unescape_user(from->uri.user);

  const auto to = NameAddr::parse(request.to, diagnostics);
  if (!to || to->is_wildcard) return std::unexpected{"Bad To"};
  request.to_tag = to->tag().value_or("");
  request.to_user = net::unescape_user(to->uri.user);
  request.to_host = to->uri.host;

  for (const auto part :
       {request.request_uri, request.call_id, request.branch, request.from_tag,
        std::string_view{request.from_user}, std::string_view{request.to_user}, request.to_host}) {
    if (part.size() > max_part_bytes) return std::unexpected{"Header Too Long"};
  }
  return request;
}

std::string_view address_of(std::string_view source) { return source.substr(0, source.rfind(':')); }

std::string_view port_of(std::string_view source) {
  const auto colon = source.rfind(':');
  return colon == std::string_view::npos ? std::string_view{} : source.substr(colon + 1);
}

}  // namespace sipauth::registrar
