// SPDX-License-Identifier: Apache-2.0
#include "campaign_retry.hpp"

#include <gmock/gmock.h>

namespace tinyhil::daemon {
namespace {

CampaignRecord campaign_with(std::size_t retries, const std::vector<std::string>& failed_on = {}) {
  CampaignRecord campaign;
  campaign.id = CampaignId{7};
  campaign.wish.retries = retries;
  for (const std::string& board : failed_on) campaign.end.failed_attempts.push_back({{board}, {}});
  return campaign;
}

CampaignEnd ended_by(const std::string& failure_class) {
  CampaignEnd end;
  end.problem = CampaignProblem{4, "what", "where", "remedy", failure_class};
  return end;
}

CampaignEnd judged(int code, std::vector<CandidateOutcome> outcomes) {
  CampaignEnd end;
  end.exit_code = code;
  end.outcomes = std::move(outcomes);
  return end;
}

TEST(CampaignRetry, OnlyWhatTheBenchOrABoardDidWrongIsTriedAgain) {
  const CampaignRecord campaign = campaign_with(1);
  EXPECT_TRUE(reason_to_retry(ended_by("bench"), campaign));
  EXPECT_TRUE(reason_to_retry(ended_by("board"), campaign));
  for (const char* other : {"product", "image", "configuration", ""})
    EXPECT_FALSE(reason_to_retry(ended_by(other), campaign)) << other;
}

TEST(CampaignRetry, AVerdictIsFinalUnlessTheBenchLeftNone) {
  const CampaignRecord campaign = campaign_with(1);
  EXPECT_FALSE(reason_to_retry(judged(0, {{"slim", "pass"}}), campaign));
  EXPECT_FALSE(reason_to_retry(judged(1, {{"slim", "fail"}}), campaign));
  EXPECT_FALSE(reason_to_retry(judged(3, {{"slim", "inconclusive"}}), campaign));
  EXPECT_TRUE(reason_to_retry(judged(4, {{"slim", "error"}}), campaign));
  EXPECT_TRUE(reason_to_retry(judged(4, {{"slim", "pass"}, {"wide", "error"}}), campaign));
  EXPECT_FALSE(reason_to_retry(judged(4, {{"slim", "fail"}, {"wide", "error"}}), campaign))
      << "it has failed";
  EXPECT_FALSE(reason_to_retry(judged(2, {{"slim", "error"}}), campaign)) << "the policy is wrong";
}

TEST(CampaignRetry, ThereAreNoMoreThanWereAskedFor) {
  EXPECT_FALSE(reason_to_retry(ended_by("bench"), campaign_with(0)));
  EXPECT_TRUE(reason_to_retry(ended_by("bench"), campaign_with(2, {"a"})));
  EXPECT_FALSE(reason_to_retry(ended_by("bench"), campaign_with(2, {"a", "b"})));
}

BoardEntry board_in(Condition condition, const std::string& name) {
  BoardEntry entry = board_entry(name, {{"board", name}, {"chip", "m4"}});
  entry.condition = condition;
  return entry;
}

TEST(CampaignRetry, AnotherBoardIsAskedForWhereThereIsOne) {
  const std::vector<BoardEntry> boards{board_in(Condition::free, "a"), board_in(Condition::leased, "b")};
  EXPECT_EQ(selector_of_attempt(campaign_with(1), boards), "");
  EXPECT_EQ(selector_of_attempt(campaign_with(1, {"a"}), boards), "board notin (a)");
  CampaignRecord chip = campaign_with(1, {"a"});
  chip.wish.selector = "chip=m4";
  EXPECT_EQ(selector_of_attempt(chip, boards), "chip=m4,board notin (a)");
}

TEST(CampaignRetry, TheSameBoardsWillDoWhereThereIsNoOtherInService) {
  EXPECT_EQ(selector_of_attempt(campaign_with(2, {"a", "b"}),
                                {board_in(Condition::free, "a"), board_in(Condition::free, "b")}),
            "");
  EXPECT_EQ(selector_of_attempt(campaign_with(1, {"a"}),
                                {board_in(Condition::free, "a"), board_in(Condition::quarantined, "b")}),
            "");
  CampaignRecord only = campaign_with(1, {"a"});
  only.wish.selector = "board=a";
  EXPECT_EQ(selector_of_attempt(only, {board_in(Condition::free, "a"), board_in(Condition::free, "b")}),
            "board=a");
}

}  // namespace
}  // namespace tinyhil::daemon
