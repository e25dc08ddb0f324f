// Which Contacts an address of record has (RFC 3261 10.3, steps 6 to 8).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"
#include "registrar/bounded_map.hpp"
#include "registrar/profile.hpp"
#include "registrar/request.hpp"
#include "sipauth/write.hpp"

namespace sipauth::registrar {

class Bindings {
 public:
  /// Accounts come from a file that may be long; only those that registered take room.
  static constexpr std::size_t max_users = 4096;
  /// A person has a handful of phones. One more takes the place of the oldest.
  static constexpr std::size_t max_contacts = 10;
  /// A Contact with GRUU, instance and path parameters stays below 500 bytes.
  static constexpr std::size_t max_contact_bytes = 1024;

  static constexpr std::chrono::seconds default_expiry{3600};
  static constexpr std::chrono::seconds longest_expiry{86'400};

  /// Does what the request asks for and returns the Contact rows of the 200. An error is a phrase
  /// for a 400; nothing was changed then.
  [[nodiscard]] std::expected<std::vector<WrittenHeader>, std::string_view> update(
      const Request& request, net::Instant now, SequenceRules::OldCSeq old_cseq);

 private:
  struct Binding {
    std::string contact;  ///< `<sip:...>`
    net::Instant ends{0};
    std::string call_id;
    std::uint32_t cseq = 0;
  };
  struct Change {
    std::string contact;
    std::chrono::seconds expiry{0};
  };
  using List = std::vector<Binding>;

  [[nodiscard]] static std::expected<std::vector<Change>, std::string_view> read_changes(
      const Request& request);
  static void apply(List& list, const Change& change, const Request& request, net::Instant now);

  BoundedMap<List> users_{max_users};
};

}  // namespace sipauth::registrar
