#include "commands/digest_fields.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "commands/digest_fields_detail.hpp"
#include "results/escape.hpp"
#include "sipauth/auth_params.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {

using results::for_terminal;
using namespace detail;

namespace {

constexpr std::string_view first_nc = "00000001";

std::expected<void, results::Error> set_qop(const std::string& name, DigestFields& fields) {
  const auto qop = qop_named(name);
  if (!qop)
    return usage(fmt::format("--qop is auth, auth-int or none, not {}.", for_terminal(name)));
  fields.qop = *qop;
  fields.qop_text = qop_name(*qop);
  return {};
}

bool needs_cnonce(const DigestFields& fields) {
  return fields.qop != Qop::none || fields.algorithm->session;
}

// nc and cnonce as given, or as a client would choose them.
void choose_count_and_cnonce(const DigestOptions& options, DigestFields& fields) {
  fields.nc = options.nc;
  fields.cnonce = same_spelling(options.cnonce);
  if (fields.qop != Qop::none && fields.nc.empty()) fields.nc = first_nc;
  if (needs_cnonce(fields) && options.cnonce.empty()) {
    fields.cnonce = same_spelling(random_cnonce());
    fields.notes.push_back("The cnonce is a random one.");
  }
  if (!fields.nc.empty() &&
      (fields.nc.size() != first_nc.size() || !std::ranges::all_of(fields.nc, is_lower_hex))) {
    fields.notes.push_back("The nc does not have eight lower-case hex digits (RFC 3261 25.1).");
  }
}

std::expected<void, results::Error> require(
    std::initializer_list<std::pair<std::string_view, const std::string*>> needed) {
  std::string missing;
  for (const auto& [name, value] : needed) {
    if (value->empty()) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", name);
  }
  if (missing.empty()) return {};
  return usage(fmt::format("A digest needs {} as well.", missing));
}

// --- challenges ---

// Which qop to answer with; nullopt when none of the offered ones is known.
std::optional<Qop> offered_qop(const Challenge& challenge) {
  const auto offered = challenge.qop();
  if (!offered || trim(*offered).empty()) return Qop::none;
  for (const auto qop : {Qop::auth, Qop::auth_int}) {
    if (qop_offers(*offered, qop_name(qop))) return qop;
  }
  return std::nullopt;
}

// Why a challenge cannot be answered; nullopt when it can.
std::optional<std::string> obstacle(const Challenge& challenge, const DigestOptions& options) {
  if (!challenge.is_digest()) {
    return fmt::format("the scheme is {}", for_terminal(challenge.scheme()));
  }
  if (!challenge.realm()) return "it has no realm";
  if (!challenge.nonce()) return "it has no nonce";
  const auto realm = unquote(*challenge.realm());
  if (given_otherwise(options.realm, realm)) {
    return fmt::format("its realm is {}", for_terminal(realm));
  }
  const auto algorithm = challenge.algorithm().value_or("");
  if (algorithm_named(algorithm) == nullptr) {
    return fmt::format("the algorithm {} is not known", for_terminal(algorithm));
  }
  if (!options.algorithm.empty() &&
      !same(options.algorithm, algorithm.empty() ? "MD5" : algorithm)) {
    return fmt::format("its algorithm is {}", algorithm.empty() ? "MD5" : for_terminal(algorithm));
  }
  if (!offered_qop(challenge)) {
    return fmt::format("of its qop {} none is known", for_terminal(*challenge.qop()));
  }
  return std::nullopt;
}

Fields answer(const DigestOptions& options, const Challenge& challenge) {
  DigestFields fields;
  fields.algorithm_name = std::string{challenge.algorithm().value_or("")};
  if (auto set = set_algorithm(fields.algorithm_name, fields); !set) {
    return std::unexpected{std::move(set.error())};
  }
  fields.qop = offered_qop(challenge).value_or(Qop::none);
  fields.qop_text = qop_name(fields.qop);
  if (!options.qop.empty()) {
    if (auto set = set_qop(options.qop, fields); !set) {
      return std::unexpected{std::move(set.error())};
    }
  }
  fields.realm = spelt(challenge.realm());
  fields.nonce = spelt(challenge.nonce());
  fields.has_opaque = challenge.opaque().has_value();
  fields.opaque = spelt(challenge.opaque()).meant;
  fields.userhash = options.userhash || same(challenge.userhash().value_or(""), "true");
  fields.is_unicode = same(challenge.charset().value_or(""), "UTF-8");
  return fields;
}

}  // namespace

