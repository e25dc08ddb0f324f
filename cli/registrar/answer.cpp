#include "registrar/answer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "registrar/request.hpp"
#include "sipauth/address.hpp"
#include "sipauth/text.hpp"

namespace sipauth::registrar {
namespace {

constexpr auto phrases = std::to_array<std::pair<int, std::string_view>>({
    {100, "Trying"},
    {200, "OK"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {407, "Proxy Authentication Required"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Merged Request"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
});

std::string_view phrase_of(int status) {
  const auto found = std::ranges::find(phrases, status, &std::pair<int, std::string_view>::first);
  return found == phrases.end() ? "Unknown" : found->second;
}

bool has_name(std::string_view parameter, std::string_view name) {
  return same(trim(parameter.substr(0, parameter.find('='))), name);
}

// The parameters of a Via with rport filled in; `received` is added where it is due.
std::string via_parameters(const Via& via, std::string_view source) {
  const auto address = address_of(source);
  bool received = via.host != address;
  std::string text;
  std::string_view rest = via.parameters;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the semicolon
    const auto parameter = rest.substr(0, rest.find(';'));
    rest.remove_prefix(parameter.size());
    if (has_name(parameter, "received")) continue;
    text.append(";").append(parameter);
    if (has_name(parameter, "rport") && !parameter.contains('=')) {
      text.append("=").append(port_of(source));
      received = true;
    }
  }
  if (received) {
    // An IPv6 address stands here without brackets (RFC 3261 25.1, via-received).
    const bool bracketed = address.starts_with('[') && address.ends_with(']');
    text.append(";received=");
    text.append(bracketed ? address.substr(1, address.size() - 2) : address);
  }
  return text;
}

std::string topmost_via(const Profile& profile, std::string_view value, std::string_view source) {
  Diagnostics diagnostics;
  const auto via = Via::parse(value, diagnostics);
  if (!via) return std::string{value};
  const bool other_host = profile.via == ViaFault::sent_by;
  auto text = std::string{via->protocol} + '/' + std::string{via->transport} + ' ';
  text += other_host ? "192.0.2.1" : via->host;
  if (via->port) text += ':' + std::to_string(*via->port);
  text += profile.returns.fills_in ? via_parameters(*via, source) : std::string{via->parameters};
  if (profile.via == ViaFault::branch && via->branch()) {
    const auto at = text.find(*via->branch());
    if (at != std::string::npos) text.insert(at + via->branch()->size(), "x");
  }
  if (!via->rest.empty()) text.append(", ").append(via->rest);
  return text;
}

std::string to_value(const Message& request, std::string_view tag) {
  auto text = std::string{request.value(HeaderId::to)};
  Diagnostics diagnostics;
  const auto to = NameAddr::parse(text, diagnostics);
  const bool tagged = to && to->tag();
  if (!tag.empty() && !tagged) text.append(";tag=").append(tag);
  return text;
}

void copy(std::vector<WrittenHeader>& headers, const Message& request, HeaderId id) {
  if (const auto* header = request.find(id)) {
    headers.push_back({std::string{header_name(id)}, std::string{header->value}});
  }
}

void leave_out_content_length(std::string& text) {
  const auto begin = text.find("\r\nContent-Length:");
  if (begin != std::string::npos) text.erase(begin, text.find("\r\n", begin + 2) - begin);
}

WrittenParameter parameter_named(std::string_view name, const Profile& profile,
                                 const ChallengeRow& row, const ChallengeParts& parts) {
  const auto& style = profile.style;
  const auto make = [&](std::string_view value, Quoting quoting) {
    return WrittenParameter{std::string{name}, std::string{value}, quoting};
  };
  if (name == "realm") return make(parts.realm, style.realm);
  if (name == "nonce") return make(parts.nonce, style.nonce);
  if (name == "opaque") return make(parts.opaque, style.opaque);
  if (name == "stale") {
    return make(parts.stale ? style.stale_true : style.stale_false, style.stale);
  }
  if (name == "algorithm") return make(row.algorithm, style.algorithm);
  if (name == "qop") return make(row.offers_qop ? profile.qop : std::string_view{}, style.qop);
  return {std::string{style.extra_name}, std::string{style.extra_value}, style.extra};
}

// realm and nonce are written even when they are empty: that is a fault of its own.
bool is_written(const WrittenParameter& parameter) {
  return !parameter.value.empty() || parameter.name == "realm" || parameter.name == "nonce";
}

std::string digest_row(const Profile& profile, const ChallengeRow& row,
                       const ChallengeParts& parts) {
  const auto& style = profile.style;
  std::vector<WrittenParameter> parameters;
  std::string_view names = style.order;
  while (!names.empty()) {
    const auto name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    auto parameter = parameter_named(name, profile, row, parts);
    if (is_written(parameter)) parameters.push_back(std::move(parameter));
  }
  auto trailing = std::string{style.trailing};
  if (!parts.stale) trailing.append(style.trailing_when_plain);
  return write_challenge(
      parameters,
      {.separator = style.separator, .trailing = trailing, .before_stale = style.before_stale},
      row.scheme);
}

std::string row_text(const Profile& profile, const ChallengeRow& row, const ChallengeParts& parts) {
  if (same(row.scheme, "Digest")) return digest_row(profile, row, parts);
  const WrittenParameter realm{"realm", std::string{parts.realm}};
  return write_challenge(std::span{&realm, 1}, {}, row.scheme);
}

std::string_view challenge_header(const Profile& profile) {
  if (!profile.challenge_header.empty()) return profile.challenge_header;
  return header_name(profile.challenge_code == 407 ? HeaderId::proxy_authenticate
                                                   : HeaderId::www_authenticate);
}

}  // namespace

std::string write_answer(const Profile& profile, const Message& request, std::string_view source,
                         const AnswerParts& parts) {
  std::vector<WrittenHeader> headers;
  for (const auto& header : request.headers()) {
    if (header.id != HeaderId::via) continue;
    headers.push_back({"Via", headers.empty() ? topmost_via(profile, header.value, source)
                                              : std::string{header.value}});
  }
  copy(headers, request, HeaderId::from);
  if (request.find(HeaderId::to) != nullptr) {
    headers.push_back({"To", to_value(request, parts.to_tag)});
  }
  copy(headers, request, HeaderId::call_id);
  copy(headers, request, HeaderId::cseq);
  headers.insert(headers.end(), parts.headers.begin(), parts.headers.end());
  if (!profile.server.empty()) headers.push_back({"Server", std::string{profile.server}});

  auto text = write_response(
      parts.status, parts.reason.empty() ? phrase_of(parts.status) : parts.reason, headers);
  if (!profile.content_length) leave_out_content_length(text);
  return text;
}

std::string way_back(ReturnRules::To to, const Request& request, std::string_view source) {
  Diagnostics ignored;
  const auto via = Via::parse(request.via, ignored);
  const bool asks = via && via->parameter("rport").has_value();
  if (!via || to == ReturnRules::To::source || (to == ReturnRules::To::as_asked && asks)) return {};
  constexpr int usual_port = 5060;
  return std::string{address_of(source)} + ':' + std::to_string(via->port.value_or(usual_port));
}

std::vector<WrittenHeader> challenge_headers(const Profile& profile, const ChallengeParts& parts) {
  std::vector<WrittenHeader> headers;
  if (!profile.with_header) return headers;
  const auto name = challenge_header(profile);
  for (const auto& row : profile.rows) {
    auto text = row_text(profile, row, parts);
    if (profile.style.merged && !headers.empty()) {
      headers.front().value.append(", ").append(text);
    } else {
      // Byte for byte, because layout is what some faults are about. What a peer had a say in went
      // through write_challenge, which lets no line end pass.
      headers.push_back({std::string{name}, std::move(text), true});
    }
  }
  return headers;
}

}  // namespace sipauth::registrar
