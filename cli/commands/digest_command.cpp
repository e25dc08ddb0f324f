#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "commands/credentials.hpp"
#include "commands/digest_aka.hpp"
#include "commands/digest_charset.hpp"
#include "commands/digest_context.hpp"
#include "commands/digest_fields.hpp"
#include "commands/digest_report.hpp"
#include "commands/document.hpp"
#include "commands/input.hpp"
#include "commands/options.hpp"
#include "commands/paste.hpp"
#include "commands/run.hpp"
#include "results/escape.hpp"
#include "sipauth/address.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/limits.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

constexpr int matches = 0;
constexpr int mismatches = 1;

// A trace of several messages is read, and its first message with credentials looked for.
constexpr std::size_t max_paste_bytes = 16 * limits::message_bytes;

using Reported = std::expected<DigestReport, Error>;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

Error error_of(const DigestError& error) {
  using enum DigestError::Kind;
  const bool is_ours = error.kind == no_libcrypto || error.kind == no_hash;
  return {is_ours ? "internal" : "usage", std::string{error.sentence()}};
}

bool takes_standard_input(const DigestOptions& options) {
  for (const auto* text : {&options.file, &options.header, &options.challenge, &options.response,
                           &options.body_file}) {
    if (*text == "-") return true;
  }
  return false;
}

std::expected<void, Error> check(const DigestOptions& options) {
  const auto count = [](std::initializer_list<bool> all) { return std::ranges::count(all, true); };
  if (count({!options.challenge.empty(), !options.header.empty(), !options.file.empty(),
             !options.response.empty()}) > 1) {
    return usage(
        "Give one of FILE, --challenge, to answer one, --header, to verify credentials, and "
        "--response, to verify what the other options say.");
  }
  if (count({options.file == "-", options.header == "-", options.challenge == "-",
             options.response == "-", options.body_file == "-"}) > 1) {
    return usage("Standard input cannot be the header and the body at once.");
  }
  return {};
}

std::expected<std::string, Error> text_or_standard_input(const std::string& argument) {
  if (argument != "-") return argument;
  auto text = read_text_input("-", max_paste_bytes);
  if (!text) return usage(std::move(text.error()));
  return std::move(*text);
}

std::expected<std::string, Error> read_body(const DigestOptions& options) {
  if (options.body_file.empty()) return "";
  auto body = read_input(options.body_file, limits::message_bytes);
  if (!body) return usage(std::move(body.error()));
  return std::move(*body);
}

// What all three ways need besides the options.
struct Given {
  const GlobalOptions& global;
  const DigestOptions& options;
  const Card& card;
  std::string body;
};

std::expected<FoundPassword, Error> password_for(const Given& given, DigestFields& fields,
                                                 bool verifies) {
  const auto& options = given.options;
  if (given.card) return password_of_card(*given.card, fields, verifies);
  auto found =
      find_password({.password_file = options.password_file,
                     .ha1_file = options.ha1_file,
                     .standard_input_taken = takes_standard_input(options),
                     .prompt = !given.global.no_input,
                     .prompt_text = fmt::format(
                         "Password of {} in {}: ", results::for_terminal(fields.username.meant),
                         results::for_terminal(fields.realm.meant))});
  if (!found) return usage(std::move(found.error()));
  if (*found) return std::move(**found);
  return std::unexpected{Error{"no-password",
                               "A digest needs a password: --password-file, --ha1-file, "
                               "--aka-file or SIPAUTH_PASSWORD."}};
}

// The same in the charset that was asked for.
std::expected<FoundPassword, Error> encoded_password_for(const Given& given, DigestFields& fields,
                                                         bool verifies) {
  auto password = password_for(given, fields, verifies);
  if (!password) return password;
  if (auto applied = apply_charset(given.options, fields, *password); !applied) {
    return std::unexpected{std::move(applied.error())};
  }
  return password;
}

