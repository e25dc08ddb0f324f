#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <utility>

#include "commands/digest_fields.hpp"
#include "commands/digest_fields_detail.hpp"
#include "results/escape.hpp"
#include "sipauth/address.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {

using results::for_terminal;
using namespace detail;

namespace {

// RFC 5987 3.2: charset'language'value with %XX. Anything else is taken as it stands.
std::string decode_extended(std::string_view text) {
  const auto value = text.substr(text.rfind('\'') + 1);
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; };
  std::string decoded;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] == '%' && at + 2 < value.size() && is_hex(value[at + 1]) &&
        is_hex(value[at + 2])) {
      decoded += static_cast<char>(digit(value[at + 1]) << 4 | digit(value[at + 2]));
      at += 2;
    } else {
      decoded += value[at];
    }
  }
  return decoded;
}

// Whose name is hashed? Perhaps that of From or To.
std::string owner_of_hash(const Credentials& credentials, const Paste& paste) {
  const auto* algorithm = algorithm_named(credentials.algorithm().value_or(""));
  if (algorithm == nullptr) return {};
  const auto realm = unquote(credentials.realm().value_or(""));
  for (const auto value : {paste.from, paste.to}) {
    Diagnostics ignored;
    const auto address = NameAddr::parse(value, ignored);
    if (!address) continue;
    const auto hash = compute_userhash(*algorithm, address->uri.user, realm);
    if (hash && equal_digests(hash->view(), credentials.username().value_or(""))) {
      return std::string{address->uri.user};
    }
  }
  return {};
}

std::expected<void, results::Error> set_user(const DigestOptions& options,
                                             const Credentials& credentials, const Paste& paste,
                                             DigestFields& fields) {
  const auto extended = credentials.value("username*");
  if (credentials.username()) {
    fields.username = spelt(credentials.username());
  } else if (extended) {
    fields.username = same_spelling(decode_extended(*extended));
  }
  fields.userhash = same(credentials.userhash().value_or(""), "true");
  if (fields.userhash) {
    fields.sent_username = fields.username.meant;
    const auto owner = options.user.empty() ? owner_of_hash(credentials, paste) : options.user;
    if (owner.empty() && options.ha1_file.empty()) {
      return usage("The user name is hashed (userhash=true): say with --user whose it is.");
    }
    fields.username = same_spelling(owner);
  } else if (given_otherwise(options.user, fields.username.meant)) {
    fields.notes.push_back(fmt::format("--user is not looked at: the credentials are those of {}.",
                                       for_terminal(fields.username.meant)));
  }
  return {};
}

std::expected<void, results::Error> set_sent_qop(const Credentials& credentials,
                                                 DigestFields& fields) {
  fields.qop_text = std::string{trim(credentials.qop().value_or(""))};
  if (const auto qop = qop_named(fields.qop_text)) {
    fields.qop = *qop;
    return {};
  }
  // A client that sends the offered list back hashed one of its words.
  for (const auto qop : {Qop::auth, Qop::auth_int}) {
    if (!qop_offers(fields.qop_text, qop_name(qop))) continue;
    fields.qop = qop;
    fields.notes.push_back(fmt::format("qop=\"{}\" is a list; {} was taken for the chosen one.",
                                       for_terminal(fields.qop_text), qop_name(qop)));
    return {};
  }
  return usage(fmt::format("No digest is known for qop={}.", for_terminal(fields.qop_text)));
}

std::expected<void, results::Error> require_parameters(const Credentials& credentials) {
  std::string missing;
  for (const std::string_view name : {"realm", "nonce", "uri", "response"}) {
    if (!credentials.value(name)) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", name);
  }
  if (!credentials.username() && !credentials.value("username*")) {
    missing += fmt::format("{}username", missing.empty() ? "" : ", ");
  }
  if (missing.empty()) return {};
  return usage(fmt::format("The credentials lack {}.", missing));
}

void note_ignored_options(const DigestOptions& options, DigestFields& fields) {
  const std::initializer_list<std::pair<std::string_view, bool>> given{
      {"--nonce", given_otherwise(options.nonce, fields.nonce.meant)},
      {"--cnonce", given_otherwise(options.cnonce, fields.cnonce.meant)},
      {"--nc", given_otherwise(options.nc, fields.nc)},
      {"--qop", given_otherwise(options.qop, fields.qop_text)},
      {"--algorithm", given_otherwise(options.algorithm, fields.algorithm_name)},
      {"--opaque", given_otherwise(options.opaque, fields.opaque)},
  };
  for (const auto& [name, ignored] : given) {
    if (ignored) {
      fields.notes.push_back(
          fmt::format("{} is not looked at: the credentials have their own.", name));
    }
  }
}

Fields verify(const DigestOptions& options, const Credentials& credentials, const Paste& paste) {
  DigestFields fields;
  for (auto set : {require_parameters(credentials), set_sent_qop(credentials, fields),
                   set_user(options, credentials, paste, fields),
                   set_algorithm(std::string{credentials.algorithm().value_or("")}, fields)}) {
    if (!set) return std::unexpected{std::move(set.error())};
  }
  fields.realm = spelt(credentials.realm());
  fields.uri = spelt(credentials.uri());
  fields.nonce = spelt(credentials.nonce());
  fields.cnonce = spelt(credentials.cnonce());
  fields.nc = std::string{credentials.nc().value_or("")};
  fields.opaque = spelt(credentials.opaque()).meant;
  fields.auts = spelt(credentials.auts()).meant;
  fields.response = std::string{trim(*credentials.response())};
  note_ignored_options(options, fields);
  return fields;
}

}  // namespace

std::expected<std::vector<DigestFields>, results::Error> fields_of_credentials(
    const DigestOptions& options, const Paste& paste, const std::string* body) {
  std::vector<DigestFields> all;
  std::optional<results::Error> first_error;
  for (const auto& [name, value] : paste.rows) {
    Diagnostics ignored;
    const auto credentials = Credentials::parse(value, ignored);
    auto fields = [&]() -> Fields {
      if (!credentials) return usage(std::string{credentials.error().sentence()});
      if (credentials->is_digest()) return verify(options, *credentials, paste);
      return usage(fmt::format("Only Digest credentials can be verified, not {}.",
                               for_terminal(credentials->scheme())));
    }();
    if (fields && given_otherwise(options.realm, fields->realm.meant)) {
      fields = usage(fmt::format("The credentials are for the realm {}, not for --realm.",
                                 for_terminal(fields->realm.meant)));
    }
    if (!fields) {
      if (!first_error) first_error = std::move(fields.error());
      continue;
    }
    fields->header = name.empty() ? "Authorization" : std::string{name};
    fields->method = method_of(options, paste);
    fields->request_uri = options.uri.empty() ? std::string{paste.request_uri} : options.uri;
    fields->from = paste.from;
    fields->to = paste.to;
    fields->contact = paste.contact;
    std::ranges::move(notes_on(paste), std::back_inserter(fields->notes));
    fields->body = body ? *body : std::string{paste.body};
    if (!body) fields->body_with_crlf = paste.body_with_crlf.value_or("");
    all.push_back(std::move(*fields));
  }
  if (!all.empty()) return all;
  if (first_error) return std::unexpected{std::move(*first_error)};
  return usage("There is no Authorization or Proxy-Authorization in this text.");
}

}  // namespace sipauth::commands
