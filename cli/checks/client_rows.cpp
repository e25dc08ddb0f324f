// The known clients. Their behaviour was read in their sources and issues, and measured.

#include <algorithm>
#include <array>

#include "checks/client_impact.hpp"
#include "sipauth/aka.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Impact;

bool begins_with(std::string_view text, std::string_view start) {
  return same(text.substr(0, start.size()), start);
}

bool is_md5(const SeenRow& row) { return row.algorithm.empty() || same(row.algorithm, "MD5"); }

/// No RFC knows it. SHA-512 is no RFC's either, but some stacks compute it.
bool is_unknown(const SeenRow& row) {
  return row.is_digest && !find_algorithm(row.algorithm) && !find_aka_algorithm(row.algorithm) &&
         !same(row.algorithm, "SHA-512");
}

/// There is a Digest row, and the client fails over each: none is left to answer.
template <typename Fails>
bool over_all(const SeenAnswer& answer, Fails fails) {
  bool any = false;
  for (const auto& row : answer.rows) {
    if (!row.is_digest) continue;
    if (!fails(row)) return false;
    any = true;
  }
  return any;
}

template <typename Fails>
bool over_top(const SeenAnswer& answer, Fails fails) {
  return answer.top() && fails(*answer.top());
}

bool top_is_no_md5(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) {
    return !row.is_digest || !(row.algorithm.empty() || begins_with(row.algorithm, "MD5"));
  });
}

bool top_is_unknown(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return !row.is_digest || is_unknown(row); });
}

bool top_is_sha(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return begins_with(row.algorithm, "SHA-"); });
}

bool top_is_not_plain_md5(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return row.is_digest && !is_md5(row); });
}

bool none_is_md5(const SeenAnswer& answer) {
  return over_all(answer, [](const SeenRow& row) { return !is_md5(row); });
}

bool any_is_unknown(const SeenAnswer& answer) {
  return std::ranges::any_of(answer.rows, is_unknown);
}

bool only_odd_case_md5(const SeenAnswer& answer) {
  return over_all(answer, [](const SeenRow& row) {
    return same(row.algorithm, "MD5") && row.algorithm != "MD5";
  });
}

bool top_has_blank_in_qop(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return row.lint.has("SL-blank-in-qop"); });
}

bool qop_begins_with_auth_int(const SeenAnswer& answer) {
  return over_all(answer, [](const SeenRow& row) {
    if (!row.qop) return false;
    const std::string_view list = *row.qop;
    return same(trim(list.substr(0, list.find(','))), "auth-int");
  });
}

// The word, with a comma or the end of the list directly behind it.
bool has_auth_as_pjsip_looks_for_it(std::string_view list) {
  for (std::size_t at = 0; at + 4 <= list.size(); ++at) {
    if (!same(list.substr(at, 4), "auth")) continue;
    if (at + 4 == list.size() || list[at + 4] == ',') return true;
  }
  return false;
}

bool no_auth_for_pjsip(const SeenAnswer& answer) {
  return over_all(answer, [](const SeenRow& row) {
    return row.qop && !row.qop->empty() && !has_auth_as_pjsip_looks_for_it(*row.qop);
  });
}

bool top_lacks_comma(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return row.lint.has("SL-missing-comma"); });
}

bool all_lack_comma(const SeenAnswer& answer) {
  return over_all(answer, [](const SeenRow& row) { return row.lint.has("SL-missing-comma"); });
}

bool top_lacks_comma_behind_nonce(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return row.no_comma_behind_nonce; });
}

bool any_is_folded(const SeenAnswer& answer) {
  return std::ranges::any_of(answer.rows, &SeenRow::folded);
}

bool has_no_to_tag(const SeenAnswer& answer) { return !answer.has_to_tag; }

bool top_quotes_stale(const SeenAnswer& answer) {
  return !answer.is_first && over_top(answer, [](const SeenRow& row) {
    return row.stale_is_quoted && row.says_stale();
  });
}

/// Yate takes qop when the list is this one word.
bool top_offers_auth_alone(const SeenAnswer& answer) {
  return over_top(answer, [](const SeenRow& row) { return row.qop && *row.qop == "auth"; });
}

