// What a phone sees of a registrar whose nonces are good for one place, one time or one secret, and
// of its Authentication-Info: each view ends in one line of text.
#pragma once

#include <string>
#include <string_view>

#include "phone.hpp"
#include "sipauth/authentication_info.hpp"

namespace sipauth::registrar {

inline std::string of_another_call(World& world, Phone& phone) {
  Phone later{world, "alice", "secret", "call-2"};
  return later.answer(phone.ask()).kind();
}

inline std::string of_another_user(World& world, Phone& phone) {
  Phone bob{world, "bob", "secret2", "call-2"};
  return phone.answer(bob.ask()).kind();
}

inline std::string of_another_port(World&, Phone& phone) {
  const auto asked = phone.ask();
  phone.source = "127.0.0.1:5064";
  return phone.answer(asked).kind();
}

inline std::string of_another_address(World&, Phone& phone) {
  const auto asked = phone.ask();
  phone.source = "127.0.0.2:5062";
  return phone.answer(asked).kind();
}

inline std::string of_another_transport(World&, Phone& phone) {
  const auto asked = phone.ask();
  phone.reliable = true;
  return phone.answer(asked).kind();
}

// A nonce of the first second, which nobody asked for.
inline std::string made_by_hand(World& world, Phone& phone) {
  world.wait(std::chrono::seconds{2});
  const auto asked = phone.ask();
  const std::string_view time = "1767225600";
  const auto hash = hash_hex(Hash::md5, std::span{&time, 1});
  const auto made = std::string{time} + ':' + std::string{hash->view()};
  return std::string{asked.nonce.contains(':') ? "hash " : "other "} +
         phone.answer(asked, {.nonce = made}).kind();
}

inline std::string next_is_one_more(World&, Phone& phone) {
  const auto one = phone.ask().nonce;
  const auto two = phone.ask();
  const bool counts =
      one.size() == 16 && std::stoull(two.nonce, nullptr, 16) == std::stoull(one, nullptr, 16) + 1;
  return (counts ? "one more " : "other ") + phone.answer(two).kind();
}

inline std::string used_after(World& world, Phone& phone, std::chrono::seconds first,
                              std::chrono::seconds then) {
  const auto asked = phone.ask();
  world.wait(first);
  const auto once = phone.answer(asked);
  world.wait(then);
  return once.kind() + ' ' + phone.answer(asked, {.nc = "00000002"}).kind();
}

inline std::string used_at_40_and_80_s(World& world, Phone& phone) {
  return used_after(world, phone, std::chrono::seconds{40}, std::chrono::seconds{40});
}

inline std::string used_at_0_and_20_s(World& world, Phone& phone) {
  return used_after(world, phone, std::chrono::seconds{0}, std::chrono::seconds{20});
}

// Every parameter, without values that are different each time.
inline std::string information_list(World&, Phone& phone) {
  const auto accepted = phone.answer(phone.ask());
  Diagnostics ignored;
  const auto read = AuthenticationInfo::parse(accepted.authentication_info, ignored);
  std::string line;
  for (const auto& [name, value, quoted, where] : read->parameters()) {
    line += (line.empty() ? "" : " ") + std::string{name};
    if (name == "cnonce" && value == "0a4f113b") line += "=ours";
    if (name != "qop" && name != "nc") continue;
    line += quoted ? "=\"" + std::string{value} + '"' : '=' + std::string{value};
  }
  return line;
}

inline std::string next_nonce_used(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto accepted = phone.answer(asked);
  Diagnostics ignored;
  const auto read = AuthenticationInfo::parse(accepted.authentication_info, ignored);
  return phone.answer(asked, {.nonce = std::string{read->nextnonce().value_or("")}}).kind();
}

}  // namespace sipauth::registrar