Reported computed(std::expected<DigestReport, DigestError> report) {
  if (!report) return std::unexpected{error_of(report.error())};
  return std::move(*report);
}

constexpr std::string_view redacted_kind = "redacted";

// The same of what is verified: where a value is not there any more, there is no verdict.
Reported judged(std::expected<DigestReport, DigestError> report) {
  auto reported = computed(std::move(report));
  if (!reported) return reported;
  const auto redacted = redacted_value(*reported);
  if (redacted.name.empty()) return reported;
  return std::unexpected{
      Error{std::string{redacted_kind},
            fmt::format("The {} was made unreadable ({}): these credentials cannot be verified.",
                        redacted.name, results::for_terminal(redacted.value))}};
}

Reported compute(const Given& given) {
  auto options = given.options;
  if (auto response = text_or_standard_input(options.response)) {
    options.response = trim(*response);
  } else {
    return std::unexpected{std::move(response.error())};
  }
  auto fields = fields_of_options(options, given.body);
  if (!fields) return std::unexpected{std::move(fields.error())};
  const bool verifies = !fields->response.empty();
  const auto password = encoded_password_for(given, *fields, verifies);
  if (!password) return std::unexpected{password.error()};
  if (!verifies) return computed(answer_report(std::move(*fields), *password));
  Neighbours neighbours;
  if (given.card) set_aka_passwords(*given.card, *fields, neighbours);
  return computed(verify_report(std::move(*fields), *password, neighbours, options.domain));
}

// User and uri that were not given are those of the request in the text.
Reported answer(const Given& given, std::string_view text) {
  auto options = given.options;
  auto body = given.body;
  if (const auto request = first_request(text)) {
    Diagnostics ignored;
    const auto from = NameAddr::parse(request->from, ignored);
    if (options.user.empty() && from) options.user = from->uri.user;
    if (options.uri.empty()) options.uri = request->request_uri;
    if (options.method.empty()) options.method = request->method;
    if (options.body_file.empty()) body = request->body;
  }
  auto fields = fields_of_challenge(options, read_paste(text, Wanted::challenges), std::move(body));
  if (!fields) return std::unexpected{std::move(fields.error())};
  const auto password = encoded_password_for(given, *fields, false);
  if (!password) return std::unexpected{password.error()};
  return computed(answer_report(std::move(*fields), *password));
}

// Verifies credentials with the one password that was asked for; that of AKA belongs to each nonce.
class Verifier {
 public:
  Verifier(const Given& given, std::string_view text)
      : given_{given}, neighbours_{Neighbours::of(text)} {}

  /// Of the credentials of one message, those that match; else the first.
  Reported verify(const Paste& paste) {
    auto all = fields_of_credentials(given_.options, paste,
                                     given_.options.body_file.empty() ? nullptr : &given_.body);
    if (!all) return std::unexpected{std::move(all.error())};
    std::optional<Reported> first;
    for (auto& fields : *all) {
      if (all->size() > 1) {
        fields.notes.push_back(fmt::format(
            "The message holds {} credentials; this is about {} for the realm {}.", all->size(),
            results::for_terminal(fields.header), results::for_terminal(fields.realm.meant)));
      }
      auto report = verify(std::move(fields));
      if (report && report->match) return report;
      if (!first || (!*first && report)) first = std::move(report);
    }
    return std::move(*first);
  }

 private:
  Reported verify(DigestFields fields) {
    if (!password_ || given_.card) {
      auto found = encoded_password_for(given_, fields, true);
      if (!found) return std::unexpected{std::move(found.error())};
      password_ = std::move(*found);
    }
    if (given_.card) set_aka_passwords(*given_.card, fields, neighbours_);
    return judged(verify_report(std::move(fields), *password_, neighbours_, given_.options.domain));
  }

  const Given& given_;
  Neighbours neighbours_;
  std::optional<FoundPassword> password_;
};

