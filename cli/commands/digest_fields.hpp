// What goes into a digest, gathered from options, from a challenge or from credentials.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "commands/credentials.hpp"
#include "commands/options.hpp"
#include "commands/paste.hpp"
#include "results/result.hpp"
#include "sipauth/digest.hpp"

namespace sipauth::commands {

/// A value of a header, and how it stood between the quotes when backslashes make that differ.
struct Spelt {
  std::string meant = {};
  std::string written = {};
};

struct DigestFields {
  std::string header = {};          ///< name of the header row they come from or go to
  std::string algorithm_name = {};  ///< as written; empty: absent, which is MD5
  const Algorithm* algorithm = find_algorithm("");
  Qop qop = Qop::none;
  std::string qop_text = {};  ///< as written; empty: absent
  Spelt username = {}, realm = {}, uri = {}, nonce = {}, cnonce = {};
  std::string nc = {}, opaque = {}, method = {}, body = {}, body_with_crlf = {}, request_uri = {};
  std::string from = {}, to = {}, contact = {};  ///< of the request they stand in
  bool has_opaque = false;
  bool userhash = false;  ///< `username` is the name itself, `sent_username` its hash
  std::string sent_username = {};
  std::string response = {};  ///< of credentials, or of --response
  bool is_unicode = false;    ///< the challenge asks for charset=UTF-8
  std::string auts = {};      ///< of AKA: the card asks for resynchronisation
  /// Sentences about what was assumed. Bytes of peers in them are escaped already.
  std::vector<std::string> notes = {};

  /// Views into this object and `password`.
  [[nodiscard]] DigestInput input(const FoundPassword& password) const;
};

using Fields = std::expected<DigestFields, results::Error>;

/// From --user, --realm, --nonce and so on.
[[nodiscard]] Fields fields_of_options(const DigestOptions& options, std::string body);

/// To answer the topmost challenge that can be: Digest, an algorithm and a qop of ours, the realm
/// of --realm when given.
[[nodiscard]] Fields fields_of_challenge(const DigestOptions& options, const Paste& paste,
                                         std::string body);

/// To verify, one for each credentials row of Digest, of the realm of --realm when given. At least
/// one, or an Error.
[[nodiscard]] std::expected<std::vector<DigestFields>, results::Error> fields_of_credentials(
    const DigestOptions& options, const Paste& paste, const std::string* body);

/// Eight random bytes of the kernel, in hex.
[[nodiscard]] std::string random_cnonce();

}  // namespace sipauth::commands
