// SPDX-License-Identifier: Apache-2.0
#include "plan.hpp"

#include <gmock/gmock.h>

#include "testing/complaint.hpp"
#include "testing/folder.hpp"

namespace tinyhil::gate {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

VectorSet set_of(std::uint64_t south, std::uint64_t north) {
  VectorSet vectors;
  vectors.count = south + north;
  vectors.labels.assign(vectors.count, 0);
  vectors.slices = {{"accent", {"south", "north", "nobody"}, {}}};
  vectors.slices[0].code.assign(south, 0);
  vectors.slices[0].code.insert(vectors.slices[0].code.end(), north, 1);
  return vectors;
}

Policy policy_of(const std::string& rules, const std::string& sampling = "") {
  const test::TestFolder folder;
  return load_policy(folder.write("gate.yaml", "policy: p\n" + sampling + "rules:\n" + rules));
}

constexpr const char* kAccuracy = "  - {id: acc, test: noninferiority, margin: 1 %}\n";
constexpr const char* kSlices =
    "  - {id: worst, test: worst_slice, over: [accent], margin: 6 %, min_n: 30}\n";

TEST(Plan, ExpectsFewVectorsForAClearCaseAndAllAtTheMargin) {
  const Policy policy = policy_of(kAccuracy, "sampling: {stop: e-process}\n");
  const Assumptions assumptions{.discordance = 0.03, .effect = 0.01, .runs = 500, .seed = 7};
  const Plan made = plan(policy, set_of(2500, 2500), assumptions);
  ASSERT_EQ(made.accuracy.size(), 1u);
  const AccuracyPlan& rule = made.accuracy[0];
  EXPECT_EQ(rule.subject.name, "all vectors");
  EXPECT_EQ(rule.fixed, 2570u);  // as published
  EXPECT_EQ(rule.most, 5000u);
  EXPECT_LT(rule.equal.expected, 2600u);
  EXPECT_GT(rule.at_margin.expected, 4500u);
  ASSERT_TRUE(rule.at_effect);
  EXPECT_LT(rule.at_effect->expected, 800u);
}

TEST(Plan, HasTheSliceValueWithTheFewestVectorsForTheSlowest) {
  const Plan made = plan(policy_of(kSlices), set_of(900, 100), {.discordance = 0.05, .runs = 200});
  ASSERT_EQ(made.accuracy.size(), 1u);
  const AccuracyPlan& rule = made.accuracy[0];
  EXPECT_EQ(rule.subject.name, "accent = north");
  EXPECT_EQ(rule.subjects, 2u);  // nobody has no vectors
  EXPECT_LE(rule.equal.outcome.mean_vectors, 100);
  EXPECT_NEAR(static_cast<double>(rule.equal.expected), 10 * rule.equal.outcome.mean_vectors, 1);
}

TEST(Plan, LeavesOutValuesThatStayUndecidedAnyway) {
  EXPECT_THAT(plan(policy_of(kSlices), set_of(900, 29), {.discordance = 0.05, .runs = 10}).accuracy,
              ElementsAre(Field(&AccuracyPlan::subjects, 1u)));
}

TEST(Plan, NamesTheFloorOfALatencyQuantile) {
  const auto fewest = [](const std::string& keys) {
    const Policy policy = policy_of("  - {id: p99, test: latency_quantile, quantile: 0.99, " + keys + "}\n");
    return plan(policy, set_of(500, 500), {.discordance = 0.03}).latency.at(0).fewest;
  };
  EXPECT_EQ(fewest("limit: 20 ms"), 299u);
  EXPECT_EQ(fewest("growth: 2 %"), 368u);  // half of alpha for each side
}

TEST(Plan, RefusesASliceThatTheSetDoesNotHave) {
  Demand demand;
  demand.margin = 0.02;
  demand.over = {"acent"};
  const VectorSet vectors = set_of(50, 50);
  EXPECT_THAT(test::complaint([&] { subjects_of(demand, vectors); }), HasSubstr("did you mean `accent`"));
}

}  // namespace
}  // namespace tinyhil::gate