std::string which_of(std::size_t index, std::size_t count) {
  return fmt::format("The text holds {} requests with credentials; this is number {}.", count,
                     index + 1);
}

std::string how_many_match(std::size_t count, std::size_t redacted) {
  if (redacted == 0) {
    return fmt::format("The text holds {} requests with credentials; all match.", count);
  }
  return fmt::format(
      "The text holds {} requests with credentials; {} match, and values of the others were made "
      "unreadable.",
      count, count - redacted);
}

// What was assumed for a request that matches too.
void add_new_notes(const DigestReport& of, DigestReport& to) {
  auto& notes = to.fields.notes;
  for (const auto& note : of.fields.notes) {
    if (std::ranges::find(notes, note) == notes.end()) notes.push_back(note);
  }
}

// Of several requests the first one that does not match; else the first that does.
Reported verify(const Given& given, std::string_view text) {
  const auto pastes = read_pastes(text, Wanted::credentials);
  Verifier verifier{given, text};
  if (pastes.size() < 2) return verifier.verify(pastes.empty() ? Paste{} : pastes.front());
  std::optional<Reported> first;
  std::size_t redacted = 0;
  for (std::size_t i = 0; i < pastes.size(); ++i) {
    auto report = verifier.verify(pastes[i]);
    if (!report && report.error().kind != redacted_kind) return report;
    if (report && !report->match) {
      report->fields.notes.push_back(which_of(i, pastes.size()));
      return report;
    }
    redacted += report ? 0 : 1;
    if (first && *first && report) add_new_notes(*report, **first);
    if (!first || (!*first && report)) first = std::move(report);
  }
  if (*first) (*first)->fields.notes.push_back(how_many_match(pastes.size(), redacted));
  return std::move(*first);
}

// A bare value says by its response that it is one of credentials.
bool holds_credentials(std::string_view text) {
  for (const auto& paste : read_pastes(text, Wanted::credentials)) {
    for (const auto& row : paste.rows) {
      Diagnostics ignored;
      const auto credentials = Credentials::parse(row.value, ignored);
      if (!row.name.empty() || (credentials && credentials->response())) return true;
    }
  }
  return false;
}

Reported read_file(const Given& given) {
  const auto text = read_text_input(given.options.file, max_paste_bytes);
  if (!text) return usage(text.error());
  if (holds_credentials(*text)) return verify(given, *text);
  if (!read_pastes(*text, Wanted::challenges).empty()) return answer(given, *text);
  return usage(
      "There are neither credentials (Authorization, Proxy-Authorization) nor a challenge "
      "(WWW-Authenticate, Proxy-Authenticate) in this text.");
}

Reported report_of(const GlobalOptions& global, const DigestOptions& options) {
  if (auto checked = check(options); !checked) return std::unexpected{std::move(checked.error())};
  auto body = read_body(options);
  if (!body) return std::unexpected{std::move(body.error())};
  const auto card = card_of(options, takes_standard_input(options));
  if (!card) return std::unexpected{card.error()};
  const Given given{global, options, *card, std::move(*body)};
  if (!options.file.empty()) return read_file(given);
  if (options.header.empty() && options.challenge.empty()) return compute(given);
  const auto text =
      text_or_standard_input(options.header.empty() ? options.challenge : options.header);
  if (!text) return std::unexpected{text.error()};
  return options.header.empty() ? answer(given, *text) : verify(given, *text);
}

}  // namespace

int run_digest(const GlobalOptions& global, const DigestOptions& options) {
  const auto outputs = document_outputs(global, "digest");
  if (!outputs) return put_out_error(global, "digest", outputs.error());
  const auto report = report_of(global, options);
  if (!report) return put_out_error(global, "digest", report.error());
  const int exit_code = report->verified && !report->match ? mismatches : matches;
  return put_out_document(*outputs, render_digest(*report, exit_code), exit_code);
}

}  // namespace sipauth::commands