bool yate_leaves_qop_out(const SeenRun& run) {
  return run.first && run.first->top() && run.first->top()->qop &&
         !top_offers_auth_alone(*run.first) && !run.answers_without_qop_are_taken;
}

bool yate_counts_over_lines(const SeenRun& run) {
  return run.first && top_offers_auth_alone(*run.first) && run.count_start_is_refused;
}

bool stale_at_first(const SeenRun& run) { return run.registered && run.stale_at_first > 0; }

bool stale_twice_at_first(const SeenRun& run) { return run.registered && run.stale_at_first > 1; }

bool stale_at_first_and_count_refused(const SeenRun& run) {
  return run.registered && run.stale_at_first == 1 && run.count_start_is_refused;
}

bool stale_three_times(const SeenRun& run) { return run.longest_stale_chain >= 3; }

bool plain_at_first(const SeenRun& run) { return run.registered && run.plain_at_first; }

bool plain_for_dead_nonce(const SeenRun& run) { return run.dead_nonce_is_plain; }

bool plain_for_dead_nonce_and_count_refused(const SeenRun& run) {
  return run.dead_nonce_is_plain && run.count_start_is_refused;
}

bool forbidden_for_dead_nonce(const SeenRun& run) { return run.dead_nonce_is_forbidden; }

bool forbidden_for_count_gap(const SeenRun& run) { return run.count_gap_is_forbidden; }

