#include <algorithm>
#include <array>
#include <chrono>

#include "registrar/fault_tables.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

void offer_session(Profile& profile) {
  profile.rows = {ChallengeRow{.algorithm = "MD5-sess"}};
  profile.style.order = "realm nonce opaque stale algorithm qop";
}

constexpr auto table = std::to_array<Fault>({
    {"contacts-unlisted", "a 200 lists no Contact",
     [](Profile& p) { p.contact_rows = ContactRows::none; }},
    {"expires-header", "a 200 has an Expires header instead of expires parameters",
     [](Profile& p) { p.contact_rows = ContactRows::with_header; }},
    {"lockout-2", "after two refused credentials a user gets 403 for ever",
     [](Profile& p) { p.locked_after = 2; }},
    {"empty-nonce-400", "400 to an empty nonce",
     [](Profile& p) {
       p.nonce.shortest = std::max<std::size_t>(p.nonce.shortest, 1);
       p.on.empty_nonce = reply::bad_request;
     }},
    {"empty-nonce-stale", "stale=true to an empty nonce",
     [](Profile& p) {
       p.nonce.shortest = std::max<std::size_t>(p.nonce.shortest, 1);
       p.on.empty_nonce = reply::stale;
     }},
    {"other-scheme-accepted", "credentials of any other scheme than Digest let everybody in",
     [](Profile& p) { p.credentials.other_scheme = reply::accept; }},
    {"other-scheme-400", "400 to credentials of any other scheme than Digest",
     [](Profile& p) { p.credentials.other_scheme = reply::bad_request; }},
    {"basic-accepted", "a right password is taken as Basic credentials",
     [](Profile& p) { p.credentials.takes_basic = true; }},
    {"any-method", "a digest made for INVITE or OPTIONS is taken",
     [](Profile& p) { p.credentials.any_method = true; }},
    {"prefix-compare", "a response is compared as far as it goes",
     [](Profile& p) { p.credentials.compares_prefix = true; }},
    {"32-digits-compared", "the first 32 digits of a response are compared",
     [](Profile& p) { p.compared_digits = 32; }},
    {"uri-not-read", "the digest is computed with the Request-URI, whatever uri says",
     [](Profile& p) { p.credentials.hashes_request_uri = true; }},
    {"uri-must-match", "400 to a uri other than the Request-URI",
     [](Profile& p) { p.credentials.uri_must_match = true; }},
    {"any-realm", "any realm is taken when the digest fits it",
     [](Profile& p) { p.credentials.believes_realm = true; }},
    {"any-aor", "right credentials are taken for every AOR",
     [](Profile& p) { p.on.user_mismatch = reply::accept; }},
    {"from-decides", "a plain 401 where From and To name different users",
     [](Profile& p) { p.credentials.other_from = reply::challenge; }},
    {"first-row-only", "only the first row of credentials is looked at",
     [](Profile& p) { p.credentials.first_row_only = true; }},
    {"two-rows-500", "500 to two rows of credentials for one realm",
     [](Profile& p) { p.credentials.two_rows = reply::server_error; }},
    {"any-algorithm", "an algorithm is taken that was not offered",
     [](Profile& p) { p.credentials.any_algorithm = true; }},
    {"algorithm-required", "credentials without algorithm are malformed, even for MD5",
     [](Profile& p) { p.credentials.needs_algorithm = true; }},
    {"sess-offered", "MD5-sess alone", offer_session},
    {"sess-binary", "MD5-sess alone, taken from the bytes of the inner hash as well",
     [](Profile& p) {
       offer_session(p);
       p.credentials.takes_binary_session = true;
     }},
    {"sess-silent", "no answer to a -sess algorithm that was not offered",
     [](Profile& p) { p.credentials.session_not_offered = reply::silence; }},
    {"no-qop-stale", "stale=true, always, to credentials without the qop that was offered",
     [](Profile& p) { p.credentials.missing_qop = reply::stale; }},
    {"no-qop-refused", "a plain 401 to credentials without the qop that was offered",
     [](Profile& p) { p.credentials.missing_qop = reply::challenge; }},
    {"cnonce-optional", "qop without cnonce is taken",
     [](Profile& p) { p.credentials.needs_cnonce = false; }},
    {"nc-optional", "qop without nc is taken",
     [](Profile& p) { p.credentials.needs_count = false; }},
    {"scheme-case", "the scheme is read in one spelling only, Digest",
     [](Profile& p) { p.credentials.scheme_in_one_case = true; }},
    {"reads-single-quotes", "single quotes stand for double ones",
     [](Profile& p) { p.credentials.reads_single_quotes = true; }},
    {"reads-first-of-two", "of a parameter that comes twice the first counts",
     [](Profile& p) { p.credentials.refuses_contradictions = false; }},
    {"odd-name-500", "500 to user names with UTF-8 or quotation marks",
     [](Profile& p) { p.credentials.odd_name = reply::server_error; }},
    {"dies-of-length", "after credentials of 3000 bytes nothing is answered any more",
     [](Profile& p) { p.credentials.dies_of = 3000; }},
    {"unregister-open", "Expires: 0 needs no password",
     [](Profile& p) { p.unregisters_anybody = true; }},
    {"empty-password-accepted", "an empty password is as good as the right one",
     [](Profile& p) { p.credentials.takes_empty_password = true; }},
    {"slow-known-users", "answers about known users take 5 ms longer",
     [](Profile& p) { p.known_user_delay = 5ms; }},
});

}  // namespace

std::span<const Fault> credential_faults() { return table; }

}  // namespace sipauth::registrar
