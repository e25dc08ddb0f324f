// A registrar of Sofia-SIP's own parts (nta, auth_module) on a free port of the loopback, UDP and
// TCP, until it is killed. Writes "port N" when it listens.
//
// Arguments: the file of accounts (user:password:realm, one a line), then any of expires=SECONDS,
// counts=NUMBER (uses of a nonce), forbidden (403 instead of a challenge for a wrong password) and
// nextnonce. Realm: test.local.

#include <sofia-sip/auth_module.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_wait.h>
#include <sofia-sip/url_tag.h>

#include <charconv>
#include <cstdio>
#include <memory>
#include <string_view>

namespace {

constexpr const char* realm = "test.local";
constexpr const char* server = "sofia-sip";

struct Wishes {
  const char* accounts = nullptr;
  unsigned expires = 300;
  unsigned counts = 0;
  bool forbidden = false;
  bool nextnonce = false;
};

/// False for an argument that is none of those above.
bool read(std::string_view argument, Wishes& wishes) {
  const auto number_behind = [argument](std::string_view name, unsigned& number) {
    if (!argument.starts_with(name)) return false;
    const auto text = argument.substr(name.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
  };
  if (argument == "forbidden") return wishes.forbidden = true;
  if (argument == "nextnonce") return wishes.nextnonce = true;
  return number_behind("expires=", wishes.expires) || number_behind("counts=", wishes.counts);
}

void answer(nta_incoming_t* request, int status, const char* phrase, const auth_status_t* judged) {
  nta_incoming_treply(request, status, phrase, SIPTAG_SERVER_STR(server),
                      SIPTAG_HEADER(reinterpret_cast<const sip_header_t*>(judged->as_response)),
                      SIPTAG_HEADER(reinterpret_cast<const sip_header_t*>(judged->as_info)),
                      TAG_END());
}

// The magic of the leg is the module of authentication.
int on_request(nta_leg_magic_t* magic, nta_leg_t*, nta_incoming_t* request, const sip_t* sip) {
  if (sip->sip_request->rq_method != sip_method_register) return 405;
  auto* const module = reinterpret_cast<auth_mod_t*>(magic);
  const auth_challenger_t challenger{401, sip_401_Unauthorized, sip_www_authenticate_class,
                                     sip_authentication_info_class};
  const auto unref = [](auth_status_t* status) { auth_status_unref(status); };
  const std::unique_ptr<auth_status_t, decltype(unref)> judged{auth_status_new(nullptr), unref};
  judged->as_method = sip->sip_request->rq_method_name;
  judged->as_realm = realm;
  judged->as_user_uri = sip->sip_to->a_url;
  auth_mod_verify(module, judged.get(), sip->sip_authorization, &challenger);

  if (judged->as_status != 0) {
    answer(request, judged->as_status, judged->as_phrase, judged.get());
  } else {
    answer(request, 200, sip_200_OK, judged.get());
  }
  return 0;
}

auth_mod_t* module_of(su_root_t* root, const Wishes& wishes) {
  return auth_mod_create(root, AUTHTAG_METHOD("Digest"), AUTHTAG_REALM(realm),
                         AUTHTAG_DB(wishes.accounts), AUTHTAG_QOP("auth"),
                         AUTHTAG_EXPIRES(wishes.expires), AUTHTAG_MAX_NCOUNT(wishes.counts),
                         AUTHTAG_NEXT_EXPIRES(wishes.nextnonce ? wishes.expires : 0),
                         AUTHTAG_FORBIDDEN(wishes.forbidden ? 1 : 0), TAG_END());
}

}  // namespace

int main(int argc, char** argv) {
  Wishes wishes;
  bool understood = argc > 1;
  if (understood) wishes.accounts = argv[1];
  for (int i = 2; i < argc; ++i) understood = understood && read(argv[i], wishes);
  if (!understood) {
    std::fputs("arguments: ACCOUNTS [expires=N] [counts=N] [forbidden] [nextnonce]\n", stderr);
    return 2;
  }

  su_init();
  su_root_t* const root = su_root_create(nullptr);
  auth_mod_t* const module = root != nullptr ? module_of(root, wishes) : nullptr;
  nta_agent_t* const agent =
      root != nullptr
          ? nta_agent_create(root, URL_STRING_MAKE("sip:127.0.0.1:*"), nullptr, nullptr, TAG_END())
          : nullptr;
  if (module == nullptr || agent == nullptr) {
    std::fputs("no registrar on the loopback\n", stderr);
    return 1;
  }
  nta_leg_tcreate(agent, on_request, reinterpret_cast<nta_leg_magic_t*>(module),
                  NTATAG_NO_DIALOG(1), TAG_END());
  std::printf("port %s\n", nta_agent_contact(agent)->m_url->url_port);
  std::fflush(stdout);
  su_root_run(root);
  return 0;
}
