// SPDX-License-Identifier: Apache-2.0
// What an application says through the agent, and when it is sent.
#include "running.hpp"
#include "thil/agent.h"

namespace agent_test {
namespace {

using Types = std::vector<std::uint8_t>;

TEST(Log, IsSentWhenTheDeviceHasNothingElseToDo) {
  FakeHost host;
  host.hello();
  thil_agent_log(THIL_LOG_WARNING, "sensor is cold");
  thil_agent_log(THIL_LOG_INFO, "");
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].as<thil_log>().level, THIL_LOG_WARNING);
  EXPECT_EQ(text(frames[0].as<thil_log>().text), "sensor is cold");
  EXPECT_EQ(frames[0].header.epoch, 5);
  EXPECT_EQ(frames[0].header.flags, 0);
  EXPECT_EQ(text(frames[1].as<thil_log>().text), "");
  EXPECT_TRUE(host.settle().empty()) << "once";
}

TEST(Log, IsSentBeforeThereIsASession) {
  FakeHost host;
  thil_agent_log(THIL_LOG_ERROR, "no supply");
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].header.epoch, 0);
  EXPECT_EQ(text(frames[0].as<thil_log>().text), "no supply");
}

TEST(Log, WaitsBehindRequests) {
  FakeHost host;
  host.hello();
  thil_agent_log(THIL_LOG_INFO, "later");
  host.put(host.line_of(thil_check{}));
  host.put(host.line_of(thil_check{}));
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[2].header.type, THIL_ID_log);
}

TEST(Log, OfALongTextTakesTheFirstHundredCharacters) {
  FakeHost host;
  host.hello();
  thil_agent_log(THIL_LOG_INFO, std::string(300, 'x').c_str());
  EXPECT_EQ(text(host.settle().at(0).as<thil_log>().text), std::string(100, 'x'));
}

TEST(Log, CountsWhatFoundNoRoomAndGoesOn) {
  FakeHost host;
  host.hello();
  for (int i = 0; i < 12; ++i)
    thil_agent_log(THIL_LOG_DEBUG, std::string(40, static_cast<char>('a' + i)).c_str());
  const auto frames = host.settle();
  ASSERT_EQ(frames.size(), 5u) << "of 44 bytes each";
  EXPECT_EQ(frames[0].as<thil_log>().lost, 0);
  EXPECT_EQ(text(frames[4].as<thil_log>().text), std::string(40, 'e'));
  thil_agent_log(THIL_LOG_DEBUG, "there is room again");
  const auto later = host.settle();
  ASSERT_EQ(later.size(), 1u);
  EXPECT_EQ(later[0].as<thil_log>().lost, 7);
}

TEST_F(Running, WhatAnEngineSaysInAnInferenceIsSentBehindTheRows) {
  fake_engine_on_invoke([] { thil_agent_log(THIL_LOG_INFO, "in an inference"); });
  auto request = run(0, 3);
  const auto frames = start(request);
  EXPECT_EQ(types_of(frames),
            (Types{THIL_ID_done, THIL_ID_results, THIL_ID_run_ended, THIL_ID_log, THIL_ID_log, THIL_ID_log}));
  EXPECT_EQ(rows_of(frames, 2).size(), 3u);
  request.batch = 1;
  EXPECT_EQ(types_of(start(request)), (Types{THIL_ID_done, THIL_ID_results, THIL_ID_log, THIL_ID_results,
                                             THIL_ID_log, THIL_ID_results, THIL_ID_run_ended, THIL_ID_log}));
}

}  // namespace
}  // namespace agent_test
