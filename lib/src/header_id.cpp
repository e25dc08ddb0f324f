#include <algorithm>
#include <array>
#include <cstddef>

#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

struct Name {
  std::string_view text;
  HeaderId id = HeaderId::other;
};

// Sorted by length, so that a name is compared with those of its own length alone: four at most.
constexpr auto names = [] {
  auto table = std::to_array<Name>({
      {"Via", HeaderId::via},
      {"From", HeaderId::from},
      {"To", HeaderId::to},
      {"Call-ID", HeaderId::call_id},
      {"CSeq", HeaderId::cseq},
      {"Contact", HeaderId::contact},
      {"Max-Forwards", HeaderId::max_forwards},
      {"Expires", HeaderId::expires},
      {"Content-Length", HeaderId::content_length},
      {"Content-Type", HeaderId::content_type},
      {"WWW-Authenticate", HeaderId::www_authenticate},
      {"Proxy-Authenticate", HeaderId::proxy_authenticate},
      {"Authorization", HeaderId::authorization},
      {"Proxy-Authorization", HeaderId::proxy_authorization},
      {"Authentication-Info", HeaderId::authentication_info},
      {"Server", HeaderId::server},
      {"User-Agent", HeaderId::user_agent},
      {"Warning", HeaderId::warning},
      {"Retry-After", HeaderId::retry_after},
      {"Allow", HeaderId::allow},
      {"Supported", HeaderId::supported},
      {"Require", HeaderId::require},
      {"Record-Route", HeaderId::record_route},
      {"Route", HeaderId::route},
      {"Date", HeaderId::date},
      {"Min-Expires", HeaderId::min_expires},
      {"Path", HeaderId::path},
      {"Service-Route", HeaderId::service_route},
      {"Proxy-Require", HeaderId::proxy_require},
      {"Unsupported", HeaderId::unsupported},
  });
  std::ranges::sort(table, {}, [](const Name& name) { return name.text.size(); });
  return table;
}();

constexpr std::size_t longest_name = names.back().text.size();

// Where the names of each length begin; one more entry ends the last of them.
constexpr auto first_of_length = [] {
  std::array<std::size_t, longest_name + 2> first{};
  for (std::size_t length = 0; length < first.size(); ++length) {
    while (first[length] < names.size() && names[first[length]].text.size() < length) {
      ++first[length];
    }
  }
  return first;
}();

// RFC 3261 7.3.3 and 20.
constexpr HeaderId of_compact_form(char letter) noexcept {
  switch (lower(letter)) {
    case 'v':
      return HeaderId::via;
    case 'f':
      return HeaderId::from;
    case 't':
      return HeaderId::to;
    case 'i':
      return HeaderId::call_id;
    case 'm':
      return HeaderId::contact;
    case 'l':
      return HeaderId::content_length;
    case 'c':
      return HeaderId::content_type;
    case 'k':
      return HeaderId::supported;
    default:
      return HeaderId::other;
  }
}

}  // namespace

HeaderId header_id(std::string_view name) noexcept {
  if (name.size() == 1) return of_compact_form(name.front());
  if (name.size() > longest_name) return HeaderId::other;
  for (auto i = first_of_length[name.size()]; i < first_of_length[name.size() + 1]; ++i) {
    if (same(names[i].text, name)) return names[i].id;
  }
  return HeaderId::other;
}

std::string_view header_name(HeaderId id) noexcept {
  for (const auto& [text, named] : names) {
    if (named == id) return text;
  }
  return {};
}

}  // namespace sipauth
