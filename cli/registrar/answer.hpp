// The text of an answer: what RFC 3261 8.2.6 copies from the request, and the challenge as the
// profile spells it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registrar/profile.hpp"
#include "registrar/request.hpp"
#include "sipauth/message.hpp"
#include "sipauth/write.hpp"

namespace sipauth::registrar {

struct AnswerParts {
  int status = 200;
  std::string_view reason = {};  ///< empty: the usual phrase
  std::string_view to_tag = {};  ///< added when To has none; empty: not added
  std::vector<WrittenHeader> headers = {};
};

/// `source` goes into the topmost Via (RFC 3261 18.2.1, RFC 3581 4).
[[nodiscard]] std::string write_answer(const Profile& profile, const Message& request,
                                       std::string_view source, const AnswerParts& parts);

/// Where an answer over datagrams goes, `127.0.0.1:5066`; empty: whence the request came.
[[nodiscard]] std::string way_back(ReturnRules::To to, const Request& request,
                                   std::string_view source);

struct ChallengeParts {
  std::string_view realm;
  std::string_view nonce;
  std::string_view opaque;
  bool stale = false;
};

/// The rows of WWW-Authenticate or Proxy-Authenticate; none when the profile sends none.
[[nodiscard]] std::vector<WrittenHeader> challenge_headers(const Profile& profile,
                                                           const ChallengeParts& parts);

}  // namespace sipauth::registrar
