// SPDX-License-Identifier: Apache-2.0
#include "window_order.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace tinyhil::campaign {
namespace {

using testing::ElementsAre;

constexpr WindowStep inference(std::uint32_t block, std::size_t model) {
  return {WindowKind::inference, block, model};
}

TEST(WindowOrder, RunsEachBlockForwardAndBackwardBetweenRests) {
  EXPECT_THAT(window_order({2, 1}),
              ElementsAre(WindowStep{WindowKind::sleep, 0}, WindowStep{WindowKind::idle, 0}, inference(0, 0),
                          inference(0, 1), inference(0, 1), inference(0, 0), WindowStep{WindowKind::sleep, 1},
                          WindowStep{WindowKind::idle, 1}));
}

TEST(WindowOrder, RestsThreeTimesHoweverManyBlocksThereAre) {
  const std::vector<WindowStep> steps = window_order({2, 40});
  EXPECT_EQ(std::ranges::count(steps, WindowKind::sleep, &WindowStep::kind), 3);
  EXPECT_EQ(std::ranges::count(steps, WindowKind::idle, &WindowStep::kind), 3);
  EXPECT_EQ(steps.size(), 6u + 40 * 4);
}

TEST(WindowOrder, LeavesOutWhatIsStoredAndEndsWithIt) {
  EXPECT_THAT(window_order({1, 2, false, {0}}),
              ElementsAre(WindowStep{WindowKind::idle, 1}, inference(1, 0), inference(1, 0),
                          WindowStep{WindowKind::idle, 2}));
  EXPECT_TRUE(window_order({2, 2, true, {0, 1}}).empty());
}

TEST(WindowOrder, TakesAsManyModelsAsThereAre) {
  const std::vector<WindowStep> steps = window_order({3, 1, false});
  EXPECT_THAT(std::vector<WindowStep>(steps.begin() + 1, steps.end() - 1),
              ElementsAre(inference(0, 0), inference(0, 1), inference(0, 2), inference(0, 2), inference(0, 1),
                          inference(0, 0)));
}

}  // namespace
}  // namespace tinyhil::campaign
