#include "fuzz/mutation_header.hpp"

#include <algorithm>
#include <array>

#include "fuzz/mutation_list.hpp"
#include "fuzz/mutation_text.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

// RFC 3261 7.3.3 and 20.
struct Form {
  std::string_view name;
  std::string_view compact;
};
constexpr auto forms = std::to_array<Form>({{"Via", "v"},
                                            {"From", "f"},
                                            {"To", "t"},
                                            {"Call-ID", "i"},
                                            {"Contact", "m"},
                                            {"Content-Length", "l"},
                                            {"Content-Type", "c"},
                                            {"Supported", "k"},
                                            {"Subject", "s"},
                                            {"Content-Encoding", "e"}});

// The text with a row that is drawn and what `change` makes of it.
std::string changed_row(std::string_view text, Random& random, auto change) {
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, random);
  return row == nullptr ? std::string{text} : replaced(text, row->text, change(*row));
}

std::string changed_name(std::string_view text, Random& random, auto change) {
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, random);
  if (row == nullptr || row->name.empty()) return std::string{text};
  return replaced(text, row->name, change(row->name));
}

std::string changed_value(std::string_view text, Random& random, auto change) {
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, random);
  return row == nullptr ? std::string{text} : replaced(text, row->value, change(row->value));
}

std::string_view line_end_of(const Row& row) {
  return row.line_end.empty() ? "\r\n" : row.line_end;
}

constexpr auto line_ends =
    std::to_array<std::string_view>({"\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "\n\n", "\r\n \r\n",
                                     "", "\x0b\x0c", std::string_view{"\0\r\n", 3}, "\xc2\x85"});

}  // namespace

// --- Whole rows. ---

std::string header_dropped(std::string_view text, Random& random) {
  return changed_row(text, random, [](const Row&) { return ""; });
}

std::string header_doubled(std::string_view text, Random& random) {
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, random);
  return row == nullptr ? std::string{text} : with_row(text, rows, row->text, random);
}

std::string header_doubled_otherwise(std::string_view text, Random& random) {
  constexpr auto values = std::to_array<std::string_view>(
      {"", "x", "0", "1 REGISTER", "<sip:other@example.net>;tag=2",
       "SIP/2.0/UDP other;branch=z9hG4bK2", "Digest realm=\"other\", nonce=\"m\"", "*", "\xff"});
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, random);
  if (row == nullptr) return std::string{text};
  const auto other = joined({row->name, ": ", drawn(values, random), line_end_of(*row)});
  return with_row(text, rows, other, random);
}

std::string headers_swapped(std::string_view text, Random& random) {
  const auto rows = read_rows(text);
  if (rows.headers.size() < 2) return std::string{text};
  auto one = random.below(rows.headers.size());
  auto other = (one + 1 + random.below(rows.headers.size() - 1)) % rows.headers.size();
  if (one > other) std::swap(one, other);
  const auto& first = rows.headers[one].text;
  const auto& second = rows.headers[other].text;
  const auto begin = static_cast<std::size_t>(first.data() - text.data());
  const auto end = static_cast<std::size_t>(second.data() - text.data());
  return joined({text.substr(0, begin), second,
                 text.substr(begin + first.size(), end - begin - first.size()), first,
                 text.substr(end + second.size())});
}

std::string header_added(std::string_view text, Random& random) {
  constexpr auto added =
      std::to_array<std::string_view>({"To: <sip:eve@example.com>;tag=\r\n",
                                       "t: sip:eve@example.com\r\n",
                                       "From: /\r\n",
                                       "Contact: %\r\n",
                                       "Contact: *\r\n",
                                       "Expires: -1\r\n",
                                       "Max-Forwards: 0\r\n",
                                       ": x\r\n",
                                       ":\r\n",
                                       "x\r\n",
                                       " x\r\n",
                                       "Require: x\r\n",
                                       "Warning: x\r\n",
                                       "Warning: 4294967296 x \"\r\n",
                                       "Subscription-State: terminated;;\r\n",
                                       "Content-Encoding: gzip\r\n",
                                       "Route: <sip:127.0.0.1;lr>\r\n",
                                       "Via: SIP/2.0/UDP\r\n",
                                       "v:\r\n",
                                       "Retry-After: 4294967296 (x\r\n",
                                       "Date: x\r\n",
                                       "Proxy-Authenticate: Basic realm=\"r\"\r\n",
                                       "WWW-Authenticate: Digest\r\n",
                                       "WWW-Authenticate: \r\n",
                                       "Authorization: Basic YWxpY2U6c2VjcmV0\r\n",
                                       "Authorization: Digest u\r\n",
                                       "Authentication-Info: nextnonce=\"\"\r\n",
                                       "Security-Server: digest;d-alg=md5;q=0.1\r\n",
                                       "P-Asserted-Identity: \"\r\n",
                                       "Identity: ;\r\n",
                                       "User-Agent: ((((((((\r\n"});
  return with_row(text, read_rows(text), drawn(added, random), random);
}

