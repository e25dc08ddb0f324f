// The table for messages: start line, rows, lengths, and the tables of what stands in the rows.
#include <algorithm>
#include <array>
#include <utility>

#include "fuzz/mutation.hpp"
#include "fuzz/mutation_header.hpp"
#include "fuzz/mutation_rows.hpp"
#include "fuzz/mutation_table.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

// --- The start line. ---

// A word of it, and what stands in its place.
std::string word_of_start_line(std::string_view text, std::size_t index, Texts others,
                               Random& random) {
  auto rest = trim(read_rows(text).start_line);
  for (std::size_t i = 0; i < index; ++i) {
    const auto blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::string{text};
    rest.remove_prefix(blank + 1);
  }
  return replaced(text, rest.substr(0, rest.find(' ')), drawn(others, random));
}

std::string first_word(std::string_view text, Random& random) {
  constexpr auto words = std::to_array<std::string_view>(
      {"R",          "",          "register",     "REGISTERX", "REGISTE",
       "INVITE",     "ACK",       "CANCEL",       "BYE",       "OPTIONS",
       "SIP/2.0",    "sip/2.0",   "SIP/2.00",     "SIP/3.0",   "SIP/2",
       "SIP/",       "HTTP/1.1",  "GET",          "\xc3\xa9",  "RE GISTER",
       "R\tEGISTER", "!-%*_+`'~", "\x16\x03\x01", "RTSP/1.0",  "4294967296"});
  return word_of_start_line(text, 0, words, random);
}

std::string second_word(std::string_view text, Random& random) {
  constexpr auto words = std::to_array<std::string_view>({"099",
                                                          "100",
                                                          "99",
                                                          "699",
                                                          "700",
                                                          "999",
                                                          "1000",
                                                          "0401",
                                                          "401.0",
                                                          "-401",
                                                          "+401",
                                                          "4e2",
                                                          "40",
                                                          "2147483648",
                                                          "4294967297",
                                                          "18446744073709552017",
                                                          "",
                                                          "%",
                                                          "sip:",
                                                          "sip:a%",
                                                          "/",
                                                          "*",
                                                          "sip:a b",
                                                          "<sip:a>",
                                                          "sip:a?b",
                                                          "sip:a;b=\"",
                                                          "urn:",
                                                          "tel:+1",
                                                          "sip:[::1",
                                                          "sip:a@b:65536",
                                                          "sip:\xc3\xa9"});
  return word_of_start_line(text, 1, words, random);
}

std::string third_word(std::string_view text, Random& random) {
  constexpr auto words = std::to_array<std::string_view>(
      {"SIP/2.0", "SIP/3.0", "sip/2.0", "SIP/2.00", "SIP/2.0 ", "HTTP/1.1", "SIP/", "", "SIP/2",
       "SIP/4294967296.0", "Unauthorized ", "\xc3\x9c", "\x01", "SIP/2.0 SIP/2.0"});
  return word_of_start_line(text, 2, words, random);
}

std::string shortened_start_line(std::string_view text, Random& random) {
  const auto line = read_rows(text).start_line;
  const auto kept = random.below(line.size());
  return joined({line.substr(0, kept), random.one_in(2) ? "\r\n" : "", text.substr(line.size())});
}

std::string_view request_uri(std::string_view text, Random&) {
  const auto line = trim(read_rows(text).start_line);
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos || line.starts_with("SIP/")) return {};
  const auto uri = line.substr(blank + 1);
  return uri.substr(0, uri.find(' '));
}

// --- Lengths, and where messages end. ---

