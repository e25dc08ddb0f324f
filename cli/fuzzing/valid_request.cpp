#include "fuzzing/valid_request.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/uri_user.hpp"
#include "sip/dialogue.hpp"
#include "sip/random.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/write.hpp"

namespace sipauth::fuzzing {
namespace {

constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Rows that a phone sends too, so that their parsers are met. None of them changes a binding.
const std::vector<WrittenHeader> usual_rows{
    {"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY"},
    {"Supported", "path, outbound, gruu"},
    {"Accept", "application/sdp;level=1, application/x-private"},
    {"P-Access-Network-Info", "IEEE-802.11;i-wlan-node-id=00:11:22:33:44:55"},
    {"Date", "Sat, 13 Nov 2010 23:29:00 GMT"}};

void add_fresh(FreshValues& fresh, const sip::SentCredentials& sent, std::string_view prefix) {
  Diagnostics ignored;
  const auto credentials = Credentials::parse(sent.value, ignored);
  const auto name = [&](std::string_view what) { return fmt::format("{}{}", prefix, what); };
  fresh.push_back({name("nonce"), sent.nonce});
  fresh.push_back({name("cnonce"), sent.cnonce});
  fresh.push_back({name("nc"), sent.nc_text, "nc="});
  if (!credentials) return;
  fresh.push_back({name("response"), std::string{credentials->response().value_or("")}});
  fresh.push_back({name("opaque"), std::string{credentials->opaque().value_or("")}, "opaque=\""});
}

sip::SentCredentials credentials_for(sip::Session& session, const sip::Offer& offer,
                                     sip::Random& random) {
  const auto& identity = session.identity();
  const auto& user = identity.auth_user.empty() ? identity.user : identity.auth_user;
  const sip::Deviation deviation{.cnonce = random.hex(24)};
  return sip::make_credentials(session, offer, user, session.next_nonce_count(offer.nonce),
                               deviation);
}

}  // namespace

ValidMessage make_valid_request(sip::Session& session, const sip::Exchange* challenged,
                                const net::Transport& over, std::uint64_t seed) {
  const auto& identity = session.identity();
  sip::Random random{seed};
  const auto aor = fmt::format("<sip:{}@{}>", net::escape_user(identity.user), identity.domain);
  FreshValues fresh{{"branch", random.text(24, letters_and_digits)},
                    {"call-id", random.hex(24)},
                    {"tag", random.hex(12)},
                    {"sent-by", over.local()}};
  const auto branch = fresh[0].value;
  const auto call_id = fresh[1].value;
  const auto tag = fresh[2].value;

  auto rows = usual_rows;
  const auto add_credentials = [&](const sip::Offer& offer, std::string_view prefix) {
    const auto sent = credentials_for(session, offer, random);
    rows.push_back({sent.header, sent.value});
    add_fresh(fresh, sent, prefix);
  };
  const auto* const offer = challenged ? challenged->offer() : nullptr;
  if (session.proxy() && !(offer && offer->proxy)) add_credentials(*session.proxy(), "proxy-");
  if (offer) add_credentials(*offer, "");
  for (const auto& [name, value] : identity.extra_headers) rows.push_back({name, value});

  auto text = write_request({
      .method = identity.method,
      .request_uri = identity.request_uri,
      .transport = std::string{net::transport_row(over.kind()).via},
      .via_host = over.local(),
      .branch = "z9hG4bK" + branch,
      .from = aor + ";tag=" + tag,
      .to = aor,
      .call_id = call_id + "@sipauth",
      .cseq = 1,
      .user_agent = identity.user_agent.empty() ? "sipauth/" SIPAUTH_VERSION : identity.user_agent,
      .headers = std::move(rows),
  });
  return {.text = std::move(text), .fresh = std::move(fresh)};
}

}  // namespace sipauth::fuzzing
