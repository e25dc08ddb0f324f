// What a phone sees of a registrar, each view a small procedure that ends in one line of text.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "phone.hpp"

namespace sipauth::registrar {

using namespace std::chrono_literals;

inline std::string joined(const std::vector<std::string>& texts) {
  std::string line;
  for (const auto& text : texts) line += (line.empty() ? "" : " | ") + text;
  return line;
}

// The nonces of all rows as N, so that rows can be compared.
inline std::string rows(const Read& read) {
  auto line = joined(read.rows);
  if (read.nonce.empty()) return line;
  for (auto at = line.find(read.nonce); at != std::string::npos; at = line.find(read.nonce)) {
    line.replace(at, read.nonce.size(), "N");
  }
  return line;
}

inline std::string first_rows(World&, Phone& phone) { return rows(phone.ask()); }

inline std::string first(World&, Phone& phone) {
  const auto asked = phone.ask();
  return asked.status == 401 || asked.status == 407
             ? std::to_string(asked.status) + (asked.stale ? " S+" : " S-")
             : asked.kind();
}

inline std::string right(World&, Phone& phone) { return phone.answer(phone.ask()).kind(); }

// What a card makes of the challenge, and what becomes of its answer.
inline std::string card(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto accounts = built_in_accounts();
  const auto answer =
      answer_aka(AkaChallenge::parse(asked.nonce).value(), accounts.front().aka->keys, 0).value();
  const std::string_view outcome = answer.outcome == AkaOutcome::fresh       ? "fresh"
                                   : answer.outcome == AkaOutcome::wrong_mac ? "wrong MAC"
                                                                             : "old";
  const auto first = phone.answer(asked);
  return std::string{outcome} + ' ' + first.kind() + ' ' + phone.answer(first).kind();
}

// A phone that answers a proxy, then the registrar behind it with the credentials for both.
inline std::string both_hops(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto first = phone.answer(asked);
  auto seen = std::to_string(asked.status) + ' ' + std::to_string(first.status);
  if (first.status != 401) return seen + ' ' + phone.send_again().kind();
  const WrittenHeader proxy{"Proxy-Authorization", phone.credentials(asked)};
  return seen + ' ' + phone.answer(first, {.headers = {proxy}}).kind();
}

inline std::string options_request(World&, Phone& phone) {
  phone.method = "OPTIONS";
  return std::to_string(phone.ask().status);
}

inline std::string wrong(World&, Phone& phone) {
  return phone.answer(phone.ask(), {.password = "wrong"}).kind();
}

inline std::string foreign_rows(World&, Phone& phone) {
  const auto asked = phone.ask();
  return rows(phone.answer(asked, {.nonce = foreign(asked.nonce)}));
}

inline std::string foreign_kind(World&, Phone& phone) {
  const auto asked = phone.ask();
  return phone.answer(asked, {.nonce = foreign(asked.nonce)}).kind();
}

inline std::string expired_kind(World& world, Phone& phone) {
  const auto asked = phone.ask();
  world.wait(60s);
  return phone.answer(asked).kind();
}

inline std::string expired_wrong_kind(World& world, Phone& phone) {
  const auto asked = phone.ask();
  world.wait(60s);
  return phone.answer(asked, {.password = "wrong"}).kind();
}

inline std::string reuse(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto once = phone.answer(asked);
  return once.kind() + ' ' + phone.answer(asked, {.nc = "00000002"}).kind();
}

inline std::string repeated_nc(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto once = phone.answer(asked);
  return once.kind() + ' ' + phone.answer(asked).kind();
}

// One nonce, answered with these counts in turn.
inline std::string counted(Phone& phone, const std::vector<std::string>& counts) {
  const auto asked = phone.ask();
  std::string line;
  for (const auto& nc : counts) {
    line += (line.empty() ? "" : " ") + phone.answer(asked, {.nc = nc}).kind();
  }
  return line;
}

inline std::string with_a_gap(World&, Phone& phone) {
  return counted(phone, {"00000001", "00000002", "00000004"});
}

inline std::string nine_and_ten(World&, Phone& phone) {
  return counted(phone, {"00000009", "0000000a"});
}

inline std::string at_256(World&, Phone& phone) { return counted(phone, {"000000ff", "00000100"}); }

inline std::string of_seven_digits(World&, Phone& phone) { return counted(phone, {"0000001"}); }

inline std::string after_a_wrong_password(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto refused = phone.answer(asked, {.password = "wrong", .nc = "0000ffff"});
  return refused.kind() + ' ' + phone.answer(asked, {.nc = "00000002"}).kind();
}

inline std::string another_cnonce(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto once = phone.answer(asked);
  return once.kind() + ' ' + phone.answer(asked, {.nc = "00000002", .cnonce = "77aa"}).kind();
}

inline std::string after_stale(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto stale = phone.answer(asked, {.nonce = foreign(asked.nonce)});
  return stale.kind() + ' ' + phone.answer(stale).kind();
}

inline std::string stale_nonce_is_the_refused_one(World& world, Phone& phone) {
  const auto asked = phone.ask();
  world.wait(60s);
  const auto stale = phone.answer(asked);
  return stale.kind() + (stale.nonce == asked.nonce ? " same" : " new");
}

inline std::string three_wrong_then_right(World&, Phone& phone) {
  for (int i = 0; i < 3; ++i) static_cast<void>(phone.answer(phone.ask(), {.password = "wrong"}));
  const auto asked = phone.ask();
  return asked.kind() + ' ' + (asked.status == 0 ? "" : phone.answer(asked).kind());
}

inline std::string ten_wrong_then_right(World& world, Phone& phone) {
  for (int i = 0; i < 7; ++i) static_cast<void>(phone.answer(phone.ask(), {.password = "wrong"}));
  const auto after_seven = phone.answer(phone.ask()).kind();
  return after_seven + ' ' + three_wrong_then_right(world, phone);
}

inline std::string nonce_length(World&, Phone& phone) {
  const auto asked = phone.ask();
  return std::to_string(asked.nonce.size()) + ' ' + phone.answer(asked).kind();
}

inline std::string nonce_end(World&, Phone& phone) {
  const auto asked = phone.ask();
  return asked.nonce.substr(48) + ' ' + phone.answer(asked).kind();
}

inline std::string nonces_a_second_and_three_apart(World& world, Phone& phone) {
  const auto one = phone.ask().nonce;
  world.wait(1s);
  const auto two = phone.ask().nonce;
  world.wait(3s);
  const auto three = phone.ask().nonce;
  return std::string{one == two ? "same" : "new"} + (two == three ? " same" : " new");
}

inline std::string realms(World&, Phone& phone) {
  const auto one = phone.ask();
  const auto two = phone.ask();
  return std::string{one.realm == two.realm ? "same " : "new "} + phone.answer(two).kind();
}

inline std::string via_of(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto begin = asked.bytes.find("Via: ");
  return asked.bytes.substr(begin, asked.bytes.find("\r\n", begin) - begin);
}

inline std::string tags(World&, Phone& phone) {
  const auto asked = phone.ask();
  return std::string{asked.to_tag.empty() ? "none" : "tag"} +
         (phone.answer(asked).to_tag.empty() ? " none" : " tag");
}

inline std::string content_length(World&, Phone& phone) {
  return phone.ask().bytes.contains("Content-Length") ? "there" : "missing";
}

inline std::string first_delays(World& world, Phone& phone) {
  static_cast<void>(phone.ask());
  World fresh{world.registrar.profile()};
  const auto answers = fresh.send(phone.last_request());
  const auto later = fresh.send(phone.last_request(), "127.0.0.1:5070");
  const auto text = [](const Answer& answer) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(answer.delay).count());
  };
  return text(answers.back()) + ' ' + text(later.back());
}

