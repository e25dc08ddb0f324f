// What a phone sees of retransmissions, CSeq, tags and the way of answers, as fault_views.hpp does.
#pragma once

#include <string>
#include <string_view>

#include "fault_views.hpp"

namespace sipauth::registrar {

inline std::string retransmitted_credentials(World&, Phone& phone) {
  const auto once = phone.answer(phone.ask());
  return once.kind() + ' ' + phone.retransmit().kind();
}

inline std::string tags_of_a_retransmission(World&, Phone& phone) {
  const auto asked = phone.ask();
  return asked.to_tag == phone.retransmit().to_tag ? "same" : "new";
}

// A phone that got the first answer only after it had sent its request again.
inline std::string answer_behind_a_retransmission(World&, Phone& phone) {
  const auto asked = phone.ask();
  static_cast<void>(phone.retransmit());
  return phone.answer(asked).kind();
}

// The same on another branch, with this instead of that.
inline std::string changed(std::string bytes, std::string_view from, std::string_view to) {
  bytes.replace(bytes.find("z9hG4bK"), 7, "z9hG4bK9");
  return bytes.replace(bytes.find(from), from.size(), to);
}

inline std::string with_rows(std::string bytes, std::string_view rows) {
  return bytes.insert(bytes.find("Content-Length"), rows);
}

inline std::string same_cseq(World& world, Phone& phone) {
  const auto row = "Authorization: " + phone.credentials(phone.ask()) + "\r\n";
  const auto bytes = with_rows(phone.last_request(), row);
  return read_answers(world.send(changed(bytes, "CSeq: 1 ", "CSeq: 1 "))).kind();
}

inline std::string other_from_tag(World& world, Phone& phone) {
  const auto row = "Authorization: " + phone.credentials(phone.ask()) + "\r\n";
  const auto bytes = with_rows(phone.last_request(), row);
  return read_answers(world.send(changed(bytes, ";tag=call-1", ";tag=another"))).kind();
}

// A Contact is bound, and a REGISTER with a lower CSeq of the same Call-ID takes it away again.
inline std::string late_removal(World& world, Phone& phone) {
  const WrittenHeader contact{"Contact", "<sip:alice@127.0.0.1:5062>"};
  static_cast<void>(phone.answer(phone.ask(), {.headers = {contact, {"Expires", "60"}}}));
  const auto row = "Authorization: " + phone.credentials(phone.ask()) +
                   "\r\nContact: " + contact.value + "\r\nExpires: 0\r\n";
  const auto bytes = with_rows(phone.last_request(), row);
  const auto late = read_answers(world.send(changed(bytes, "CSeq: 3 ", "CSeq: 1 ")));
  const auto left = phone.answer(phone.ask());
  return late.kind() + (left.contacts.empty() ? " gone" : " bound");
}

inline std::string foreign_over_a_stream(World& world, Phone& phone) {
  const auto asked = phone.ask();
  static_cast<void>(phone.answer(asked, {.nonce = foreign(asked.nonce)}));
  return read_answers(world.send(phone.last_request(), "127.0.0.1:5062", true)).kind();
}

inline std::string long_and_lost(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto again = phone.retransmit();
  return asked.kind() + ' ' + again.kind() + (again.bytes.size() > 1300 ? " long" : " short");
}

// The last request as it comes from behind a NAT.
inline std::string behind_nat(const Phone& phone) {
  auto bytes = phone.last_request();
  const std::string_view source = "127.0.0.1:5062";
  bytes.replace(bytes.find(source), source.size(), "192.0.2.1:5999");
  bytes.replace(bytes.find("z9hG4bK"), 7, "z9hG4bK9");
  return bytes;
}

inline std::string way_back_with_and_without_rport(World& world, Phone& phone) {
  static_cast<void>(phone.ask());
  auto bytes = behind_nat(phone);
  const auto to = [&] {
    const auto answer = world.send(bytes).back();
    return answer.to.empty() ? std::string{"source"} : answer.to;
  };
  const auto with = to();
  bytes.replace(bytes.find("z9hG4bK"), 7, "z9hG4bK9");
  bytes.erase(bytes.find(";rport"), 6);
  return with + ' ' + to();
}

inline std::string via_from_behind_nat(World& world, Phone& phone) {
  static_cast<void>(phone.ask());
  const auto seen = read_answers(world.send(behind_nat(phone), "127.0.0.1:5062"));
  return seen.bytes.contains(";rport=5062;received=127.0.0.1") ? "filled" : "empty";
}

inline std::string where_answers_come_from(World& world, Phone& phone) {
  static_cast<void>(phone.ask());
  const auto answers = world.send(phone.last_request(), "127.0.0.1:5070");
  return answers.back().from_elsewhere ? "elsewhere" : "there";
}

}  // namespace sipauth::registrar
