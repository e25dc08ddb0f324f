// Advice is data: each row names checks that exist, a server, what to set and where that was read.

#include "checks/mending.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "checks/check.hpp"

namespace sipauth::checks {
namespace {

using Names = std::vector<std::string_view>;

// Named by rows, and not in the catalogue yet.
const std::set<std::string_view> planned{"SA-ENUM-01", "SA-TX-01",    "SA-AUTH-24", "SA-AUTH-25",
                                         "SA-AUTH-26", "SA-NONCE-08", "SA-NONCE-10"};

TEST(Mending, EveryRowIsCompleteAndNamesKnownChecks) {
  for (const auto& row : mendings()) {
    EXPECT_FALSE(row.checks[0].empty()) << row.advice;
    for (const auto id : row.checks) {
      EXPECT_TRUE(id.empty() || find(id) || planned.contains(id)) << id;
    }
    EXPECT_FALSE(row.advice.empty());
    EXPECT_FALSE(row.advice.ends_with('.')) << row.advice;
    EXPECT_FALSE(row.source.empty()) << row.advice;
  }
}

TEST(Mending, IsThereForTheFindingsThatServersShareMost) {
  for (const auto* id :
       {"SA-CH-06",    "SA-CH-07",    "SA-CH-10",    "SA-CH-12",    "SA-CH-13",    "SA-CH-17",
        "SA-NONCE-01", "SA-NONCE-02", "SA-STALE-01", "SA-STALE-03", "SA-STALE-07", "SA-STALE-10",
        "SA-STALE-13", "SA-NC-01",    "SA-NC-03",    "SA-NC-08",    "SA-NC-10",    "SA-ENUM-01",
        "SA-TX-01",    "SA-AUTH-24",  "SA-AUTH-25",  "SA-AUTH-26",  "SA-NONCE-08", "SA-NONCE-10"}) {
    EXPECT_FALSE(mendings_of(id).empty()) << id;
  }
  EXPECT_TRUE(mendings_of("SA-CH-99").empty());
  EXPECT_TRUE(mendings_of("").empty());
}

TEST(Mending, EachServerOfTheRowsIsKnownByItsHeader) {
  std::set<std::string_view> named;
  for (const auto* header : {"kamailio (5.6.3 (x86_64/linux))", "OpenSIPS (3.4.2 (x86_64/linux))",
                             "Asterisk PBX 20.11.1", "FreeSWITCH-mod_sofia/1.10.12",
                             "Flexisip/2.3.3 (sofia-sip-nta/2.0)"}) {
    const auto servers = servers_named_by(header);
    EXPECT_FALSE(servers.empty()) << header;
    named.insert(servers.begin(), servers.end());
  }
  for (const auto& row : mendings()) EXPECT_TRUE(named.contains(row.server)) << row.server;
}

TEST(Mending, TellsTheDriversOfAsteriskApartByItsVersion) {
  const Names both{"Asterisk res_pjsip", "Asterisk chan_sip"};
  EXPECT_EQ(servers_named_by("Asterisk PBX"), both);
  EXPECT_EQ(servers_named_by("Asterisk PBX 1.8.32.3"), Names{"Asterisk chan_sip"});
  EXPECT_EQ(servers_named_by("Asterisk PBX 11.25.3"), Names{"Asterisk chan_sip"});
  EXPECT_EQ(servers_named_by("Asterisk PBX 12.0.0"), both);
  EXPECT_EQ(servers_named_by("Asterisk PBX 20.11.1"), both);
  EXPECT_EQ(servers_named_by("Asterisk PBX 21.0.0"), Names{"Asterisk res_pjsip"});
  EXPECT_EQ(servers_named_by("FPBX-2.11.0(11.25.3)"), both);
  EXPECT_EQ(servers_named_by("Asterisk 99999999999999999999999"), both);
}

TEST(Mending, NamesNoServerForOtherHeaders) {
  EXPECT_TRUE(servers_named_by("").empty());
  EXPECT_TRUE(servers_named_by("kamaili").empty());
  EXPECT_TRUE(servers_named_by("Yate/6.4.0").empty());
}

TEST(Mending, TellsThatOfTheWantedServerFirstAndAllOthersAfterIt) {
  const auto first_server = [](const std::vector<const Mending*>& rows) {
    return rows.front()->server;
  };
  const auto in_order = mendings_of("SA-CH-06");
  const auto flexisip_first = mendings_of("SA-CH-06", Names{"Flexisip"});
  EXPECT_EQ(first_server(in_order), "Kamailio");
  EXPECT_EQ(first_server(flexisip_first), "Flexisip");
  EXPECT_TRUE(std::ranges::is_permutation(in_order, flexisip_first));
  EXPECT_EQ(mendings_of("SA-CH-06", Names{"Yate"}), in_order);
}

}  // namespace
}  // namespace sipauth::checks
