// The tables for From, To, Contact, Via and CSeq.
#include <algorithm>
#include <array>

#include "fuzz/mutation.hpp"
#include "fuzz/mutation_table.hpp"
#include "fuzz/mutation_uri.hpp"
#include "sipauth/uri.hpp"

namespace sipauth::fuzz {
namespace {

std::string doubled_as_a_list(std::string_view text, Random& random) {
  constexpr auto gaps = std::to_array<std::string_view>({", ", ",", ",,", " ", ";"});
  std::string list{text};
  // Of a long text no list is made that nobody takes any more.
  const auto times = text.size() < 1'024 && random.one_in(4) ? 33 : 1;
  const auto gap = drawn(gaps, random);
  for (int i = 0; i < times; ++i) {
    list += gap;
    list += text;
  }
  return list;
}

// --- From, To, Contact. ---

std::string_view uri_inside(std::string_view text, Random&) {
  const auto open = text.find('<');
  if (open == std::string_view::npos) return text.substr(0, text.find(';'));
  return text.substr(open + 1, std::min(text.find('>', open), text.size()) - open - 1);
}

std::string display_name(std::string_view text, Random& random) {
  constexpr auto names = std::to_array<std::string_view>({"",
                                                          "\"\" ",
                                                          "Alice ",
                                                          "Alice, Bob ",
                                                          "\"Alice",
                                                          "Alice\" ",
                                                          "\"Alice\\\" ",
                                                          "\"A\\\"B\" ",
                                                          "\"A, <sip:b>\" ",
                                                          "\"caf\xc3\xa9\" ",
                                                          "\"caf\xe9\" ",
                                                          "caf\xc3\xa9 ",
                                                          "\"A\r\n B\" ",
                                                          "\"A\" \"B\" ",
                                                          "'A' ",
                                                          "\"A\"",
                                                          "A <",
                                                          "\"\x01\" ",
                                                          "%s%n ",
                                                          "\\ ",
                                                          ", "});
  const auto open = text.find('<');
  const auto address =
      open == std::string_view::npos ? joined({"<", text, ">"}) : std::string{text.substr(open)};
  return joined({drawn(names, random), address});
}

std::string brackets(std::string_view text, Random& random) {
  std::string damaged{text};
  switch (random.below(5)) {
    case 0:
      std::erase(damaged, '>');
      break;
    case 1:
      std::erase(damaged, '<');
      break;
    case 2:
      std::erase_if(damaged, [](char c) { return c == '<' || c == '>'; });
      break;
    case 3:
      damaged = joined({"<", text, ">"});
      break;
    default:
      if (const auto close = text.find('>'); close != std::string_view::npos) {
        damaged = inserted(text, close + 1, random.one_in(2) ? "\"" : ">");
      }
  }
  return damaged;
}

std::string wildcard(std::string_view, Random& random) {
  constexpr auto texts = std::to_array<std::string_view>(
      {"*", "* ", "*;expires=0", "<*>", "**", "*, <sip:a@b>", "\"*\" <sip:a@b>"});
  return std::string{drawn(texts, random)};
}

constexpr auto tags = std::to_array<std::string_view>(
    {"", "1", "\"1\"", "a b", "\"", "%", "<", "\xc3\xa9", "a=b", "1;tag=2"});
constexpr auto q_values = std::to_array<std::string_view>(
    {"0", "1", "0.5", "1.0", "1.001", "0.0001", "2", "-1", "1e-1", ".5", "0.", "", "\"0.5\"",
     "4294967296", "nan", "0,5", "0.5555555555555555555555555555555"});
constexpr Spellings tag_parameter{"tag", tags};
constexpr Spellings q_parameter{"q", q_values};
constexpr Spellings expires_parameter{"expires", odd_numbers};

constexpr auto name_addr_rows = std::to_array<Mutation>({
    {"display-name", "a display name that is open, escaped or needs quotes", display_name},
    {"brackets", "brackets lost, open, doubled, or with a quote behind them", brackets},
    {"wildcard", "the * of a Contact, and nearly", wildcard},
    {"tag", "a tag that is empty, quoted, doubled", with_parameter<tag_parameter>},
    {"q-value", "a q at a boundary", with_parameter<q_parameter>},
    {"expires-parameter", "expires at a boundary", with_parameter<expires_parameter>},
    {"odd-end", "a delimiter with nothing behind it", with_an_odd_end},
    {"list", "the same address again, up to 33 times", doubled_as_a_list},
    {"grown", "longer by up to 65000 bytes", made_long},
});

// --- Via. ---

std::string via_protocol(std::string_view text, Random& random) {
  constexpr auto protocols = std::to_array<std::string_view>(
      {"SIP/2.0/UDP", "SIP/2.0/TCP", "SIP/2.0/WSS", "sip/2.0/udp", "SIP / 2.0 / UDP", "SIP/2.0",
       "SIP/2.0/", "SIP/", "SIP", "/2.0/UDP", "SIP/3.0/UDP", "SIP/2.0/XYZ", "SIP//UDP",
       "HTTP/1.1/TCP", "SIP/2.0/UDP/UDP", "", "SIP/99999999999/UDP", "SIP/2.0\r\n /UDP"});
  const auto last_slash = text.rfind('/', text.find(';'));
  const auto begin = last_slash == std::string_view::npos ? 0 : last_slash;
  const auto blank = std::min(text.find_first_of(" \t\r\n", begin), text.size());
  return joined({drawn(protocols, random), text.substr(blank)});
}

HostPort sent_by_of(std::string_view text) {
  const auto slash = text.rfind('/', text.find(';'));
  const auto blank = text.find(' ', slash == std::string_view::npos ? 0 : slash);
  return host_port_at(text, blank == std::string_view::npos ? text.size() : blank + 1);
}

std::string sent_by(std::string_view text, Random& random) {
  return replaced(text, sent_by_of(text).host, drawn(odd_hosts, random));
}

std::string sent_by_port(std::string_view text, Random& random) {
  return replaced(text, sent_by_of(text).port, joined({":", drawn(odd_numbers, random)}));
}

std::string without_parameter(std::string_view text, std::string_view name, Random& random) {
  const auto value = find_parameter(semicolon_parameters(text), name);
  if (!value) return std::string{text};
  const auto end = span_of(*value, text).offset + value->size();
  const auto begin = text.rfind(';', span_of(*value, text).offset);
  if (begin == std::string_view::npos) return std::string{text};
  // Without its name too, or with its name and = alone.
  return joined({text.substr(0, random.one_in(3) ? end - value->size() : begin), text.substr(end)});
}

std::string without_branch(std::string_view text, Random& random) {
  return without_parameter(text, "branch", random);
}

constexpr auto branches = std::to_array<std::string_view>(
    {"", "z9hG4bK", "Z9HG4BK1", "1", "z9hG4bK1;branch=z9hG4bK2", "\"z9hG4bK1\"", "z9hG4bK 1",
     "z9hG4bK\xff", "z9hG4bK=", "z9hG4bK%00"});
constexpr auto rports =
    std::to_array<std::string_view>({"", "1", "0", "65536", "a", "-1", "\"1\""});
constexpr Spellings branch_parameter{"branch", branches};
constexpr Spellings rport_parameter{"rport", rports};
constexpr Spellings received_parameter{"received", odd_hosts};

constexpr auto via_rows = std::to_array<Mutation>({
    {"via-protocol", "another protocol, version or transport", via_protocol},
    {"sent-by", "a sent-by that is no host", sent_by},
    {"sent-by-port", "a port at a boundary", sent_by_port},
    {"branch-lost", "no branch, or none behind its =", without_branch},
    {"branch", "a branch that is empty, alone, quoted, doubled", with_parameter<branch_parameter>},
    {"received", "received with an odd host", with_parameter<received_parameter>},
    {"rport", "rport with an odd number", with_parameter<rport_parameter>},
    {"ttl", "a ttl at a boundary", with_parameter<ttl_parameter>},
    {"maddr", "a maddr parameter", with_parameter<maddr_parameter>},
    {"odd-end", "a delimiter with nothing behind it", with_an_odd_end},
    {"list", "the same hop again, up to 33 times", doubled_as_a_list},
    {"grown", "longer by up to 65000 bytes", made_long},
});

// --- CSeq. ---

std::string cseq_number(std::string_view text, Random& random) {
  const auto blank = std::min(text.find_first_of(" \t\r\n"), text.size());
  return joined({drawn(odd_numbers, random), text.substr(blank)});
}

std::string cseq_method(std::string_view text, Random& random) {
  constexpr auto methods = std::to_array<std::string_view>(
      {"", "INVITE", "register", "ACK", "R", "REGISTERS", "REGISTER x", "\xc3\xa9", "\"REGISTER\"",
       "1", "REGISTER;", "REGISTER,"});
  const auto blank = text.find_last_of(" \t\r\n");
  const auto begin = blank == std::string_view::npos ? text.size() : blank + 1;
  return joined({text.substr(0, begin), drawn(methods, random)});
}

std::string cseq_blanks(std::string_view text, Random& random) {
  constexpr auto blanks = std::to_array<std::string_view>(
      {"", "  ", "\t", "\r\n ", "\r\n\t", "\n", "\xc2\xa0", ",", ";"});
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return std::string{text};
  return replaced(text, text.substr(blank, 1), drawn(blanks, random));
}

constexpr auto cseq_rows = std::to_array<Mutation>({
    {"cseq-number", "a number at a boundary", cseq_number},
    {"cseq-method", "another method, none, or two words", cseq_method},
    {"cseq-blanks", "what stands between number and method", cseq_blanks},
    {"grown", "longer by up to 65000 bytes", made_long},
});

constexpr auto of_via = concatenated(via_rows, text_rows);
constexpr auto of_cseq = concatenated(cseq_rows, text_rows);

}  // namespace

std::span<const Mutation> via_mutations() noexcept { return of_via; }

std::span<const Mutation> cseq_mutations() noexcept { return of_cseq; }

std::span<const Mutation> name_addr_mutations() noexcept {
  static const auto table = [] {
    std::vector<Mutation> rows{name_addr_rows.begin(), name_addr_rows.end()};
    append_rows_of<uri_mutations, uri_inside, most_value_rows>(rows);
    return rows;
  }();
  return table;
}

}  // namespace sipauth::fuzz
