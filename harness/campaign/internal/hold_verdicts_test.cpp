// SPDX-License-Identifier: Apache-2.0
#include "hold_verdicts.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/complaint.hpp"

namespace tinyhil::campaign {
namespace {

using Json = nlohmann::json;

Json check_of(const std::string& subject) {
  return {{"subject", subject},
          {"outcome", "pass"},
          {"n", 24},
          {"estimate", 0.125},
          {"interval", {{"low", 0.0}, {"high", 0.25}}},
          {"limit", -0.3},
          {"reason", "12.5 points better"}};
}

Json finding_of(const std::string& rule) {
  return {
      {"rule", rule}, {"outcome", "pass"}, {"checks", {check_of("sex = female"), check_of("sex = male")}}};
}

Json verdicts() {
  Json findings = {finding_of("accuracy"), finding_of("golden")};
  return {{{"candidate", "slim"}, {"outcome", "pass"}, {"reason", "2 rules pass"}, {"findings", findings}}};
}

// Verdicts of which one place was changed, held to what they were.
class HoldVerdicts : public testing::Test {
 protected:
  Json& at(const char* place) { return theirs_[Json::json_pointer(place)]; }
  std::optional<std::string> held() const { return hold_verdicts(theirs_, verdicts()); }

  Json theirs_ = verdicts();
};

TEST_F(HoldVerdicts, FindsNothingInEqualOnes) { EXPECT_EQ(held(), std::nullopt); }

TEST_F(HoldVerdicts, RefusesWhatDoesNotHangOnAFormula) {
  const std::string check = "/0/findings/1/checks/0/";
  for (const std::string& place : {std::string("/0/candidate"), std::string("/0/outcome"), check + "n",
                                   check + "estimate", check + "limit"}) {
    theirs_ = verdicts();
    at(place.c_str()) = "other";
    const Error error = test::error_of([&] { held(); });
    EXPECT_EQ(error.kind(), ErrorKind::broken_evidence);
    EXPECT_EQ(error.where(), "results.json /verdicts" + place);
  }
}

TEST_F(HoldVerdicts, RefusesARuleACheckAndAVerdictThatNobodyJudged) {
  at("/0/findings/0/rule") = "other";
  EXPECT_EQ(test::error_of([&] { held(); }).where(), "results.json /verdicts/0/findings/0");
  theirs_ = verdicts();
  at("/0/findings/0/checks/1/subject") = "other";
  EXPECT_EQ(test::error_of([&] { held(); }).where(), "results.json /verdicts/0/findings/0/checks/1");
  theirs_ = verdicts();
  theirs_.push_back(theirs_[0]);
  EXPECT_EQ(test::error_of([&] { held(); }).where(), "results.json /verdicts");
}

TEST_F(HoldVerdicts, RefusesValuesOfTheWrongKind) {
  for (const char* place : {"", "/0", "/0/findings", "/0/findings/0", "/0/findings/0/checks/0"}) {
    for (const Json& wrong : {Json(7), Json("text"), Json(nullptr), Json::object(), Json({1, 2})}) {
      theirs_ = verdicts();
      at(place) = wrong;
      EXPECT_EQ(test::error_of([&] { held(); }).kind(), ErrorKind::broken_evidence) << place << " " << wrong;
    }
  }
}

TEST_F(HoldVerdicts, NamesTheFirstBoundThatAFormulaMoved) {
  at("/0/findings/0/checks/1/interval/low") = 0.01;
  at("/0/findings/0/checks/1/outcome") = "inconclusive";
  at("/0/findings/1/checks/0/interval/low") = 0.01;
  EXPECT_EQ(held(), "/verdicts/0/findings/0/checks/1/interval");
}

TEST_F(HoldVerdicts, NamesTheListOfWhichSomeAreMissing) {
  at("/0/findings").erase(0);
  EXPECT_EQ(held(), "/verdicts/0/findings");
}

TEST_F(HoldVerdicts, TakesAnotherOrderOtherSentencesAndKeysThatWereNotWrittenYet) {
  std::reverse(at("/0/findings/0/checks").begin(), at("/0/findings/0/checks").end());
  at("/0/reason") = "all is well";
  at("/0/findings/0/checks/0/reason") = "12.5 points more";
  at("/0/findings/0/checks/0").erase("interval");
  EXPECT_EQ(held(), std::nullopt);
}

}  // namespace
}  // namespace tinyhil::campaign
