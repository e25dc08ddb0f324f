#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "sipauth/message.hpp"

namespace sipauth {
namespace {

struct NamedId {
  std::string_view name;
  HeaderId id;
};

TEST(HeaderIds, AreKnownByNameAndCompactForm) {
  for (const auto& [name, id] : std::vector<NamedId>{
           {"v", HeaderId::via},
           {"f", HeaderId::from},
           {"t", HeaderId::to},
           {"i", HeaderId::call_id},
           {"m", HeaderId::contact},
           {"l", HeaderId::content_length},
           {"c", HeaderId::content_type},
           {"k", HeaderId::supported},
           {"L", HeaderId::content_length},
           {"wWw-aUtHeNtIcAtE", HeaderId::www_authenticate},
           {"e", HeaderId::other},
           {"", HeaderId::other},
           {"Vi", HeaderId::other},
           {"Viaa", HeaderId::other},
           {"Call_ID", HeaderId::other},
           {"Proxy-Authorizatiom", HeaderId::other},
           {"P-Asserted-Identity-And-More", HeaderId::other},
       }) {
    EXPECT_EQ(header_id(name), id) << name;
  }
}

TEST(HeaderIds, EachHasAUsualNameThatFindsIt) {
  EXPECT_EQ(header_name(HeaderId::other), "");
  for (int i = 1; i <= static_cast<int>(HeaderId::min_expires); ++i) {
    const auto id = static_cast<HeaderId>(i);
    EXPECT_NE(header_name(id), "") << i;
    EXPECT_EQ(header_id(header_name(id)), id) << header_name(id);
  }
  EXPECT_EQ(header_name(HeaderId::www_authenticate), "WWW-Authenticate");
}

}  // namespace
}  // namespace sipauth
