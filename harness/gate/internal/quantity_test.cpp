// SPDX-License-Identifier: Apache-2.0
// The family of rules over a quantity that no bench has yet: what a meter's two rule files would say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quantity_rules.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

constexpr Quantity kEnergy{"energy", "energies", Unit::microjoules, Unit::microjoules, "meter"};

const QuantityRules& energy_rules() {
  static const QuantityRules rules{
      .quantity = kEnergy,
      .value = "reading",
      .values = "readings",
      .large = "large",
      .step = "step",
      .none_of_both = "no vector was metered with both models",
      .too_coarse = "the meter is too coarse",
      .any = "taken any energy",
      .one_source = "one meter of one board",
      .read_limit = [](const Section& section) { return read_limit_in(Unit::microjoules, section); },
      .find_mistakes = [](const Known&, std::optional<double>, std::vector<Mistake>&) {},
  };
  return rules;
}

Finding judged_by(std::unique_ptr<Rule> (*make)(const QuantityRules&, const Section&),
                  const test::TestCase& made, std::string_view keys) {
  const Section section = Section::parse(keys, "gate.yaml");
  return make(energy_rules(), section)->judge(made.evidence());
}

Measured always(std::uint32_t nanojoules, std::size_t vectors) {
  Measured energy;
  energy.quantity = kEnergy;
  energy.steps_per_base = 1'000'000'000;
  energy.sorted.assign(vectors, nanojoules);
  energy.by_vector.assign(vectors, nanojoules);
  return energy;
}

// 400 vectors that always take so many nanojoules.
test::TestCase metered(std::uint32_t candidate, std::uint32_t baseline) {
  constexpr std::size_t kVectors = 400;
  test::TestCase made = test::comparable_case();
  made.vectors.count = kVectors;
  made.sample.drawn = kVectors;
  for (Scorecard* card : {&made.candidate, &made.baseline}) card->drawn = kVectors;
  made.candidate.further = {always(candidate, kVectors)};
  made.baseline.further = {always(baseline, kVectors)};
  made.comparison.further = {{kEnergy,
                              "",
                              {{std::int64_t{candidate} - baseline, kVectors}},
                              {{candidate, kVectors}},
                              {{baseline, kVectors}}}};
  return made;
}

TEST(QuantityQuantile, HoldsItsOwnLimitInItsOwnUnit) {
  const Finding good = judged_by(quantity_quantile, metered(20'000, 20'000), "{quantile: 0.9, limit: 20 uJ}");
  EXPECT_EQ(good.outcome, Outcome::pass) << good.reason;
  const Finding bad = judged_by(quantity_quantile, metered(20'001, 20'000), "{quantile: 0.9, limit: 20 uJ}");
  ASSERT_EQ(bad.outcome, Outcome::fail) << bad.reason;
  EXPECT_THAT(bad.reason, HasSubstr("p90 is 20 uJ (n = 400"));
  EXPECT_EQ(bad.checks[0].unit, Unit::microjoules);
  EXPECT_EQ(bad.checks[0].quantity, "energy");
  EXPECT_DOUBLE_EQ(*bad.checks[0].limit, 20);
  EXPECT_DOUBLE_EQ(*bad.checks[0].estimate, 20.001);
}

TEST(QuantityQuantile, HoldsItsGrowth) {
  const std::string_view keys = "{quantile: 0.9, growth: 2 %}";
  EXPECT_EQ(judged_by(quantity_quantile, metered(20'400, 20'000), keys).outcome, Outcome::pass);
  const Finding grown = judged_by(quantity_quantile, metered(20'500, 20'000), keys);
  EXPECT_EQ(grown.outcome, Outcome::fail);
  EXPECT_THAT(grown.reason, HasSubstr("p90 changed by +2.50 %, from 20 to 20.5 uJ"));
}

TEST(QuantityShift, HoldsItsGrowth) {
  EXPECT_EQ(judged_by(quantity_shift, metered(20'400, 20'000), "growth: 2 %").outcome, Outcome::pass);
  const Finding grown = judged_by(quantity_shift, metered(20'500, 20'000), "growth: 2 %");
  EXPECT_EQ(grown.outcome, Outcome::fail);
  EXPECT_EQ(grown.method, "deterministic energies, compared step by step");
  EXPECT_THAT(grown.reason,
              HasSubstr("energy of the same vector changed by +2.50 %, +0.5 uJ on a median of 20 uJ"));
}

TEST(QuantityRules, SayWhatABoardWithoutTheMeterLacks) {
  test::TestCase made = metered(20'000, 20'000);
  made.candidate.further.clear();
  const Finding finding = judged_by(quantity_quantile, made, "{quantile: 0.9, limit: 20 uJ}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(finding.reason, "the board of the candidate has no meter");
}

TEST(QuantityRules, RefuseALimitInAnotherUnit) {
  EXPECT_THROW(judged_by(quantity_quantile, metered(1, 1), "{quantile: 0.9, limit: 20 ms}"), Error);
}

TEST(QuantityRules, DoNotCompareWhatTwoSourcesMeasured) {
  test::TestCase made = metered(20'000, 20'000);
  made.comparison.further[0].unlike = "another meter";
  EXPECT_EQ(judged_by(quantity_shift, made, "growth: 2 %").reason, "another meter");
}

}  // namespace
}  // namespace tinyhil::gate