std::string many_headers(std::string_view text, Random& random) {
  // Below, at and above what is read, and far above; and what once was a fixed array elsewhere.
  constexpr auto counts = std::to_array<std::size_t>(
      {32, 33, 64, Message::max_headers - 8, Message::max_headers, 1'000, 10'000});
  constexpr auto kinds = std::to_array<std::string_view>(
      {"Accept: */*\r\n", "X: y\r\n", "Via: a\r\n", "a:\r\n", "\t\r\n", "WWW-Authenticate: x\r\n"});
  const auto kind = drawn(kinds, random);
  const auto count = counts[random.below(counts.size())];
  std::string more;
  more.reserve(count * kind.size());
  for (std::size_t i = 0; i < count; ++i) more += kind;
  return with_row(text, read_rows(text), more, random);
}

// --- Names and colons. ---

std::string header_name_form(std::string_view text, Random& random) {
  return changed_name(text, random, [](std::string_view name) {
    const auto form = std::ranges::find_if(forms, [&](const Form& row) {
      return same(row.name, trim(name)) || same(row.compact, trim(name));
    });
    if (form == forms.end()) return name;
    return same(form->name, trim(name)) ? form->compact : form->name;
  });
}

std::string header_name_case(std::string_view text, Random& random) {
  return changed_name(text, random, [&](std::string_view name) {
    std::string other{name};
    const bool all = random.one_in(2);
    for (auto& c : other) {
      if (is_alpha(c) && (all || random.one_in(3))) {
        c = static_cast<char>(static_cast<unsigned char>(c) ^ 0x20U);
      }
    }
    return other;
  });
}

std::string header_name_odd(std::string_view text, Random& random) {
  return changed_name(text, random, [&](std::string_view name) {
    const auto byte = drawn(odd_bytes, random);
    return random.one_in(2) ? joined({name, byte}) : inserted_anywhere(name, byte, random);
  });
}

std::string header_colon(std::string_view text, Random& random) {
  constexpr auto colons = std::to_array<std::string_view>(
      {"", " ", "=", "::", " : ", "\t:\t", ";", ":\r\n ", "\xef\xbc\x9a", ":  \t", "\r\n :"});
  return changed_row(text, random, [&](const Row& row) {
    return joined({row.name, drawn(colons, random), row.value, row.line_end});
  });
}

// --- Lines. ---

std::string header_line_end(std::string_view text, Random& random) {
  return changed_row(text, random, [&](const Row& row) {
    const auto line = row.text.substr(0, row.text.size() - row.line_end.size());
    return joined({line, drawn(line_ends, random)});
  });
}

std::string all_line_ends(std::string_view text, Random& random) {
  constexpr auto ends = std::to_array<std::string_view>({"\n", "\r", "\r\r\n", "\n\r"});
  const auto end = drawn(ends, random);
  std::string damaged;
  damaged.reserve(text.size() + text.size() / 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n') {
      damaged += end;
    } else {
      damaged += text[i];
    }
  }
  return damaged;
}

std::string header_folded(std::string_view text, Random& random) {
  constexpr auto folds = std::to_array<std::string_view>(
      {"\r\n ", "\r\n\t", "\n ", "\r ", "\r\n", "\r\n \r\n ", "\r\n\r\n ", "\r\n      \t"});
  return changed_value(text, random, [&](std::string_view value) {
    return inserted_anywhere(value, drawn(folds, random), random);
  });
}

