#include "checks/seen_answer.hpp"

#include <algorithm>

#include "sipauth/address.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

std::optional<std::string> owned(std::optional<std::string_view> text) {
  return text ? std::optional{std::string{*text}} : std::nullopt;
}

// A missing thing is reported in front of the byte where it belongs.
bool lacks_comma_behind(const Parameter* parameter, const Diagnostics& lint) {
  if (!parameter) return false;
  const auto end = parameter->where.offset + parameter->where.length;
  return std::ranges::any_of(lint.list(), [&](const Diagnostic& diagnostic) {
    return diagnostic.rule == RuleId{"SL-missing-comma"} && diagnostic.where.offset == end;
  });
}

SeenRow see_row(const Header& header, const Challenge& challenge, const Diagnostics& lint) {
  SeenRow row{.proxy = header.id == HeaderId::proxy_authenticate,
              .is_digest = challenge.is_digest(),
              .folded = header.value.find_first_of("\r\n") != std::string_view::npos};
  if (!row.is_digest) return row;
  row.algorithm = challenge.algorithm().value_or("");
  row.qop = owned(challenge.qop());
  row.stale = owned(challenge.value("stale"));
  const auto* stale = challenge.find("stale");
  row.stale_is_quoted = stale && stale->quoted;
  row.no_comma_behind_nonce = lacks_comma_behind(challenge.find("nonce"), lint);
  row.lint = lint;
  return row;
}

}  // namespace

bool SeenRow::says_stale() const { return stale && same(*stale, "true"); }

const SeenRow* SeenAnswer::top() const {
  const auto found = std::ranges::find(rows, status == 407, &SeenRow::proxy);
  return found == rows.end() ? nullptr : &*found;
}

bool SeenAnswer::says_stale() const { return std::ranges::any_of(rows, &SeenRow::says_stale); }

std::optional<SeenAnswer> see_answer(std::string_view response, bool is_first) {
  Diagnostics ignored;
  const auto message = Message::parse(response, ignored);
  if (!message || message->is_request()) return std::nullopt;
  const auto status = message->status();
  if (status != 401 && status != 407) return std::nullopt;
  SeenAnswer answer{.status = status, .is_first = is_first};
  const auto to = NameAddr::parse(message->value(HeaderId::to), ignored);
  answer.has_to_tag = to && !to->tag().value_or("").empty();
  for_each_challenge(
      *message, [&](const Header& header, const Challenge& challenge, const Diagnostics& lint) {
        answer.rows.push_back(see_row(header, challenge, lint));
      });
  return answer;
}

}  // namespace sipauth::checks
