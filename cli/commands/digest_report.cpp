#include "commands/digest_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "results/escape.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/write.hpp"

namespace sipauth::commands {
namespace {

using results::for_terminal;

using Report = std::expected<DigestReport, DigestError>;

// A place where what was written and what was meant differ.
struct OtherSpelling {
  std::string_view name;
  std::string_view DigestInput::* member;
  const std::string* written;
};

std::vector<OtherSpelling> other_spellings(const DigestFields& fields) {
  const auto all = std::to_array<std::pair<OtherSpelling, const Spelt*>>({
      {{"realm", &DigestInput::realm, &fields.realm.written}, &fields.realm},
      {{"username", &DigestInput::username, &fields.username.written}, &fields.username},
      {{"uri", &DigestInput::uri, &fields.uri.written}, &fields.uri},
      {{"nonce", &DigestInput::nonce, &fields.nonce.written}, &fields.nonce},
      {{"cnonce", &DigestInput::cnonce, &fields.cnonce.written}, &fields.cnonce},
  });
  std::vector<OtherSpelling> different;
  for (const auto& [spelling, spelt] : all) {
    if (spelt->written != spelt->meant) different.push_back(spelling);
  }
  return different;
}

// One way to read the credentials, and the sentences that name it.
struct Reading {
  DigestInput input;
  std::vector<std::string> notes;
};

// Every reading so far once more, with one member hashed in the other way.
void add_other_way(std::vector<Reading>& readings, std::string_view DigestInput::* member,
                   std::string_view value, const std::string& note) {
  const auto count = readings.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto reading = readings[i];
    reading.input.*member = value;
    reading.notes.push_back(note);
    readings.push_back(std::move(reading));
  }
}

// An ACK carries the credentials of its INVITE, computed for INVITE; a CANCEL cannot be challenged
// either, and may do the same (RFC 3261 22.1).
constexpr std::string_view method_of_repeated = "INVITE";

bool may_repeat_an_invite(std::string_view method) { return method == "ACK" || method == "CANCEL"; }

std::string note_of_repeated(std::string_view method) {
  if (method == "ACK") {
    return "It fits as the digest of an INVITE, whose credentials its ACK has to repeat (RFC 3261 "
           "22.1).";
  }
  return fmt::format(
      "It fits as the digest of an INVITE, whose credentials {} may repeat: it cannot be "
      "challenged "
      "itself (RFC 3261 22.1).",
      method);
}

// All combinations of what may be read in two ways: 2^7 at most, the plain one first.
std::vector<Reading> readings_of(const DigestFields& fields, const FoundPassword& password) {
  std::vector<Reading> readings{{fields.input(password), {}}};
  if (may_repeat_an_invite(fields.method)) {
    if (fields.method == "ACK") {
      readings[0].notes.emplace_back(
          "It was made for ACK itself; RFC 3261 22.1 has an ACK repeat the credentials of its "
          "INVITE.");
    }
    auto repeated = fields.input(password);
    repeated.method = method_of_repeated;
    readings.push_back({repeated, {note_of_repeated(fields.method)}});
  }
  for (const auto& [name, member, written] : other_spellings(fields)) {
    add_other_way(readings, member, *written,
                  fmt::format("It fits with the backslashes of {} hashed, as RFC 2617 has it; RFC "
                              "7616 3.3 drops them.",
                              name));
  }
  if (fields.qop == Qop::auth_int && !fields.body_with_crlf.empty()) {
    add_other_way(readings, &DigestInput::body, fields.body_with_crlf,
                  "It fits with CR LF at the line ends of the body, which the text lacks.");
  }
  return readings;
}

// What was hashed is what is shown. Ends the life of the views in `input`.
void take_reading(const DigestInput& input, DigestFields& fields) {
  const auto take = [](std::string_view hashed, Spelt& spelt) {
    if (hashed.data() == spelt.written.data()) spelt.meant = spelt.written;
  };
  take(input.realm, fields.realm);
  take(input.username, fields.username);
  take(input.uri, fields.uri);
  take(input.nonce, fields.nonce);
  take(input.cnonce, fields.cnonce);
  if (input.method != fields.method) fields.method = std::string{input.method};
}

std::optional<HexDigest> rspauth_of(const DigestInput& input) {
  if (input.qop == Qop::auth_int) return std::nullopt;
  const auto trace = compute_rspauth(input);
  return trace ? std::optional{trace->response} : std::nullopt;
}

bool names_method(const Explanation& explanation) {
  return explanation.field == "method" || std::ranges::any_of(explanation.also, names_method);
}

// Of what may repeat an INVITE's credentials, the mistake is first looked for in those.
void search_for_mistake(DigestReport& report, const FoundPassword& password,
                        const Neighbours& neighbours, const std::string& domain) {
  auto& fields = report.fields;
  const auto search = [&] {
    const DigestContext context{fields, password, neighbours, domain};
    return explain_mismatch(fields.input(password), fields.response, context.view());
  };
  if (!may_repeat_an_invite(fields.method)) {
    report.search = search();
    return;
  }
  const auto own = std::exchange(fields.method, std::string{method_of_repeated});
  report.search = search();
  if (std::ranges::any_of(report.search.explanations, names_method)) {
    fields.method = own;
    report.search = search();
    return;
  }
  fields.notes.push_back(fmt::format(
      "It is judged as the digest of an INVITE, whose credentials {} {} repeat (RFC 3261 22.1).",
      own, own == "ACK" ? "has to" : "may"));
  if (const auto trace = compute_digest(fields.input(password))) {
    report.trace = *trace;
    report.rspauth = rspauth_of(fields.input(password));
  }
}

// A response may be right although the hashed name beside it leads a server to another user.
void verify_userhash(DigestReport& report) {
  const auto& fields = report.fields;
  if (!fields.userhash || fields.username.meant.empty()) return;
  if (!report.userhash || fields.sent_username.empty() ||
      equal_digests(report.userhash->view(), fields.sent_username))
    return;
  const Explanation other{
      .id = "other-userhash",
      .text = fmt::format("The hashed user name is not that of {}.", fields.username.meant),
      .meaning =
          "A server looks for another user with it: the phone has to send H(user:realm) of "
          "the name that it hashes (RFC 7616 3.4.4).",
      .field = "username",
      .value = fields.sent_username};
  report.match = false;
  auto& all = report.search.explanations;
  for (auto& explanation : all) explanation.also.push_back(other);
  if (all.empty()) all.push_back(other);
}

void set_authorization(DigestReport& report) {
  const auto& fields = report.fields;
  auto username = fields.username.meant;
  if (report.userhash) username = report.userhash->view();
  std::vector<WrittenParameter> parameters{{"username", username},
                                           {"realm", fields.realm.meant},
                                           {"nonce", fields.nonce.meant},
                                           {"uri", fields.uri.meant},
                                           {"response", std::string{report.trace.response.view()}}};
  if (!fields.algorithm_name.empty()) parameters.push_back({"algorithm", fields.algorithm_name});
  if (!fields.cnonce.meant.empty()) parameters.push_back({"cnonce", fields.cnonce.meant});
  if (fields.has_opaque) parameters.push_back({"opaque", fields.opaque});
  if (fields.qop != Qop::none) {
    parameters.push_back({"qop", std::string{qop_name(fields.qop)}});
    parameters.push_back({"nc", fields.nc});
  }
  if (fields.userhash) parameters.push_back({"userhash", "true"});
  if (!fields.auts.empty()) parameters.push_back({"auts", fields.auts});
  report.authorization = write_credentials(parameters);
}

}  // namespace

