// Whom a certificate is for (RFC 5922 7.1 and 7.2).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sipauth::net {

/// The identities of a certificate, byte for byte as it holds them (a NUL inside stays one).
struct CertificateNames {
  std::vector<std::string> uris;       ///< of subjectAltName
  std::vector<std::string> dns;        ///< of subjectAltName
  std::vector<std::string> addresses;  ///< of subjectAltName, as text without brackets
  std::string common_name;             ///< the most specific CN of the subject
  bool has_alternative_names = false;  ///< an extension subjectAltName, whatever is in it

  /// `URI:sip:example.com, DNS:example.com`, or `CN:example.com`; control characters as `?`.
  [[nodiscard]] std::string text() const;
};

enum class NameMatch {
  none,
  exact,
  wildcard,  ///< as on the web; RFC 5922 7.2 does not allow it
};

/// Is it for `domain`? A URI sip:domain counts first; DNS names only when there is no such URI, and
/// the CN only when there is no subjectAltName at all. An address is matched by an address or a
/// URI.
[[nodiscard]] NameMatch match_certificate(const CertificateNames& names, std::string_view domain);

/// A name that may go into SNI: no address, no brackets.
[[nodiscard]] bool is_dns_name(std::string_view host);

}  // namespace sipauth::net