// --- Values. ---

std::string header_value_grown(std::string_view text, Random& random) {
  return changed_value(text, random, [&](std::string_view value) {
    const std::string more(drawn_length(random), 'a');
    return random.one_in(2) ? more : inserted_anywhere(value, more, random);
  });
}

std::string header_value_emptied(std::string_view text, Random& random) {
  constexpr auto blanks = std::to_array<std::string_view>({"", " ", "\t", "\r\n "});
  return changed_value(text, random, [&](std::string_view) { return drawn(blanks, random); });
}

std::string header_value_odd(std::string_view text, Random& random) {
  return changed_value(text, random, [&](std::string_view value) {
    return inserted_anywhere(value, drawn(odd_bytes, random), random);
  });
}

std::string header_value_format_string(std::string_view text, Random& random) {
  return changed_value(text, random, [&](std::string_view value) {
    return random.one_in(2) ? std::string{drawn(format_strings, random)}
                            : inserted_anywhere(value, drawn(format_strings, random), random);
  });
}

std::string header_number(std::string_view text, Random& random) {
  using enum HeaderId;
  const auto rows = read_rows(text);
  const auto number = drawn(odd_numbers, random);
  if (const auto* row = drawn_row(
          rows, {content_length, max_forwards, expires, min_expires, retry_after, cseq}, random)) {
    return replaced(text, row->value.substr(0, row->value.find(' ')), number);
  }
  return with_row(text, rows, joined({"Expires: ", number, "\r\n"}), random);
}

// --- Authentication rows. ---

std::string auth_row_split(std::string_view text, Random& random) {
  using enum HeaderId;
  const auto rows = read_rows(text);
  const auto* row = drawn_row(
      rows, {www_authenticate, proxy_authenticate, authorization, proxy_authorization}, random);
  if (row == nullptr) return std::string{text};
  const auto parameters = read_parameters(row->value, random);
  if (parameters.size() < 2) return std::string{text};
  const auto& second = parameters[1 + random.below(parameters.size() - 1)];
  const auto begin = row->value.substr(0, second.where.offset);
  return replaced(text, row->text,
                  joined({row->name, ": ", begin.substr(0, begin.find_last_not_of(", \t\r\n") + 1),
                          line_end_of(*row), row->name, random.one_in(2) ? ": Digest " : ": ",
                          row->value.substr(second.where.offset), line_end_of(*row)}));
}

std::string auth_rows_merged(std::string_view text, Random& random) {
  using enum HeaderId;
  const auto rows = read_rows(text);
  const auto* row = drawn_row(
      rows, {www_authenticate, proxy_authenticate, authorization, proxy_authorization}, random);
  if (row == nullptr) return std::string{text};
  // Into another of its kind, or into itself.
  const auto twin = std::ranges::find_if(rows.headers, [&](const Row& candidate) {
    return candidate.text.data() != row->text.data() && id_of(candidate) == id_of(*row);
  });
  if (twin == rows.headers.end()) {
    return replaced(text, row->value, joined({row->value, ", ", row->value}));
  }
  const bool stands_first = row->text.data() < twin->text.data();
  const auto& first = stands_first ? *row : *twin;
  const auto& second = stands_first ? *twin : *row;
  const auto end = static_cast<std::size_t>(first.value.data() - text.data()) + first.value.size();
  return inserted(replaced(text, second.text, ""), end, joined({", ", second.value}));
}

std::string auth_header_renamed(std::string_view text, Random& random) {
  using enum HeaderId;
  constexpr auto names = std::to_array<std::string_view>(
      {"WWW-Authenticate", "Www-authenticate", "Proxy-Authenticate", "Authorization",
       "Proxy-Authorization", "Authentication-Info", "Proxy-Authentication-Info",
       "X-Authenticate"});
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows,
                              {www_authenticate, proxy_authenticate, authorization,
                               proxy_authorization, authentication_info},
                              random);
  return row == nullptr ? std::string{text} : replaced(text, row->name, drawn(names, random));
}

}  // namespace sipauth::fuzz
