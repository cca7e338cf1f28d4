// SPDX-License-Identifier: Apache-2.0
// The agent as a guest in somebody's firmware, driven a step at a time.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "fake_engine.h"
#include "fake_host.hpp"
#include "running.hpp"
#include "thil/agent.h"

namespace agent_test {
namespace {

TEST(Guest, StepsHaveNothingToDoUntilTheHostSpeaks) {
  FakeHost host;
  EXPECT_FALSE(thil_agent_step());
  host.put(host.line_of(thil_check{}));
  EXPECT_TRUE(thil_agent_step());
}

TEST(Guest, TellsWhetherAHostIsThere) {
  FakeHost host;
  EXPECT_FALSE(thil_agent_status_get().session);
  host.hello();
  const thil_agent_status status = thil_agent_status_get();
  EXPECT_TRUE(status.session);
  EXPECT_FALSE(status.running);
  EXPECT_EQ(status.frames, 1u);
}

TEST(Guest, StopsWithAWordToTheHostAndTouchesNoMemoryAfterwards) {
  FakeHost host;
  host.hello();
  thil_agent_stop();
  const auto frames = host.take();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].header.type, THIL_ID_booted);
  EXPECT_EQ(frames[0].header.epoch, 0);
  EXPECT_FALSE(thil_agent_status_get().session);
  const auto vectors = host.port.vectors;
  host.put(host.line_of(host.begin(THIL_SLOT_VECTORS, 0, Bytes(8, 1))));
  EXPECT_FALSE(thil_agent_step());
  EXPECT_EQ(host.port.vectors, vectors);
  EXPECT_TRUE(host.take().empty());
}

TEST(Guest, IsThereAgainAfterTheNextStart) {
  FakeHost host;
  host.hello();
  host.push(THIL_SLOT_VECTORS, 0, Bytes(8, 1));
  thil_agent_stop();
  host.take();
  host.start();
  host.hello();
  EXPECT_EQ(host.ask(thil_list{0, THIL_SLOT_VECTORS, 0, 1}).as<thil_inventory>().slots,
            FakePort::kVectorSlots);
}

TEST(Guest, SendsAFrameOverManyStepsWhereThePortTakesAFewBytesAtATime) {
  FakeHost host;
  host.port.write_limit = 3;
  host.put(host.line_of(thil_hello{0, 7}));
  std::size_t sent = host.port.to_host.size();
  for (int i = 0; i < 200; ++i) {
    thil_agent_step();
    EXPECT_LE(host.port.to_host.size() - sent, 3u);
    sent = host.port.to_host.size();
  }
  const auto frames = host.take();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].header.type, THIL_ID_identity);
}

TEST_F(Running, InferencesWaitUntilTheFrameBeforeHasLeft) {
  host.port.write_limit = 0;
  static unsigned invokes;
  invokes = 0;
  fake_engine_on_invoke([] { ++invokes; });
  thil_run each = run(0, 4);
  each.batch = 1;
  host.put(host.line_of(each));
  for (int i = 0; i < 50; ++i) thil_agent_step();
  EXPECT_EQ(invokes, 0u) << "the answer to `run` is still there";
  host.port.write_limit = 1;
  rows_of(host.settle(), 2);
  EXPECT_EQ(invokes, 4u);
}

TEST(Guest, DigestsALargeImageAPieceAStep) {
  FakeHost host;
  host.port.image = std::string(100'000, 'x');
  host.port.info.image = reinterpret_cast<const std::uint8_t*>(host.port.image.data());
  host.port.info.image_size = host.port.image.size();
  host.start();
  host.put(host.line_of(thil_hello{0, 7}));
  int steps = 0;
  while (host.port.to_host.empty() && ++steps < 1000) thil_agent_step();
  EXPECT_EQ(steps, 98);
  const auto identity = host.take().at(0).as<thil_identity>();
  thil_digest wanted{};
  thil_sha256_digest(host.port.info.image, host.port.info.image_size, &wanted);
  EXPECT_EQ(0, std::memcmp(&identity.image, &wanted, sizeof wanted));
}

TEST_F(Running, ARowIsMarkedWhenSomethingElseRanDuringAMeasuredInference) {
  host.port.disturbed = true;
  const auto rows = rows_of(start(run(0, 2)), 2);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].status, THIL_RESULT_DISTURBED);
  EXPECT_EQ(rows[1].status, THIL_RESULT_DISTURBED);
  EXPECT_EQ(host.port.quiet_begun, 2u);
}

}  // namespace
}  // namespace agent_test
