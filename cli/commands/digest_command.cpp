#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "commands/credentials.hpp"
#include "commands/digest_aka.hpp"
#include "commands/digest_fields.hpp"
#include "commands/digest_report.hpp"
#include "commands/document.hpp"
#include "commands/input.hpp"
#include "commands/options.hpp"
#include "commands/paste.hpp"
#include "commands/run.hpp"
#include "results/escape.hpp"
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
  return options.header == "-" || options.challenge == "-" || options.body_file == "-";
}

std::expected<void, Error> check(const DigestOptions& options) {
  if (!options.challenge.empty() && !options.header.empty()) {
    return usage("Give either --challenge, to answer one, or --header, to verify credentials.");
  }
  const bool pasted = options.header == "-" || options.challenge == "-";
  if (pasted && options.body_file == "-") {
    return usage("Standard input cannot be the header and the body at once.");
  }
  return {};
}

std::expected<std::string, Error> text_or_standard_input(const std::string& argument) {
  if (argument != "-") return argument;
  auto text = read_input("-", max_paste_bytes);
  if (!text) return usage(std::move(text.error()));
  return std::move(*text);
}

std::expected<std::string, Error> read_body(const DigestOptions& options) {
  if (options.body_file.empty()) return "";
  auto body = read_input(options.body_file, limits::message_bytes);
  if (!body) return usage(std::move(body.error()));
  return std::move(*body);
}

std::expected<FoundPassword, Error> password_for(const GlobalOptions& global,
                                                 const DigestOptions& options, const Card& card,
                                                 DigestFields& fields) {
  if (card) return password_of_card(*card, fields, !options.header.empty());
  auto found =
      find_password({.password_file = options.password_file,
                     .ha1_file = options.ha1_file,
                     .standard_input_taken = takes_standard_input(options),
                     .prompt = !global.no_input,
                     .prompt_text = fmt::format(
                         "Password of {} in {}: ", results::for_terminal(fields.username.meant),
                         results::for_terminal(fields.realm.meant))});
  if (!found) return usage(std::move(found.error()));
  if (*found) return std::move(**found);
  return std::unexpected{Error{"no-password",
                               "A digest needs a password: --password-file, --ha1-file, "
                               "--aka-file or SIPAUTH_PASSWORD."}};
}

Reported computed(std::expected<DigestReport, DigestError> report) {
  if (!report) return std::unexpected{error_of(report.error())};
  return std::move(*report);
}

Reported compute(const GlobalOptions& global, const DigestOptions& options, const Card& card,
                 std::string body) {
  auto fields = fields_of_options(options, std::move(body));
  if (!fields) return std::unexpected{std::move(fields.error())};
  const auto password = password_for(global, options, card, *fields);
  if (!password) return std::unexpected{password.error()};
  return computed(compute_report(std::move(*fields), *password));
}

Reported answer(const GlobalOptions& global, const DigestOptions& options, const Card& card,
                std::string body) {
  const auto text = text_or_standard_input(options.challenge);
  if (!text) return std::unexpected{text.error()};
  auto fields =
      fields_of_challenge(options, read_paste(*text, Wanted::challenges), std::move(body));
  if (!fields) return std::unexpected{std::move(fields.error())};
  const auto password = password_for(global, options, card, *fields);
  if (!password) return std::unexpected{password.error()};
  return computed(answer_report(std::move(*fields), *password));
}

// Of several credentials, those that match; else the first.
Reported verify(const GlobalOptions& global, const DigestOptions& options, const Card& card,
                const std::string& body) {
  const auto text = text_or_standard_input(options.header);
  if (!text) return std::unexpected{text.error()};
  auto all = fields_of_credentials(options, read_paste(*text, Wanted::credentials),
                                   options.body_file.empty() ? nullptr : &body);
  if (!all) return std::unexpected{std::move(all.error())};
  auto password = password_for(global, options, card, all->front());
  if (!password) return std::unexpected{password.error()};

  std::optional<Reported> first;
  for (auto& fields : *all) {
    if (all->size() > 1) {
      fields.notes.push_back(fmt::format(
          "The text holds {} credentials; this is about {} for the realm {}.", all->size(),
          results::for_terminal(fields.header), results::for_terminal(fields.realm.meant)));
    }
    // A password is asked for once; that of AKA belongs to its nonce.
    if (card && &fields != &all->front()) password = password_for(global, options, card, fields);
    if (!password) return std::unexpected{password.error()};
    auto report = computed(verify_report(std::move(fields), *password, options.domain));
    if (report && report->match) return report;
    if (!first) first = std::move(report);
  }
  return std::move(*first);
}

Reported report_of(const GlobalOptions& global, const DigestOptions& options) {
  if (auto checked = check(options); !checked) return std::unexpected{std::move(checked.error())};
  auto body = read_body(options);
  if (!body) return std::unexpected{std::move(body.error())};
  const auto card = card_of(options, takes_standard_input(options));
  if (!card) return std::unexpected{card.error()};
  if (!options.header.empty()) return verify(global, options, *card, *body);
  if (!options.challenge.empty()) return answer(global, options, *card, std::move(*body));
  return compute(global, options, *card, std::move(*body));
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
