#include "lib/digest_vectors.hpp"

#include <gtest/gtest.h>

#include <string>

#include "sipauth/digest.hpp"

namespace sipauth {
namespace {

using namespace vectors;

class DigestVector : public testing::TestWithParam<Vector> {};

TEST_P(DigestVector, IsReproduced) {
  const auto trace = compute_digest(input_of(GetParam()));
  ASSERT_TRUE(trace) << trace.error().sentence();
  EXPECT_EQ(trace->response.view(), GetParam().response);
}

TEST_P(DigestVector, IsReproducedFromTheStoredHa1) {
  auto input = input_of(GetParam());
  const auto trace = compute_digest(input);
  ASSERT_TRUE(trace);
  input.ha1 = trace->ha1_first.view();
  input.username = input.realm = input.password = "none of them is looked at";
  const auto from_ha1 = compute_digest(input);
  ASSERT_TRUE(from_ha1);
  EXPECT_EQ(from_ha1->response.view(), GetParam().response);
  EXPECT_EQ(from_ha1->ha1, trace->ha1);
}

INSTANTIATE_TEST_SUITE_P(Published, DigestVector, testing::ValuesIn(published), name_of);
INSTANTIATE_TEST_SUITE_P(SmithDraft, DigestVector, testing::ValuesIn(smiths), name_of);
INSTANTIATE_TEST_SUITE_P(Register, DigestVector, testing::ValuesIn(registers), name_of);
INSTANTIATE_TEST_SUITE_P(Aka, DigestVector, testing::ValuesIn(akas), name_of);

// What is printed, or computed by known software, and is wrong.
class WrongVector : public DigestVector {};

TEST_P(WrongVector, IsNotReproduced) {
  const auto trace = compute_digest(input_of(GetParam()));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->response.view().size(), GetParam().response.size());
  EXPECT_NE(trace->response.view(), GetParam().response);
}

Vector wrongly(Vector row, std::string_view proves, std::string_view response) {
  row.proves = proves;
  row.response = response;
  return row;
}

const std::vector<Vector> wrong{
    wrongly(published[2], "Rfc2069PrintsAnother", "e966c932a9242554e42c8ee200cec7f6"),
    wrongly(published[5], "Rfc7616PrintsSha512CutShort",
            "ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd"),
    wrongly(smiths[1], "Rfc3261Section22_2CopiesTheOneOfRfc2617",
            "6629fae49393a05397450978507c4ef1"),
    wrongly(akas[0], "Rfc3310CopiesTheOneOfRfc2617", "6629fae49393a05397450978507c4ef1"),
};
INSTANTIATE_TEST_SUITE_P(Printed, WrongVector, testing::ValuesIn(wrong), name_of);

}  // namespace
}  // namespace sipauth
