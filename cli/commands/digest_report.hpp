// A digest with all its steps, verified or not, as text for people and as JSON.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "commands/credentials.hpp"
#include "commands/digest_context.hpp"
#include "commands/digest_fields.hpp"
#include "commands/document.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/explain.hpp"

namespace sipauth::commands {

struct DigestReport {
  DigestFields fields = {};
  DigestTrace trace = {};
  std::optional<HexDigest> rspauth =
      {};                 ///< not with auth-int, which hashes the body of a response
  bool verified = false;  ///< `match` and `search` mean something
  bool match = false;
  ExplanationSearch search = {};
  std::optional<HexDigest> userhash = {};  ///< when the user name is sent hashed
  std::string authorization = {};          ///< the header value that answers a challenge, or empty
};

/// The digest of the fields as they stand.
[[nodiscard]] std::expected<DigestReport, DigestError> compute_report(
    DigestFields fields, const FoundPassword& password);

/// Compares it with the response that the fields hold. RFC 2617 hashes the backslashes of a
/// quoted-string and RFC 7616 does not, and a clipboard takes the CR from a body: every such
/// reading is tried before a mismatch is said, and the one that fits is named in the notes.
[[nodiscard]] std::expected<DigestReport, DigestError> verify_report(DigestFields fields,
                                                                     const FoundPassword& password,
                                                                     const Neighbours& neighbours,
                                                                     const std::string& domain);

/// The same with the header value to send, where the user name is known: the answer to a challenge.
[[nodiscard]] std::expected<DigestReport, DigestError> answer_report(DigestFields fields,
                                                                     const FoundPassword& password);

/// Of credentials that do not match and that no mistake in another value explains, a value that
/// somebody made unreadable: nothing can be said of them then. Both are empty when there is none.
struct RedactedValue {
  std::string_view name = {};
  std::string_view value = {};  ///< in the report
};
[[nodiscard]] RedactedValue redacted_value(const DigestReport& report);

[[nodiscard]] Document render_digest(const DigestReport& report, int exit_code);

}  // namespace sipauth::commands
