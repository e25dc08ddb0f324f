#include "registrar/authentication_info.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sipauth/message.hpp"

namespace sipauth::registrar {

bool has_next_nonce(AuthInfo how) {
  return how == AuthInfo::next_nonce || how == AuthInfo::next_nonce_only ||
         how == AuthInfo::dead_next_nonce;
}

// Kamailio writes its whole list even for a client that sent no qop.
WrittenHeader authentication_info(AuthInfo how, DigestInput input, std::string next_nonce) {
  const std::string name{header_name(HeaderId::authentication_info)};
  if (how == AuthInfo::empty) return {name, ""};
  if (how == AuthInfo::dead_next_nonce) std::ranges::reverse(next_nonce);
  std::vector<WrittenParameter> list;
  if (has_next_nonce(how)) list.push_back({"nextnonce", std::move(next_nonce)});
  if (how == AuthInfo::next_nonce_only) return {name, write_authentication_info(list)};

  input.body = {};
  const auto trace = compute_rspauth(input);
  auto rspauth = trace ? std::string{trace->response.view()} : std::string{};
  if (how == AuthInfo::wrong_rspauth) std::ranges::reverse(rspauth);
  const bool whole = has_next_nonce(how);
  const auto quoting = how == AuthInfo::quoted_count ? Quoting::quoted : Quoting::as_due;
  const WrittenParameter qop{"qop", std::string{qop_name(input.qop)}, quoting};
  if (whole) list.push_back(qop);
  list.push_back({"rspauth", std::move(rspauth)});
  if (input.qop == Qop::none && !whole) return {name, write_authentication_info(list)};
  if (!whole && how != AuthInfo::no_qop) list.push_back(qop);
  auto cnonce = std::string{input.cnonce};
  if (how == AuthInfo::other_cnonce) std::ranges::reverse(cnonce);
  list.push_back({"cnonce", std::move(cnonce)});
  if (how != AuthInfo::no_count) list.push_back({"nc", std::string{input.nc}, quoting});
  return {name, write_authentication_info(list)};
}

}  // namespace sipauth::registrar
