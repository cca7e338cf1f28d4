// SPDX-License-Identifier: Apache-2.0
#include "health_ladder.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace tinyhil::daemon {
namespace {

using testing::ElementsAre;

constexpr Means kAll{true, true, true, true};

std::vector<Means> all_means() {
  std::vector<Means> all;
  for (int bits = 0; bits < 16; ++bits)
    all.push_back({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0});
  return all;
}

bool allows(const Means& means, Step step) {
  switch (step) {
    case Step::repeat:
      return true;
    case Step::reset:
      return means.reset;
    case Step::probe:
      return means.probe;
    case Step::power:
      return means.power;
    case Step::flash:
      return means.flash;
  }
  return false;
}

// Each step is carried out or not as a bit of `outcomes` says, and none helps.
template <class Next>
std::vector<StepTaken> climb(Next next, const Means& means, unsigned outcomes) {
  std::vector<StepTaken> taken;
  while (taken.size() < 20) {
    const std::optional<Step> step = next(taken, means);
    if (!step) break;
    const bool is_carried_out = (outcomes >> taken.size() & 1U) != 0;
    taken.push_back({*step, is_carried_out ? "" : "no such hub", "silent", false});
  }
  return taken;
}

std::vector<Step> steps_of(const std::vector<StepTaken>& taken) {
  std::vector<Step> steps;
  for (const StepTaken& each : taken) steps.push_back(each.step);
  return steps;
}

TEST(HealthLadder, HasAllStepsInTheirOrder) {
  EXPECT_THAT(steps_of(climb(next_step, kAll, 0xF)),
              ElementsAre(Step::repeat, Step::reset, Step::probe, Step::power));
}

TEST(HealthLadder, TakesEachStepOnceThatThereAreMeansForWhateverBecomesOfIt) {
  for (const Means& means : all_means()) {
    for (unsigned outcomes = 0; outcomes < 16; ++outcomes) {
      const std::vector<Step> steps = steps_of(climb(next_step, means, outcomes));
      EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
      EXPECT_EQ(std::adjacent_find(steps.begin(), steps.end()), steps.end()) << "once";
      for (const Step step : steps) EXPECT_TRUE(allows(means, step)) << to_string(step);
      for (const Step step : {Step::repeat, Step::reset, Step::probe, Step::power})
        EXPECT_EQ(std::count(steps.begin(), steps.end(), step), allows(means, step) ? 1 : 0);
    }
  }
}

TEST(HealthLadder, DoesNotGoBackToAStepBelow) {
  EXPECT_EQ(next_step({{Step::probe, "", "silent", false}}, kAll), Step::power);
}

TEST(Cleaning, PutsTheFirmwareBackAndSwitchesTheSupply) {
  EXPECT_THAT(steps_of(climb(next_cleaning_step, kAll, 0xF)), ElementsAre(Step::flash, Step::power));
  EXPECT_THAT(steps_of(climb(next_cleaning_step, {true, true, false, true}, 0xF)), ElementsAre(Step::flash));
  EXPECT_THAT(steps_of(climb(next_cleaning_step, {true, true, true, false}, 0xF)), ElementsAre(Step::power));
}

TEST(Cleaning, GivesABoardThatTakesNoFirmwareOneMoreChanceOnceItWasSwitched) {
  EXPECT_THAT(steps_of(climb(next_cleaning_step, kAll, 0b1110)),
              ElementsAre(Step::flash, Step::power, Step::flash, Step::power));
  EXPECT_THAT(steps_of(climb(next_cleaning_step, kAll, 0b0010)),
              ElementsAre(Step::flash, Step::power, Step::flash));
}

TEST(Cleaning, EndsAndCallsABoardCleanOnlyWhenAllThatThereAreMeansForWasDone) {
  for (const Means& means : all_means()) {
    for (unsigned outcomes = 0; outcomes < 64; ++outcomes) {
      const std::vector<StepTaken> taken = climb(next_cleaning_step, means, outcomes);
      EXPECT_LE(taken.size(), 4u);
      for (const StepTaken& each : taken) EXPECT_TRUE(allows(means, each.step));
      bool is_written = !means.flash;
      bool is_switched = !means.power;
      for (const StepTaken& each : taken) {
        if (each.step == Step::flash) is_written = each.problem.empty();
        if (each.step == Step::power) is_switched = each.problem.empty();
      }
      EXPECT_EQ(is_clean(taken, means), is_written && is_switched);
      if (outcomes == 63) {
        EXPECT_TRUE(is_clean(taken, means));
      }
    }
  }
}

}  // namespace
}  // namespace tinyhil::daemon
