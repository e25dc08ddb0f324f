#include "fuzz/explain_target.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "fuzz/oracle.hpp"
#include "sipauth/explain.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

using Text = std::string_view DigestInput::*;

// The lines of an input, one after another; empty when there are no more.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_{text} {}

  std::string_view next() {
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct Row {
  std::string_view name;
  Text member;
};

std::optional<Text> find_member(std::span<const Row> rows, std::string_view name) {
  for (const auto& row : rows) {
    if (row.name == name) return row.member;
  }
  return std::nullopt;
}

// Whose other value an explanation tells.
constexpr auto told = std::to_array<Row>({{"method", &DigestInput::method},
                                          {"uri", &DigestInput::uri},
                                          {"username", &DigestInput::username},
                                          {"realm", &DigestInput::realm},
                                          {"nonce", &DigestInput::nonce},
                                          {"nc", &DigestInput::nc}});

// Whose other value it keeps, or says in words.
constexpr auto untold = std::to_array<Row>({{"password", &DigestInput::password},
                                            {"cnonce", &DigestInput::cnonce},
                                            {"ha1", &DigestInput::ha1},
                                            {"body", &DigestInput::body}});

Qop qop_of(std::string_view name) {
  if (name == "auth") return Qop::auth;
  return name == "auth-int" ? Qop::auth_int : Qop::none;
}

// Changes `input` as an explanation says; false where it tells no more than that something was
// other: passwords, spellings of hashes, a session with pieces of another request.
bool change(DigestInput& input, const Explanation& explanation) {
  if (explanation.id == "session-nonce") return false;
  const auto member = find_member(told, explanation.field);
  if (member) input.*(*member) = explanation.value;
  return member.has_value();
}

void require_reproduced(const DigestInput& input, const Explanation& explanation,
                        std::string_view response) {
  auto changed = input;
  bool all = change(changed, explanation);
  for (const auto& also : explanation.also) all = change(changed, also) && all;
  if (!all) return;
  const auto trace = compute_digest(changed);
  require(trace && equal_digests(trace->response.view(), response),
          "an explanation reproduces the response");
}

// A response of the input itself with one of its members other, so that there is something to
// explain; or the response as it was sent.
std::string response_of(DigestInput input, std::string_view member, std::string_view value) {
  if (member == "response") return std::string{value};
  if (member == "algorithm") input.algorithm = find_algorithm(value);
  if (member == "qop") input.qop = qop_of(value);
  for (const auto rows : {std::span<const Row>{told}, std::span<const Row>{untold}}) {
    if (const auto changed = find_member(rows, member)) input.*(*changed) = value;
  }
  const auto trace = compute_digest(input);
  if (!trace) require(!trace.error().sentence().empty(), "an error has a sentence");
  return trace ? std::string{trace->response.view()} : std::string{value};
}

void require_said(const Explanation& explanation) {
  require(!explanation.id.empty() && explanation.text.ends_with('.'), "it says what it is");
  static const auto known = known_causes();
  require(explanation.id == "response-case" ||
              std::ranges::find(known, explanation.id, &KnownCause::id) != known.end(),
          "an explanation is a known cause");
}

// What the verifier knows beside the digest's inputs, in the order of the lines.
constexpr auto known_beside = std::to_array<std::string_view ExplainContext::*>(
    {&ExplainContext::request_uri, &ExplainContext::domain, &ExplainContext::from,
     &ExplainContext::to, &ExplainContext::contact, &ExplainContext::raw_realm,
     &ExplainContext::offered_qop});

// Lines that few inputs have: each begins with the name of what it tells, and none is empty.
constexpr auto known_seldom =
    std::to_array<std::pair<std::string_view, std::string_view ExplainContext::*>>(
        {{"raw-username=", &ExplainContext::raw_username},
         {"raw-nonce=", &ExplainContext::raw_nonce},
         {"raw-cnonce=", &ExplainContext::raw_cnonce},
         {"raw-uri=", &ExplainContext::raw_uri},
         {"sent-username=", &ExplainContext::sent_username},
         {"sent-qop=", &ExplainContext::sent_qop},
         {"username-nfc=", &ExplainContext::username_nfc},
         {"username-nfd=", &ExplainContext::username_nfd},
         {"password-nfc=", &ExplainContext::password_nfc},
         {"password-nfd=", &ExplainContext::password_nfd},
         {"akav1=", &ExplainContext::akav1_password},
         {"akav2=", &ExplainContext::akav2_password}});

void read_seldom(Lines& lines, ExplainContext& context) {
  for (const auto& [name, member] : known_seldom) {
    if (lines.rest().starts_with(name)) context.*member = lines.next().substr(name.size());
  }
}

std::string with_line_feeds_as_sent(std::string_view body) {
  std::string text;
  for (const char c : body) {
    if (c == '\n') text += '\r';
    text += c;
  }
  return text;
}

}  // namespace

// Lines: algorithm, qop, user, realm, password, method, uri, nonce, nc, cnonce, the member that was
// other and its value, then what stands round the credentials; what is known seldom; the body.
void explain(std::string_view text) {
  Lines lines{text};
  DigestInput input;
  input.algorithm = find_algorithm(lines.next());
  input.qop = qop_of(lines.next());
  for (const auto member :
       {&DigestInput::username, &DigestInput::realm, &DigestInput::password, &DigestInput::method,
        &DigestInput::uri, &DigestInput::nonce, &DigestInput::nc, &DigestInput::cnonce}) {
    input.*member = lines.next();
  }
  const auto other = lines.next();
  const auto value = lines.next();

  ExplainContext context;
  for (const auto member : known_beside) context.*member = lines.next();
  const auto others = std::to_array({lines.next(), lines.next()});
  context.realms = context.nonces = context.cnonces = others;
  read_seldom(lines, context);
  input.body = lines.rest();
  const auto on_the_wire = with_line_feeds_as_sent(input.body);
  if (on_the_wire != input.body) context.body_on_the_wire = on_the_wire;

  const auto response = response_of(input, other, value);
  const auto search = explain_mismatch(input, response, context);
  require(search.tried <= 65536, "the search is bounded");
  require(search.explanations.size() <= 16, "the explanations are bounded");
  for (const auto& explanation : search.explanations) {
    require_said(explanation);
    for (const auto& also : explanation.also) require_said(also);
    require_reproduced(input, explanation, response);
  }
}

}  // namespace sipauth::fuzz
