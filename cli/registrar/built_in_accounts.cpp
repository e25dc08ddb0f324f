#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "registrar/registrar.hpp"
#include "sipauth/aka.hpp"

namespace sipauth::registrar {

std::vector<Account> built_in_accounts() {
  const auto card = [](std::string_view k, std::string_view opc) {
    auto keys = AkaKeys::from_opc(k, opc);
    return keys ? std::optional{AkaSubscription{.keys = *std::move(keys)}} : std::nullopt;
  };
  std::vector<Account> accounts;
  accounts.push_back(
      {.user = "alice",
       .password = Secret{"secret"},
       .aka = card("\x46\x5b\x5c\xe8\xb1\x99\xb4\x9f\xaa\x5f\x0a\x2e\xe2\x38\xa6\xbc",
                   "\xcd\x63\xcb\x71\x95\x4a\x9f\x4e\x48\xa5\x99\x4e\x37\xa0\x2b\xaf")});
  accounts.push_back({.user = "bob",
                      .password = Secret{"secret2"},
                      .aka = card("bob's card its K", "bob's card: OPc.")});
  return accounts;
}

}  // namespace sipauth::registrar
