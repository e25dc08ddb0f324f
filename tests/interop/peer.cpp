#include "interop/peer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 15s;  // 0.2 s on an idle machine
constexpr std::string_view announcement = "port ";

}  // namespace

Peer::Peer(const std::vector<std::string>& command)
    : process_{command, scratch_.path() + "/log", Process::Output::read} {
  const auto line = process_.line(start_limit).value_or("");
  const auto number = std::string_view{line}.substr(std::min(line.size(), announcement.size()));
  if (!line.starts_with(announcement) ||
      std::from_chars(number.data(), number.data() + number.size(), port_).ec != std::errc{}) {
    throw std::runtime_error{command.front() + " does not listen: " + line + log()};
  }
}

std::string Peer::log() const { return text_of(scratch_.path() + "/log"); }

e2e::Arguments Peer::check(const std::vector<std::string>& more) const {
  e2e::Arguments all{"check",    fmt::format("sip:alice@127.0.0.1:{}", port_),
                     "--domain", "test.local",
                     "--json",   "--password-file",
                     "-"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace sipauth::interop
