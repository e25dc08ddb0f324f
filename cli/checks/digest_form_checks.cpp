// SA-AUTH-08 to -12, -25 and -26: digests that were made of something else than the request, that
// are not whole, or that leave out what qop asks for.

#include <array>
#include <string>
#include <utility>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/tries.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

constexpr Expected plain_or_forbidden{.accepted = fail, .plain = pass, .forbidden = pass};
constexpr Expected plain_forbidden_or_bad{
    .accepted = fail, .plain = pass, .forbidden = pass, .bad_request = pass};

Finding other_method(Context& context) {
  Tries tries{context};
  for (const std::string method : {"INVITE", "OPTIONS"}) {
    if (method == context.session().identity().method) continue;
    tries.answer("a digest made for " + method, plain_or_forbidden,
                 {.must_be_refused = true, .hashed_method = method});
  }
  return tries.finding("digests of other methods were refused");
}

Finding upper_case(Context& context) {
  sip::Deviation deviation;
  deviation.rewrite = [](sip::WrittenCredentials& written) {
    for (auto& c : written.find("response")->value) {
      if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
  };
  auto expected = all_refusals(info, pass);
  expected.plain = pass;
  Tries tries{context};
  tries.answer("a response in upper-case hex", expected, deviation);
  return tries.finding({});
}

sip::Deviation resized(void (*change)(std::string& response)) {
  sip::Deviation deviation{.must_be_refused = true};
  deviation.rewrite = [change](sip::WrittenCredentials& written) {
    change(written.find("response")->value);
  };
  return deviation;
}

Finding response_length(Context& context) {
  auto longer = plain_forbidden_or_bad;
  longer.accepted = warn;
  Tries tries{context};
  tries.answer("the first 8 digits of the response", plain_forbidden_or_bad,
               resized([](std::string& response) { response.resize(8); }));
  tries.answer("a response without its last digit", plain_forbidden_or_bad,
               resized([](std::string& response) { response.pop_back(); }));
  tries.answer("an empty response", plain_forbidden_or_bad,
               resized([](std::string& response) { response.clear(); }));
  tries.answer("a response with a digit more", longer,
               resized([](std::string& response) { response += '0'; }));
  return tries.finding("responses that are too short or too long were refused");
}

Finding other_uri_hashed(Context& context) {
  const auto& real = context.session().identity().request_uri;
  Tries tries{context};
  tries.answer("a uri other than the one in the digest", plain_forbidden_or_bad,
               {.must_be_refused = true, .uri = "sip:other.example", .hashed_uri = real});
  return tries.finding({});
}

// The same server by another spelling.
std::string with_or_without_port(const std::string& uri) {
  const auto colon = uri.rfind(':');
  const bool has_port = colon > uri.find(':') && uri.find(']', colon) == std::string::npos;
  return has_port ? uri.substr(0, colon) : uri + ":5060";
}

Finding consistent_uri(Context& context) {
  const auto& session = context.session();
  const auto& real = session.identity().request_uri;
  // policy rfc8760: 200 to one of these two is W, for the server must check whom the uri names.
  const Expected foreign{.accepted = pass, .plain = pass, .forbidden = pass, .bad_request = pass};
  auto spelled = all_refusals(info, pass);
  Tries tries{context};
  tries.answer("the uri sip:other.example", foreign, {.uri = "sip:other.example"});
  tries.answer("the uri tel:+1", foreign, {.uri = "tel:+1"});
  tries.answer("the uri with ;transport=udp", spelled, {.uri = real + ";transport=udp"});
  const auto other_port = with_or_without_port(real);
  tries.answer("the uri " + other_port, spelled, {.uri = other_port});
  return tries.finding("a uri may differ from the Request-URI, or is refused in peace");
}

// What goes with a qop is left out, and hashed as if it were empty.
Finding without(Context& context, std::string_view name, sip::Deviation deviation) {
  auto fresh = fresh_challenge(context, {}, [](const sip::Offer& offer) {
    return offer.qop != Qop::none && offer.algorithm && !offer.algorithm->session;
  });
  if (auto none = fresh.lacking("no qop is offered without -sess (SA-CH-06)")) {
    return *std::move(none);
  }
  deviation.must_be_refused = true;
  deviation.rewrite = [name](sip::WrittenCredentials& written) { written.remove(name); };
  Tries tries{context};
  tries.judge("qop without " + std::string{name},
              {.accepted = warn, .plain = pass, .forbidden = pass, .bad_request = pass},
              fresh.answer(deviation));
  return tries.finding({});
}

Finding without_cnonce(Context& context) { return without(context, "cnonce", {.cnonce = ""}); }
Finding without_count(Context& context) { return without(context, "nc", {.nc_text = ""}); }

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-08",
        .title = "A digest of another method",
        .question = "Is a digest refused that was made for INVITE or OPTIONS?",
        .right = "401 without stale=true, or 403",
        .failing = "200",
        .harm = "Whoever calls a phone can make it sign an INVITE, and registers with that in its "
                "place.",
        .references = {"RFC 7616 3.4.3", "RFC 2617 3.2.2.3"},
        .needs = password,
        .cost = {.requests = 4, .refused = 2},
        .priority = 50,
        .passes_on = {"strict"},
        .fails_on = {"strict", "any-method"},
        .run = other_method,
    },
    {
        .id = "SA-AUTH-09",
        .title = "A response in upper case",
        .question = "How is a response in upper-case hex taken?",
        .right = "200, or 401 without stale=true",
        .failing = "any other refusal (note)",
        .harm = "None to a phone that keeps to the grammar, which has lower case only.",
        .references = {"RFC 8760 2.7", "RFC 3261 25.1"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 140,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"freeswitch"},
        .run = upper_case,
    },
    {
        .id = "SA-AUTH-10",
        .title = "A response that is too short or too long",
        .question = "Is all of the response compared, and nothing but the response taken?",
        .right = "401 without stale=true, 403 or 400",
        .failing = "200 to a shorter one; 200 to a longer one is a warning",
        .harm = "Where a part is enough, or nothing at all, anybody can guess it.",
        .references = {"RFC 8760 2.7", "RFC 7616 3.4.1"},
        .needs = password,
        .cost = {.requests = 8, .refused = 4},
        .priority = 55,
        .passes_on = {"strict"},
        .fails_on = {"strict", "prefix-compare"},
        .run = response_length,
    },
    {
        .id = "SA-AUTH-11",
        .title = "Another uri in the header than in the digest",
        .question = "Is the digest computed with the uri that the header has?",
        .right = "401 without stale=true, 403 or 400",
        .failing = "200",
        .harm = "The uri proves nothing, and phones behind a proxy that rewrites the Request-URI "
                "are refused.",
        .references = {"RFC 3261 22.4", "RFC 7616 3.4.3"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 50,
        .passes_on = {"strict"},
        .fails_on = {"strict", "uri-not-read"},
        .run = other_uri_hashed,
    },
    {
        .id = "SA-AUTH-12",
        .title = "A uri that is not the Request-URI",
        .question = "How is a uri taken that differs from the Request-URI, with a digest that "
                    "fits it?",
        .right = "200; for the uri of another domain also 401 without stale=true, 400 or 403",
        .failing = "a refusal of the same uri with another port or a transport (note)",
        .harm = "Phones that spell the uri in another way are refused with the right password.",
        .references = {"RFC 3261 22.4", "RFC 8760 2.6"},
        .needs = password,
        .cost = {.requests = 8, .refused = 4},
        .priority = 140,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"strict", "uri-must-match"},
        .run = consistent_uri,
    },
    {
        .id = "SA-AUTH-25",
        .title = "qop without cnonce",
        .question = "Are credentials refused that have a qop and no cnonce?",
        .right = "400, 401 without stale=true, or 403",
        .failing = "200 (warning)",
        .harm = "A false registrar can make a phone answer nonces for which it has all answers "
                "computed.",
        .references = {"RFC 7616 3.4", "RFC 2617 3.2.2"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 120,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-pjsip"},
        .run = without_cnonce,
    },
    {
        .id = "SA-AUTH-26",
        .title = "qop without nc",
        .question = "Are credentials refused that have a qop and no nonce count?",
        .right = "400, 401 without stale=true, or 403",
        .failing = "200 (warning)",
        .harm = "What is not counted can be sent again by whoever hears it.",
        .references = {"RFC 7616 3.4", "RFC 2617 3.2.2"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 120,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-optional"},
        .run = without_count,
    },
});

}  // namespace

std::span<const Check> digest_form_suite() { return checks; }

}  // namespace sipauth::checks
