// Why a response does not match: which usual mistake reproduces it.
//
// Each cause is a row of a table; it is named only when the digest computed with it is the expected
// one. Allocates the list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sipauth/digest.hpp"

namespace sipauth {

struct Explanation {
  std::string_view id = {};     ///< stable: `uri-with-port`, `other-method`, ...
  std::string text = {};        ///< a sentence for a person; holds no secret, but what peers wrote
  std::string_view field = {};  ///< the DigestInput member that was other
  std::string value = {};       ///< what it was; empty where it would tell the secret
  /// What else was other, when two mistakes together reproduce the response; each with a sentence
  /// of its own. Empty for a single mistake.
  std::vector<Explanation> also = {};
};

/// What the verifier knows beside the digest's inputs: other spellings that might have been hashed.
struct ExplainContext {
  std::string_view request_uri = {};  ///< of the request, when it differs from the digest's uri
  std::string_view domain = {};       ///< for user@domain
  std::string_view raw_realm = {};    ///< with its backslashes
  std::string_view raw_username = {};
};

/// `expected` is the response as received. Every explanation that reproduces it is listed, the
/// usual first; pairs of mistakes are tried only when no single one does. None found is an empty
/// list. At most a few hundred digests are computed, whatever the input.
[[nodiscard]] SIPAUTH_API std::vector<Explanation> explain_mismatch(
    const DigestInput& input, std::string_view expected, const ExplainContext& context = {});

}  // namespace sipauth
