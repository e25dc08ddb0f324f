// The comparison itself: what it calls a difference.

#include "interop/golden.hpp"

#include <gtest/gtest.h>

namespace sipauth::interop {
namespace {

using nlohmann::json;

json document_of(std::string_view id, std::string_view verdict, std::string_view summary) {
  return {{"results", {{{"id", id}, {"verdict", verdict}, {"summary", summary}}}}};
}

struct Row {
  std::string_view proves;
  json document;
  Lines lines;
  std::string_view difference;  ///< empty: none
};

TEST(Golden, TellsDifferencesByTheNameOfTheCheck) {
  const std::vector<Row> rows{
      {"pass needs no line", document_of("SA-X-01", "pass", "well"), {}, ""},
      {"anything else does",
       document_of("SA-X-01", "warn", "odd"),
       {},
       "SA-X-01: warn instead of pass: odd\n"},
      {"its line", document_of("SA-X-01", "warn", "odd"), {{"SA-X-01", "warn", "it is odd"}}, ""},
      {"a line that is too bad",
       document_of("SA-X-01", "pass", "well"),
       {{"SA-X-01", "warn", "it is odd"}},
       "SA-X-01: pass instead of warn: well\n    known of it: it is odd\n"},
      {"one of two",
       document_of("SA-X-01", "fail", "bad"),
       {{"SA-X-01", "pass|fail", "chance"}},
       ""},
      {"none of two",
       document_of("SA-X-01", "warn", "odd"),
       {{"SA-X-01", "pass|fail", "chance"}},
       "SA-X-01: warn instead of pass|fail: odd\n    known of it: chance\n"},
      {"a star", document_of("SA-X-01", "skip", "no nonce"), {{"SA-X-*", "skip", "no nonce"}}, ""},
      {"a whole name before a star",
       document_of("SA-X-01", "warn", "odd"),
       {{"SA-X-*", "skip", "no nonce"}, {"SA-X-01", "warn", "it is odd"}},
       ""},
      {"another reason to skip",
       document_of("SA-X-01", "skip", "no answer"),
       {{"SA-X-*", "skip", "no nonce"}},
       "SA-X-01: skipped for another reason than \"no nonce\": no answer\n"},
      {"a line without a check",
       document_of("SA-X-01", "pass", "well"),
       {{"SA-X-02", "warn", "it is odd"}},
       "SA-X-02: did not run, though it has a line\n"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(differences(row.document, row.lines), row.difference) << row.proves;
  }
}

TEST(Golden, OwnLinesComeBeforeCommonOnes) {
  const auto lines = joined({{"SA-X-01", "fail", "bad"}}, {{"SA-X-01", "warn", "odd"}});
  EXPECT_EQ(differences(document_of("SA-X-01", "fail", "bad"), lines), "");
}

}  // namespace
}  // namespace sipauth::interop