Report compute_report(DigestFields fields, const FoundPassword& password) {
  const auto trace = compute_digest(fields.input(password));
  if (!trace) return std::unexpected{trace.error()};
  const auto rspauth = rspauth_of(fields.input(password));
  std::optional<HexDigest> userhash;
  if (fields.userhash && !fields.username.meant.empty()) {
    const auto hash =
        compute_userhash(*fields.algorithm, fields.username.meant, fields.realm.meant);
    if (hash) userhash = *hash;
  }
  return DigestReport{.fields = std::move(fields),
                      .trace = *trace,
                      .rspauth = rspauth,
                      .verified = false,
                      .match = false,
                      .search = {},
                      .userhash = userhash,
                      .authorization = {}};
}

Report verify_report(DigestFields fields, const FoundPassword& password,
                     const Neighbours& neighbours, const std::string& domain) {
  auto report = compute_report(std::move(fields), password);
  if (!report) return report;
  report->verified = true;

  const auto& known = report->fields;
  for (const auto& [input, notes] : readings_of(known, password)) {
    const auto trace = compute_digest(input);
    if (!trace || !equal_digests(trace->response.view(), known.response)) continue;
    report->match = true;
    report->trace = *trace;
    report->rspauth = rspauth_of(input);
    auto& all = report->fields.notes;
    all.insert(all.end(), notes.begin(), notes.end());
    take_reading(input, report->fields);
    break;
  }
  if (!report->match) search_for_mistake(*report, password, neighbours, domain);
  verify_userhash(*report);
  return report;
}

RedactedValue redacted_value(const DigestReport& report) {
  if (!report.verified || report.match) return {};
  const auto& fields = report.fields;
  const auto values = std::to_array<RedactedValue>({{"response", fields.response},
                                                    {"nonce", fields.nonce.written},
                                                    {"uri", fields.uri.written},
                                                    {"username", fields.username.written},
                                                    {"realm", fields.realm.written},
                                                    {"cnonce", fields.cnonce.written},
                                                    {"nc", fields.nc}});
  // That the value was another one than what is left of it is no mistake.
  const auto is_about = [&](const Explanation& explanation) {
    return std::ranges::any_of(values, [&](const RedactedValue& one) {
      return one.name == explanation.field && is_redacted(one.value);
    });
  };
  const auto& all = report.search.explanations;
  const bool is_explained = !all.empty() && std::ranges::none_of(all, [&](const Explanation& one) {
    return is_about(one) || std::ranges::any_of(one.also, is_about);
  });
  if (is_explained) return {};
  const auto* found = std::ranges::find_if(values, is_redacted, &RedactedValue::value);
  return found == values.end() ? RedactedValue{} : *found;
}

Report answer_report(DigestFields fields, const FoundPassword& password) {
  auto report = compute_report(std::move(fields), password);
  if (report && !report->fields.username.meant.empty()) set_authorization(*report);
  return report;
}

}  // namespace sipauth::commands
