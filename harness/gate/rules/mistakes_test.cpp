// SPDX-License-Identifier: Apache-2.0
// What each rule says to a campaign before it runs.
#include <gmock/gmock.h>

#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct KnownCampaign {
  VectorSet vectors = set();
  Known known = {
      vectors, {{"shipped", true}, {"slim", true}}, 1, RunMode::measure, 0, std::chrono::seconds(10)};

  static VectorSet set() {
    VectorSet vectors;
    vectors.classes = {"wake", "stop", "noise"};
    vectors.slices = {{"accent", {"us", "scottish"}, {}}, {"scenario", {"nominal", "far"}, {}}};
    return vectors;
  }

  std::vector<std::string> said(const std::string& test, std::string_view keys) const {
    std::vector<std::string> words;
    for (const Mistake& mistake : test::rule_of(test, keys)->mistakes(known)) words.push_back(mistake.what);
    return words;
  }
};

TEST(MistakesOfRules, AreNoneWhereAllIsThere) {
  const KnownCampaign campaign;
  EXPECT_THAT(campaign.said("noninferiority", "margin: 2 %"), IsEmpty());
  EXPECT_THAT(campaign.said("worst_slice", "{over: accent, margin: 6 %}"), IsEmpty());
  EXPECT_THAT(campaign.said("accuracy", "{at_least: 90 %, class: wake, over: accent}"), IsEmpty());
  EXPECT_THAT(campaign.said("disparity", "{metric: recall, class: wake, over: accent, limit: 5 %}"),
              IsEmpty());
  EXPECT_THAT(campaign.said("stress", "{scenario: far, margin: 5 %}"), IsEmpty());
  EXPECT_THAT(campaign.said("auc", "{class: wake, margin: 1 %}"), IsEmpty());
  EXPECT_THAT(campaign.said("flakiness", "{k: 1, at_least: 90 %}"), IsEmpty());
  EXPECT_THAT(campaign.said("golden", "max_lsb: 0"), IsEmpty());
  EXPECT_THAT(campaign.said("score_drift", "{max_lsb: 2, max_flips: 1 %}"), IsEmpty());
  EXPECT_THAT(campaign.said("memory", "{metric: flash_size, limit: 1 KiB}"), IsEmpty());
  EXPECT_THAT(campaign.said("latency_quantile", "{quantile: 0.99, limit: 20 ms}"), IsEmpty());
}

TEST(MistakesOfRules, NameTheNearestSliceValueAndClass) {
  const KnownCampaign campaign;
  EXPECT_THAT(campaign.said("worst_slice", "{over: acent, margin: 6 %}"),
              ElementsAre(HasSubstr("no slice `acent`; did you mean `accent`?")));
  EXPECT_THAT(campaign.said("accuracy", "{at_least: 90 %, class: wakee}"),
              ElementsAre(HasSubstr("did you mean `wake`?")));
  EXPECT_THAT(campaign.said("stress", "{scenario: fahr, margin: 5 %}"),
              ElementsAre(HasSubstr("did you mean `far`?")));
  EXPECT_THAT(campaign.said("auc", "{class: yes, margin: 1 %}"), ElementsAre(HasSubstr("no class `yes`")));
}

TEST(MistakesOfRules, OneClassMakesEveryAnswerRight) {
  KnownCampaign campaign;
  campaign.vectors.classes = {"value"};
  for (const auto& [test, keys] :
       std::vector<std::pair<std::string, std::string>>{{"noninferiority", "margin: 2 %"},
                                                        {"worst_slice", "{over: accent, margin: 2 %}"},
                                                        {"accuracy", "at_least: 90 %"},
                                                        {"flakiness", "{k: 1, at_least: 90 %}"}}) {
    EXPECT_THAT(campaign.said(test, keys), ElementsAre(HasSubstr("every answer is right"))) << test;
  }
}

TEST(MistakesOfRules, WhatNothingMeasures) {
  KnownCampaign campaign;
  campaign.known.without_image = {"m4"};
  campaign.known.models[1].has_golden = false;
  campaign.known.top_k = 2;
  EXPECT_THAT(campaign.said("memory", "{metric: flash_size, limit: 1 KiB}"),
              ElementsAre(HasSubstr("no `image`")));
  EXPECT_THAT(campaign.said("memory", "{metric: stack_free, at_least: 256 B}"),
              ElementsAre(HasSubstr("no agent")));
  EXPECT_THAT(campaign.said("energy", "margin: 3 %"),
              ElementsAre(HasSubstr("the campaign measures no current")));
  EXPECT_THAT(campaign.said("golden", "max_lsb: 0"), ElementsAre(HasSubstr("`slim` names no golden")));
  EXPECT_THAT(campaign.said("auc", "{class: wake, margin: 1 %}"), ElementsAre(HasSubstr("top-k")));
  EXPECT_THAT(campaign.said("flakiness", "{k: 3, at_least: 90 %}"), ElementsAre(HasSubstr("in 1 repeats")));
  campaign.known.mode = RunMode::throughput;
  EXPECT_THAT(campaign.said("latency_shift", "growth: 2 %"), ElementsAre(HasSubstr("throughput")));
}

TEST(MistakesOfRules, LimitsThatNothingCouldBreak) {
  const KnownCampaign campaign;  // of three classes: who guesses is right on a third
  for (const auto& [test, keys] : std::vector<std::pair<std::string, std::string>>{
           {"noninferiority", "margin: 99.9 %"},
           {"worst_slice", "{over: accent, margin: 67 %}"},
           {"disparity", "{metric: accuracy, over: accent, limit: 99 %}"},
           {"stress", "{scenario: far, margin: 70 %}"},
           {"auc", "{class: wake, margin: 50 %}"},
           {"accuracy", "at_least: 33 %"},
           {"score_drift", "max_flips: 90 %"},
           {"latency_quantile", "{quantile: 0.99, limit: 1 h}"}}) {
    const std::vector<Mistake> found = test::rule_of(test, keys)->mistakes(campaign.known);
    ASSERT_EQ(found.size(), 1u) << test;
    EXPECT_EQ(found[0].check, kLimitsCheck) << test;
    EXPECT_THAT(found[0].what, HasSubstr("cannot fail")) << test;
  }
  EXPECT_THAT(campaign.said("noninferiority", "margin: 66 %"), IsEmpty());
}

TEST(MistakesOfRules, LsbOfOutputsOfUnlikeScales) {
  KnownCampaign campaign;
  for (KnownModel& model : campaign.known.models) {
    model.file.emplace();
    model.file->outputs = {Tensor{.rank = 2, .dims = {1, 3, 1, 1}, .scale = 0.5F}};
  }
  EXPECT_THAT(campaign.said("score_drift", "max_lsb: 2"), IsEmpty());
  EXPECT_THAT(campaign.said("score_drift", "max_lsb: 255"), ElementsAre(HasSubstr("cannot fail")));
  campaign.known.models[1].file->outputs[0]->scale = 0.25F;
  EXPECT_THAT(campaign.said("score_drift", "max_lsb: 2"), ElementsAre(HasSubstr("unlike scales")));
}

}  // namespace
}  // namespace tinyhil::gate