std::string content_length(std::string_view text, Random& random) {
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, {HeaderId::content_length}, random);
  const auto body = rows.rest.size() - std::min<std::size_t>(rows.rest.size(), 2);
  const auto few = std::to_string(body - std::min(body, random.below(3)));
  const auto many = std::to_string(body + 1 + random.below(70'000));
  const auto number = random.one_in(3)   ? std::string_view{few}
                      : random.one_in(2) ? std::string_view{many}
                                         : drawn(odd_numbers, random);
  if (row == nullptr)
    return with_row(text, rows, joined({"Content-Length: ", number, "\r\n"}), random);
  if (random.one_in(4)) return with_row(text, rows, joined({"l: ", number, "\r\n"}), random);
  return replaced(text, row->value, number);
}

std::string without_empty_line(std::string_view text, Random& random) {
  const auto rows = read_rows(text);
  const auto kept = text.substr(0, text.size() - rows.rest.size());
  if (random.one_in(2)) return joined({kept, trim(rows.rest)});
  return std::string{kept.substr(0, kept.find_last_not_of("\r\n") + 1)};
}

std::string body(std::string_view text, Random& random) {
  constexpr auto bodies = std::to_array<std::string_view>(
      {"\r\n", "\n\n", "x", "--b\r\n\r\n", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b",
       "--b--", "v=0\r\nm=", "v=0\r\no=\r\nm=audio 4294967296 RTP/AVP\r\n", "v=0\nm=\n=", "<?xml",
       "SIP/2.0 401 Unauthorized\r\n\r\n"});
  constexpr auto types = std::to_array<std::string_view>(
      {"", "Content-Type: multipart/mixed\r\n", "Content-Type: multipart/mixed;boundary=\r\n",
       "Content-Type: multipart/mixed;boundary=\"\r\n",
       "Content-Type: multipart/mixed;boundary=b\r\n", "Content-Type: application/sdp\r\n",
       "c: \r\n", "Content-Type: /\r\n"});
  const auto rows = read_rows(text);
  const auto head = text.substr(0, text.size() - rows.rest.size());
  return joined({head, drawn(types, random), "\r\n", drawn(bodies, random)});
}

std::string two_in_one(std::string_view text, Random& random) {
  constexpr auto others = std::to_array<std::string_view>(
      {"OPTIONS sip:r SIP/2.0\r\n\r\n", "\r\n\r\n", "\r\n", std::string_view{"\0\0\0\0", 4},
       "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
       std::string_view{"\x00\x01\xff\xff\x21\x12\xa4\x42", 8}});
  const auto other = random.one_in(2) ? text : drawn(others, random);
  return random.one_in(2) ? joined({text, other}) : joined({other, text});
}

// --- The rows. ---

constexpr auto own_rows = std::to_array<Mutation>({
    {"first-word", "another method or version", first_word},
    {"second-word", "another Request-URI or status code", second_word},
    {"third-word", "another version or reason", third_word},
    {"start-line-shortened", "a start line that ends early", shortened_start_line},
    {"content-length", "a Content-Length too small, too big, at a boundary, or two",
     content_length},
    {"empty-line-lost", "no empty line behind the headers", without_empty_line},
    {"body", "another body: parts without a boundary, SDP that is cut", body},
    {"two-in-one", "two messages in one, or a keep-alive and one", two_in_one},
    {"header-dropped", "one header less", header_dropped},
    {"header-doubled", "one header twice", header_doubled},
    {"header-doubled-otherwise", "one header twice, with another value", header_doubled_otherwise},
    {"headers-swapped", "two headers in each other's place", headers_swapped},
    {"header-name-form", "the compact form of a name, or the long one", header_name_form},
    {"header-name-case", "a name in another case", header_name_case},
    {"header-name-odd", "a blank, a control or another byte in or behind a name", header_name_odd},
    {"colon", "no colon, two, or another sign", header_colon},
    {"line-end", "another line end", header_line_end},
    {"line-ends", "other line ends throughout", all_line_ends},
    {"header-folded", "a header on two lines, or nearly", header_folded},
    {"value-grown", "a value longer by up to 65000 bytes", header_value_grown},
    {"value-emptied", "a header without a value", header_value_emptied},
    {"value-odd", "a control, a delimiter or broken UTF-8 in a value", header_value_odd},
    {"value-format-string", "what a format string or a shell would read",
     header_value_format_string},
    {"number", "a number at a boundary in a header that holds one", header_number},
    {"header-added", "a header that parsers stumble over", header_added},
    {"many-headers", "up to 10000 headers more", many_headers},
    {"auth-row-split", "one authentication row as two", auth_row_split},
    {"auth-rows-merged", "two authentication rows as one", auth_rows_merged},
    {"auth-header-renamed", "the row under the name of another authentication header",
     auth_header_renamed},
});

}  // namespace

std::span<const Mutation> message_mutations() noexcept {
  using enum HeaderId;
  static const auto table = [] {
    std::vector<Mutation> rows{own_rows.begin(), own_rows.end()};
    rows.insert(rows.end(), text_rows.begin(), text_rows.end());
    append_rows_of<challenge_mutations, value_of<www_authenticate, proxy_authenticate>,
                   most_list_rows>(rows);
    append_rows_of<credentials_mutations, value_of<authorization, proxy_authorization>,
                   most_list_rows>(rows);
    append_rows_of<authentication_info_mutations, value_of<authentication_info>, most_list_rows>(
        rows);
    append_rows_of<name_addr_mutations, value_of<from, to, contact>, most_value_rows>(rows);
    append_rows_of<via_mutations, value_of<via>, most_value_rows>(rows);
    append_rows_of<cseq_mutations, value_of<cseq>, most_value_rows>(rows);
    append_rows_of<uri_mutations, request_uri, most_value_rows>(rows);
    return rows;
  }();
  return table;
}

}  // namespace sipauth::fuzz
