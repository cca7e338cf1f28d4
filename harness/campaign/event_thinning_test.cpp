// SPDX-License-Identifier: Apache-2.0
#include "campaign/event_thinning.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace tinyhil::campaign {
namespace {

using std::chrono::milliseconds;

class EventThinningTest : public testing::Test {
 protected:
  // The numbers of vectors that are told when this board has so many.
  std::vector<std::uint64_t> at(int time, const std::string& board, std::uint64_t done) {
    return told(thinning_.next(event::Progressed{board, "tiny", done, 100}, moment(time)));
  }

  static EventThinning::Time moment(int time) { return EventThinning::Time{} + milliseconds(time); }

  static std::vector<std::uint64_t> told(const std::vector<RunEvent>& events) {
    std::vector<std::uint64_t> numbers;
    for (const RunEvent& each : events)
      if (const auto* progress = std::get_if<event::Progressed>(&each)) numbers.push_back(progress->done);
    return numbers;
  }

  EventThinning thinning_{milliseconds(100)};
};

using Numbers = std::vector<std::uint64_t>;

TEST_F(EventThinningTest, TellsABoardsProgressOnceInAPause) {
  EXPECT_EQ(at(0, "b1", 1), Numbers{1});
  EXPECT_EQ(at(99, "b1", 2), Numbers{});
  EXPECT_EQ(at(100, "b1", 3), Numbers{3});
  EXPECT_EQ(at(150, "b1", 4), Numbers{});
}

TEST_F(EventThinningTest, BoardsDoNotKeepEachOtherQuiet) {
  EXPECT_EQ(at(0, "b1", 1), Numbers{1});
  EXPECT_EQ(at(1, "b2", 2), Numbers{2});
}

// Boards that share the vectors of a run are done with fewer than all of them.
TEST_F(EventThinningTest, TheLatestProgressOfEveryBoardComesBeforeTheNextOtherEvent) {
  at(0, "b1", 1);
  at(0, "b2", 2);
  at(1, "b1", 40);
  at(2, "b1", 41);
  at(3, "b2", 59);
  const std::vector<RunEvent> events = thinning_.next(event::RunEnded{7}, moment(4));
  EXPECT_EQ(told(events), (Numbers{41, 59}));
  EXPECT_TRUE(std::holds_alternative<event::RunEnded>(events.back()));
  EXPECT_EQ(thinning_.next(event::RunEnded{7}, moment(5)).size(), 1U);
}

TEST_F(EventThinningTest, WhatWasHeldBackIsNotToldAfterWhatIsNewer) {
  at(0, "b1", 1);
  at(1, "b1", 2);
  EXPECT_EQ(at(100, "b1", 3), Numbers{3});
  EXPECT_EQ(told(thinning_.next(event::RunEnded{7}, moment(101))), Numbers{});
}

}  // namespace
}  // namespace tinyhil::campaign
