// Why a response does not match: a search for the usual mistake, or the two, that reproduce it.
//
// Each cause is a row of a table in lib/src/explain_*_causes.cpp. It is named only when the digest
// computed with it is the one that was received, so an explanation is never a guess. Everything
// here allocates; nothing throws but for want of memory. Copies of passwords that the search makes
// are wiped.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/digest.hpp"

namespace sipauth {

struct Explanation {
  std::string_view id = {};  ///< stable: `uri-with-port`, `other-method`, ...
  /// What was hashed, as a sentence for a person; holds no secret, but what peers wrote.
  std::string text = {};
  std::string_view meaning = {};  ///< what that says of the phone or the server: one sentence
  std::string_view field = {};    ///< the DigestInput member that was other
  std::string value = {};         ///< what it was; empty where it would tell the secret
  /// What else was other, when two mistakes together reproduce the response; each with a sentence
  /// of its own. Empty for a single mistake.
  std::vector<Explanation> also = {};
};

/// What the verifier knows beside the digest's inputs: other values that might have been hashed.
/// All are optional, and views that must live through the call.
struct ExplainContext {
  std::string_view request_uri = {};  ///< of the request, when it differs from the digest's uri
  std::string_view domain = {};       ///< for user@domain
  // Between the quotes of the credentials, with their backslashes.
  std::string_view raw_realm = {};
  std::string_view raw_username = {};
  std::string_view raw_nonce = {};
  std::string_view raw_cnonce = {};
  std::string_view raw_uri = {};
  /// The user name as it was sent with userhash=true, in hex.
  std::string_view sent_username = {};
  std::string_view sent_qop = {};     ///< as written in the credentials
  std::string_view offered_qop = {};  ///< as written in the challenge
  // Values of the request's headers, as written.
  std::string_view from = {};
  std::string_view to = {};
  std::string_view contact = {};
  // From other messages of the same peer, the nearest first; eight of each are looked at.
  std::span<const std::string_view> realms = {};
  std::span<const std::string_view> nonces = {};
  std::span<const std::string_view> cnonces = {};
  /// The body as it may have stood before a clipboard or a log changed its line ends.
  std::string_view body_on_the_wire = {};
  // Normal forms of Unicode, from whoever has its tables: the library has not.
  std::string_view username_nfc = {};
  std::string_view username_nfd = {};
  std::string_view password_nfc = {};
  std::string_view password_nfd = {};
  // Passwords that an AKA nonce leads to (RFC 3310, RFC 4169).
  std::string_view akav1_password = {};
  std::string_view akav2_password = {};
};

struct ExplanationSearch {
  /// Every single mistake that reproduces the response, the usual first; when there is none, every
  /// pair. Never more than 16.
  std::vector<Explanation> explanations = {};
  std::size_t tried = 0;  ///< digests that were computed and compared
  /// False when a bound ended the search: more than 65536 digests or 64 MiB to hash, which only
  /// values of thousands of bytes lead to.
  bool complete = true;
};

/// `expected` is the response as received. Tries every cause alone, then every two of different
/// fields, or of one field where both can be true of it (a uri with a port and a user more).
[[nodiscard]] SIPAUTH_API ExplanationSearch explain_mismatch(const DigestInput& input,
                                                             std::string_view expected,
                                                             const ExplainContext& context = {});

/// A row of the table, for lists and manuals.
struct KnownCause {
  std::string_view id = {};
  std::string_view field = {};
  std::string_view sentence = {};  ///< `{}` stands for the other value, `{given}` for the right one
  std::string_view meaning = {};
};

/// All causes, the usual first. An id may stand in several rows.
[[nodiscard]] SIPAUTH_API std::vector<KnownCause> known_causes();

}  // namespace sipauth