constexpr auto rows = std::to_array<ClientRow>({
    {.client = "JsSIP, SIP.js, dart-sip (Flutter)",
     .consequence = "reads only the first challenge, and that one is not MD5",
     .source = "sources of JsSIP, SIP.js and dart-sip",
     .over_answer = top_is_no_md5},
    {.client = "sipgo, SIPp",
     .consequence = "reads only the first challenge, and nobody can compute that one",
     .source = "sources of sipgo and SIPp",
     .over_answer = top_is_unknown},
    {.client = "pjsip before 2.11",
     .consequence = "gives up when SHA stands on top, though MD5 may follow",
     .source = "pjsip/pjproject issue 2712",
     .over_answer = top_is_sha},
    {.client = "SIPSorcery",
     .consequence = "answers the first challenge with MD5, whatever it asks for",
     .source = "source of sipsorcery",
     .over_answer = top_is_not_plain_md5},
    {.client = "Yate",
     .consequence = "always computes MD5, which is not offered",
     .source = "source of yate",
     .over_answer = none_is_md5},
    {.client = "baresip",
     .consequence = "fails altogether over a challenge whose algorithm it does not know",
     .source = "source of re, sip/auth.c",
     .over_answer = any_is_unknown},
    {.client = "belle-sip 1.6.3",
     .consequence = "refuses the algorithm's name unless it is written MD5",
     .source = "measured with belle-sip 1.6.3",
     .over_answer = only_odd_case_md5},
    {.client = "JsSIP, SIP.js",
     .consequence = "cannot parse the challenge: a blank stands inside the qop list",
     .source = "grammars of JsSIP and SIP.js",
     .over_answer = top_has_blank_in_qop},
    {.client = "linphone (belle-sip)",
     .consequence = "looks at the first word of the qop list only, and auth-int it cannot do",
     .source = "BelledonneCommunications/linphone-android issue 2094",
     .over_answer = qop_begins_with_auth_int},
    {.client = "pjsip",
     .consequence = "finds no auth in the qop list: it looks for the word with a comma or the end "
                    "behind it",
     .source = "source of pjsip, sip_auth_client.c",
     .over_answer = no_auth_for_pjsip},
    {.client = "Yate",
     .consequence =
         "answers without qop unless the list is exactly auth, and whether that is taken "
         "was not seen",
     .source = "vir/yate issue 10",
     .over_run = yate_leaves_qop_out},
    {.client = "JsSIP, SIP.js",
     .consequence = "cannot parse the challenge: a comma is missing",
     .source = "grammars of JsSIP and SIP.js",
     .over_answer = top_lacks_comma},
    {.client = "sipgo",
     .consequence = "cannot parse the challenge: a comma is missing",
     .source = "source of icholy/digest",
     .over_answer = top_lacks_comma},
    {.client = "pjsip",
     .consequence = "drops the header, in which a comma is missing, and sees no challenge",
     .source = "source of pjsip, sip_auth_parser.c",
     .over_answer = all_lack_comma},
    {.client = "SIPSorcery",
     .consequence = "takes what follows the nonce into it, for a comma is missing there",
     .source = "source of sipsorcery",
     .over_answer = top_lacks_comma_behind_nonce},
    {.client = "Doubango",
     .consequence = "cannot read a challenge that is folded over several lines",
     .source = "Doubango issue 27",
     .over_answer = any_is_folded},
    {.client = "SipUnit",
     .consequence = "breaks over an answer whose To has no tag",
     .source = "RestComm/sipunit issue 3",
     .over_answer = has_no_to_tag},
    {.client = "JsSIP, SIP.js",
     .consequence = "overlooks stale in quotes, takes its password for wrong and stops",
     .source = "grammars of JsSIP and SIP.js",
     .over_answer = top_quotes_stale},
    {.client = "linphone (belle-sip 5.1), sipsak",
     .consequence = "does not follow stale=true when it registers for the first time, and here it "
                    "comes to a fresh nonce",
     .source = "measured with belle-sip 5.1.64 and sipsak",
     .over_run = stale_at_first},
    {.client = "JsSIP, SIP.js",
     .consequence = "follows stale=true once, and here it comes to several fresh nonces in a row",
     .source = "sources of JsSIP and SIP.js",
     .over_run = stale_twice_at_first},
    {.client = "JsSIP, SIP.js",
     .consequence = "goes on counting after stale=true, and here a new nonce must begin with 1",
     .source = "sources of JsSIP and SIP.js",
     .over_run = stale_at_first_and_count_refused},
    {.client = "pjsip",
     .consequence = "gives up after three stale=true in a row",
     .source = "pjsip/pjproject issue 25 (PJSIP_MAX_STALE_COUNT)",
     .over_run = stale_three_times,
     .impact = loses_registration},
    {.client = "Yate",
     .consequence =
         "counts nc over all its lines together, and here a new nonce must begin with 1: "
         "only its first line gets in",
     .source = "source of yate",
     .over_run = yate_counts_over_lines},
    {.client = "pjsip",
     .consequence =
         "counts nc in decimal digits, and here a jump from 9 to 16 is answered with 403",
     .source = "source of pjsip, sip_auth_client.c",
     .over_run = forbidden_for_count_gap,
     .impact = loses_registration},
    {.client = "pjsip (pjsua), Asterisk as a client",
     .consequence = "stops for good at a 403, which here answers an old nonce",
     .source = "measured with pjsua; Asterisk's register_retry_403 and forbidden_retry_interval",
     .over_run = forbidden_for_dead_nonce,
     .impact = loses_registration},
    {.client = "Sipura SPA of 2005",
     .consequence = "repeats for ever what a 403 has refused, which here answers an old nonce",
     .source = "ASTERISK-04240",
     .over_run = forbidden_for_dead_nonce,
     .impact = loses_registration},
    {.client = "baresip up to 0.6",
     .consequence = "shows an error and waits when an old nonce is refused without stale=true",
     .source = "creytiv/re pull request 223, baresip/baresip issue 717",
     .over_run = plain_for_dead_nonce,
     .impact = loses_registration},
    {.client = "sofia-sip before pull request 316",
     .consequence = "goes on counting when a new nonce comes without stale=true, and here it must "
                    "begin with 1",
     .source = "freeswitch/sofia-sip pull request 316",
     .over_run = plain_for_dead_nonce_and_count_refused,
     .impact = loses_registration},
    {.client = "JsSIP, SIP.js, linphone",
     .consequence =
         "takes a 401 without stale=true for a wrong password, and here the right one got "
         "it on a fresh nonce",
     .source = "sources of JsSIP and SIP.js; measured with linphone",
     .over_run = plain_at_first,
     .impact = prompts_user},
});

}  // namespace

std::span<const ClientRow> client_rows() { return rows; }

}  // namespace sipauth::checks