namespace detail {

Spelt spelt(std::optional<std::string_view> between_quotes) {
  const auto written = between_quotes.value_or("");
  return {.meant = unquote(written), .written = std::string{written}};
}

const Algorithm* algorithm_named(std::string_view name) {
  for (const std::string_view aka : {"AKAv1-", "AKAv2-"}) {
    if (same(name.substr(0, aka.size()), aka)) name.remove_prefix(aka.size());
  }
  return find_algorithm(name);
}

std::optional<Qop> qop_named(std::string_view name) {
  if (name.empty() || same(name, "none")) return Qop::none;
  for (const auto qop : {Qop::auth, Qop::auth_int}) {
    if (same(name, qop_name(qop))) return qop;
  }
  return std::nullopt;
}

std::expected<void, results::Error> set_algorithm(const std::string& name, DigestFields& fields) {
  fields.algorithm_name = name;
  fields.algorithm = algorithm_named(name);
  if (fields.algorithm != nullptr) return {};
  std::string known;
  for (const auto& row : algorithms()) known += fmt::format(" {}", row.name);
  return usage(fmt::format("No digest is known for the algorithm {}; known are:{}.",
                           for_terminal(name), known));
}

std::string method_of(const DigestOptions& options, const Paste& paste) {
  if (!options.method.empty()) return options.method;
  return paste.method.empty() ? "REGISTER" : std::string{paste.method};
}

}  // namespace detail

DigestInput DigestFields::input(const FoundPassword& password) const {
  const auto secret = password.secret.reveal();
  return {.algorithm = algorithm,
          .qop = qop,
          .username = username.meant,
          .realm = realm.meant,
          .password = password.is_ha1 ? std::string_view{} : secret,
          .ha1 = password.is_ha1 ? secret : std::string_view{},
          .method = method,
          .uri = uri.meant,
          .nonce = nonce.meant,
          .nc = nc,
          .cnonce = cnonce.meant,
          .body = body};
}

std::string random_cnonce() {
  std::array<unsigned char, 8> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error{errno, std::generic_category(), "getrandom"};
  }
  std::string text;
  for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

Fields fields_of_options(const DigestOptions& options, std::string body) {
  const std::string stored = "-";  // user and realm went into a stored HA1
  const bool has_ha1 = !options.ha1_file.empty();
  if (auto complete = require({{"--user", has_ha1 ? &stored : &options.user},
                               {"--realm", has_ha1 ? &stored : &options.realm},
                               {"--uri", &options.uri},
                               {"--nonce", &options.nonce}});
      !complete) {
    return std::unexpected{std::move(complete.error())};
  }
  DigestFields fields;
  for (auto set : {set_algorithm(options.algorithm, fields), set_qop(options.qop, fields)}) {
    if (!set) return std::unexpected{std::move(set.error())};
  }
  fields.header = "Authorization";
  fields.username = same_spelling(options.user);
  fields.realm = same_spelling(options.realm);
  fields.uri = same_spelling(options.uri);
  fields.nonce = same_spelling(options.nonce);
  fields.opaque = options.opaque;
  fields.userhash = options.userhash;
  fields.response = options.response;
  fields.has_opaque = !options.opaque.empty();
  fields.method = method_of(options, {});
  fields.body = std::move(body);
  choose_count_and_cnonce(options, fields);
  return fields;
}

Fields fields_of_challenge(const DigestOptions& options, const Paste& paste, std::string body) {
  if (auto complete = require({{"--user", &options.user}, {"--uri", &options.uri}}); !complete) {
    return std::unexpected{std::move(complete.error())};
  }
  std::string obstacles;
  std::size_t seen = 0;
  for (const auto& [name, value] : paste.rows) {
    std::optional<std::size_t> offset = 0;
    while (offset && seen++ < limits::challenges) {
      Diagnostics ignored;
      const auto challenge = Challenge::parse(value, *offset, ignored);
      if (!challenge) {
        obstacles += fmt::format(" {}", challenge.error().sentence());
        break;
      }
      offset = challenge->next_challenge();
      if (const auto reason = obstacle(*challenge, options)) {
        obstacles += fmt::format(" {}.", *reason);
        continue;
      }
      auto fields = answer(options, *challenge);
      if (!fields) return fields;
      const bool is_proxy = header_id(name) == HeaderId::proxy_authenticate;
      fields->header = is_proxy ? "Proxy-Authorization" : "Authorization";
      fields->username = same_spelling(options.user);
      fields->uri = same_spelling(options.uri);
      fields->method = method_of(options, paste);
      fields->body = std::move(body);
      std::ranges::move(notes_on(paste), std::back_inserter(fields->notes));
      choose_count_and_cnonce(options, *fields);
      return fields;
    }
  }
  if (seen == 0) return usage("There is no WWW-Authenticate or Proxy-Authenticate in this text.");
  return usage(fmt::format("No challenge here can be answered:{}", obstacles));
}

}  // namespace sipauth::commands