inline std::string lost(World&, Phone& phone) {
  std::string line;
  for (int i = 0; i < 4; ++i) line += phone.ask().status == 0 ? "-" : "x";
  static_cast<void>(phone.ask());
  static_cast<void>(phone.ask());
  return line + ' ' + phone.retransmit().kind();
}

inline std::string retransmitted(World&, Phone& phone) {
  const auto asked = phone.ask();
  return asked.nonce == phone.retransmit().nonce ? "same" : "new";
}

inline std::string with_and_without_opaque(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto without = phone.answer(asked, {.with_opaque = false});
  return without.kind() + ' ' + phone.answer(asked, {.nc = "00000002"}).kind();
}

inline std::string to_with_tag(World& world, Phone& phone) {
  static_cast<void>(phone.ask());
  auto bytes = phone.last_request();
  const auto to = bytes.find("\r\n", bytes.find("To: "));
  bytes.insert(to, ";tag=5");
  bytes.replace(bytes.find("z9hG4bK"), 7, "z9hG4bK9");
  return read_answers(world.send(bytes)).kind();
}

inline std::string information(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto accepted = phone.answer(asked);
  if (!accepted.bytes.contains("Authentication-Info:")) return "none";
  if (accepted.authentication_info.empty()) return "empty";
  const auto right_one = compute_rspauth({.algorithm = find_algorithm(asked.algorithm),
                                          .qop = Qop::auth,
                                          .username = "alice",
                                          .realm = asked.realm,
                                          .password = "secret",
                                          .method = {},
                                          .uri = "sip:test.local",
                                          .nonce = asked.nonce,
                                          .nc = "00000001",
                                          .cnonce = "0a4f113b"});
  return accepted.authentication_info.contains(right_one->response.view()) ? "right" : "wrong";
}

inline std::string unknown_user(World& world, Phone& phone) {
  Phone nobody{world, "nobody", "secret", "call-9"};
  return nobody.ask().kind() + ' ' + nobody.answer(phone.ask()).kind();
}

}  // namespace sipauth::registrar
