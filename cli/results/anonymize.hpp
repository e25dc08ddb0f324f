// A message without the names in it: users, domains, addresses and secrets are replaced, each by
// the same word wherever it stands, and what is written wrongly stays written wrongly. What a
// digest is made of is kept, so that flows read the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/flow.hpp"
#include "sipauth/message.hpp"

namespace sipauth::results {

class Anonymizer {
 public:
  /// The password of every digest that was right: it is computed anew with it.
  static constexpr std::string_view password = "anonymous";

  /// `salt` goes into the tags, branches and Call-IDs that are made; `accounts` tell which digests
  /// are right, and must live as long as this.
  Anonymizer(std::uint64_t salt, std::span<const FlowAccount> accounts)
      : salt_{salt}, accounts_{accounts} {}

  /// Empty when it cannot be read: nothing of it is safe then.
  [[nodiscard]] std::string message(std::string_view text);

  /// `192.0.2.1:5060` or `[2001:db8::1]:5060`, with the port.
  [[nodiscard]] std::string endpoint(std::string_view text);

 private:
  struct Edit {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string text = {};
  };
  using Edits = std::vector<Edit>;

  std::string user(std::string_view name);
  std::string host(std::string_view name);
  std::string identity(std::string_view name);
  std::string token(std::string_view text) const;
  std::string uri(std::string_view text);
  std::string parameters(std::string_view list);
  std::string addresses(std::string_view value);
  std::string via(std::string_view value);
  std::string header(const Header& header, const Message& message, std::string_view body);
  std::string credentials(std::string_view value, const Message& message, std::string_view body);
  std::string challenge(std::string_view value);
  std::string words(std::string_view text) const;

  std::uint64_t salt_;
  std::span<const FlowAccount> accounts_;
  std::map<std::string, std::string, std::less<>> users_;
  std::map<std::string, std::string, std::less<>> hosts_;
  std::size_t names_ = 0;
  std::size_t ipv4_ = 0;
  std::size_t ipv6_ = 0;
};

}  // namespace sipauth::results
