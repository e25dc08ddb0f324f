// Whom a registrar shuts out and what mends it, in both renderings.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "results/result.hpp"

namespace sipauth::results {
namespace {

Result with_impact(std::vector<ClientImpact> impacts) {
  return {.command = "check", .client_impact = std::move(impacts)};
}

Result with_mending(std::vector<Mending> mending) {
  return {.command = "check",
          .rows = {{.id = "SA-CH-06",
                    .title = "qop",
                    .verdict = Verdict::warn,
                    .summary = "no qop",
                    .mending = std::move(mending)}}};
}

const std::vector<ClientImpact> impacts{
    {"Yate", "always computes MD5", "cannot-register", "issue 10"},
    {"pjsip", "gives up", "loses-registration", "issue 25"}};

const std::vector<Mending> known{{"Kamailio", "set qop", "auth_params.xml", true},
                                 {"OpenSIPS", "write auth", "auth_admin.xml", false}};

const std::vector<Mending> unknown{{"Kamailio", "set qop", "auth_params.xml", false},
                                   {"OpenSIPS", "write auth", "auth_admin.xml", false}};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(ClientImpactText, IsOneLineForEachClientUnderItsSeverity) {
  const auto text = render_text(with_impact(impacts), {});
  EXPECT_TRUE(contains(text,
                       "Clients that cannot register here\n  Yate: always computes MD5\n\n"
                       "Clients that may lose their registration here\n  pjsip: gives up\n\n"))
      << text;
  EXPECT_FALSE(contains(text, "issue"));
  EXPECT_FALSE(contains(text, "password"));
}

TEST(ClientImpactText, TellsItsSourceWhenAskedForMore) {
  const auto text = render_text(with_impact(impacts), {.verbosity = 1});
  EXPECT_TRUE(contains(text, "  Yate: always computes MD5 (issue 10)\n")) << text;
}

TEST(ClientImpactText, HasNoSectionWhenAllCope) {
  EXPECT_FALSE(contains(render_text(with_impact({}), {}), "Clients"));
}

TEST(ClientImpactJson, IsAListEvenWhenEmpty) {
  const auto json = nlohmann::json::parse(render_json(with_impact(impacts)));
  ASSERT_EQ(json["client_impact"].size(), 2U);
  const auto first = json["client_impact"][0];
  EXPECT_EQ(first["client"], "Yate");
  EXPECT_EQ(first["consequence"], "always computes MD5");
  EXPECT_EQ(first["severity"], "cannot-register");
  EXPECT_EQ(first["source"], "issue 10");
  EXPECT_EQ(nlohmann::json::parse(render_json(with_impact({})))["client_impact"],
            nlohmann::json::array());
}

TEST(MendingText, IsThatOfTheServerThatThePeerSaysItIs) {
  const auto text = render_text(with_mending(known), {});
  EXPECT_TRUE(contains(text, "  Mend       Kamailio: set qop\n")) << text;
  EXPECT_FALSE(contains(text, "OpenSIPS"));
  EXPECT_FALSE(contains(text, "explain"));
}

TEST(MendingText, PointsToExplainWhenTheServerIsUnknown) {
  const auto text = render_text(with_mending(unknown), {});
  EXPECT_TRUE(contains(text, "  Mend       sipauth explain SA-CH-06\n")) << text;
  EXPECT_FALSE(contains(text, "Kamailio"));
}

TEST(MendingText, TellsAllWithTheirSourcesWhenAskedForMore) {
  for (const auto& list : {known, unknown}) {
    const auto text = render_text(with_mending(list), {.verbosity = 1});
    EXPECT_TRUE(contains(text,
                         "  Mend       Kamailio: set qop (auth_params.xml)\n"
                         "  Mend       OpenSIPS: write auth (auth_admin.xml)\n"))
        << text;
    EXPECT_FALSE(contains(text, "explain"));
  }
}

TEST(MendingText, SaysNothingWhereNothingIsKnown) {
  EXPECT_FALSE(contains(render_text(with_mending({}), {.verbosity = 1}), "Mend"));
}

TEST(MendingJson, HasAllOfThemTheLikelyOneMarked) {
  const auto json = nlohmann::json::parse(render_json(with_mending(known)));
  const auto mending = json["results"][0]["mending"];
  ASSERT_EQ(mending.size(), 2U);
  EXPECT_EQ(mending[0]["server"], "Kamailio");
  EXPECT_EQ(mending[0]["advice"], "set qop");
  EXPECT_EQ(mending[0]["source"], "auth_params.xml");
  EXPECT_EQ(mending[0]["likely"], true);
  EXPECT_EQ(mending[1]["likely"], false);
}

}  // namespace
}  // namespace sipauth::results
