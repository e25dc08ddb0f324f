#include "fuzzing/valid_answer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>

#include "sipauth/challenge.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzzing {
namespace {

struct Copied {
  HeaderId header;
  std::string_view name;
};
constexpr auto copied = std::to_array<Copied>({{HeaderId::via, "via"},
                                               {HeaderId::from, "from"},
                                               {HeaderId::to, "to"},
                                               {HeaderId::call_id, "call-id"},
                                               {HeaderId::cseq, "cseq"},
                                               {HeaderId::contact, "contact"}});

void add_challenge(FreshValues& fresh, std::string_view value) {
  Diagnostics ignored;
  const auto challenge = Challenge::parse(value, ignored);
  if (!challenge) return;
  fresh.push_back({"nonce", std::string{challenge->nonce().value_or("")}});
  fresh.push_back({"opaque", std::string{challenge->opaque().value_or("")}, "opaque=\""});
}

}  // namespace

ValidMessage read_valid_answer(std::string_view answer) {
  ValidMessage valid{.text = std::string{answer}, .fresh = {}};
  Diagnostics ignored;
  const auto message = Message::parse(answer, ignored);
  if (!message) return valid;
  for (const auto& [id, name] : copied) {
    const auto* const header = message->find(id);
    if (header) valid.fresh.push_back({std::string{name}, std::string{header->value}});
  }
  for (const auto id : {HeaderId::www_authenticate, HeaderId::proxy_authenticate}) {
    if (const auto* const header = message->find(id)) add_challenge(valid.fresh, header->value);
  }
  return valid;
}

std::string with_short_expiry(std::string_view answer, net::Duration most) {
  constexpr std::string_view parameter = ";expires=";
  const auto shortest =
      std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::seconds>(most).count());
  std::string result;
  for (;;) {
    const auto at = answer.find(parameter);
    if (at == std::string_view::npos) return result.append(answer);
    const auto begin = at + parameter.size();
    const auto end = std::min(answer.find_first_not_of("0123456789", begin), answer.size());
    const auto digits = answer.substr(begin, end - begin);
    const auto seconds = number(digits, std::numeric_limits<std::uint32_t>::max());
    result.append(answer.substr(0, begin));
    const bool longer = !seconds || *seconds > shortest;
    result.append(longer ? std::to_string(shortest) : std::string{digits});
    answer.remove_prefix(end);
  }
}

}  // namespace sipauth::fuzzing
