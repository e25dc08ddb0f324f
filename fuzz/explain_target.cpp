#include "fuzz/explain_target.hpp"

#include <array>
#include <optional>
#include <string>

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

std::optional<Text> member_of(std::string_view field) {
  struct Row {
    std::string_view name;
    Text member;
  };
  constexpr auto rows = std::to_array<Row>({{"method", &DigestInput::method},
                                            {"uri", &DigestInput::uri},
                                            {"username", &DigestInput::username},
                                            {"realm", &DigestInput::realm},
                                            {"nonce", &DigestInput::nonce},
                                            {"nc", &DigestInput::nc}});
  for (const auto& row : rows) {
    if (row.name == field) return row.member;
  }
  return std::nullopt;
}

// Changes `input` as an explanation says; false where it tells no more than that something was
// other: passwords, spellings of hashes, a session with pieces of another request.
bool change(DigestInput& input, const Explanation& explanation) {
  if (explanation.id == "session-nonce") return false;
  const auto member = member_of(explanation.field);
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
// explain.
std::string response_of(DigestInput input, std::string_view member, std::string_view value) {
  if (const auto changed = member_of(member)) input.*(*changed) = value;
  const auto trace = compute_digest(input);
  return trace ? std::string{trace->response.view()} : std::string{value};
}

}  // namespace

// Lines: algorithm, qop, user, realm, password, method, uri, nonce, nc, cnonce, the member that was
// other and its value, then what stands round the credentials.
void explain(std::string_view text) {
  Lines lines{text};
  DigestInput input;
  input.algorithm = find_algorithm(lines.next());
  const auto qop = lines.next();
  input.qop = qop == "auth" ? Qop::auth : qop == "auth-int" ? Qop::auth_int : Qop::none;
  for (const auto member :
       {&DigestInput::username, &DigestInput::realm, &DigestInput::password, &DigestInput::method,
        &DigestInput::uri, &DigestInput::nonce, &DigestInput::nc, &DigestInput::cnonce}) {
    input.*member = lines.next();
  }
  const auto other = lines.next();
  const auto response = response_of(input, other, lines.next());

  ExplainContext context;
  for (const auto member : {&ExplainContext::request_uri, &ExplainContext::domain,
                            &ExplainContext::from, &ExplainContext::to, &ExplainContext::contact,
                            &ExplainContext::raw_realm, &ExplainContext::offered_qop}) {
    context.*member = lines.next();
  }
  const auto others = std::to_array({lines.next(), lines.next()});
  context.realms = context.nonces = context.cnonces = others;
  input.body = lines.rest();

  const auto search = explain_mismatch(input, response, context);
  require(search.tried <= 65536, "the search is bounded");
  require(search.explanations.size() <= 16, "the explanations are bounded");
  for (const auto& explanation : search.explanations) {
    require(!explanation.id.empty() && explanation.text.ends_with('.'), "it says what it is");
    require_reproduced(input, explanation, response);
  }
}

}  // namespace sipauth::fuzz
