// SPDX-License-Identifier: Apache-2.0
// Slots filled past the line, against the real agent in this process; and when that is not to be.
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <numeric>

#include "agent_device.hpp"
#include "agent_link.hpp"
#include "model/inference_rows.hpp"
#include "testing/agent_in_process.hpp"
#include "testing/await.hpp"
#include "testing/faulty_transport.hpp"
#include "transport/process.hpp"

namespace tinyhil::device {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;
using Writes = test::AgentInProcess::Writes;

Bytes content_of(std::size_t size, std::uint8_t first) {
  Bytes content(size);
  std::iota(content.begin(), content.end(), first);
  return content;
}

PushBlock vectors_in(std::uint16_t slot, const Bytes& content) {
  return {SlotKind::vectors, slot, content, sha256(content), 0};
}

class PlacingTest : public ::testing::Test {
 protected:
  PlacingTest() { greet(); }
  void greet() { EXPECT_TRUE(await(link.hello())); }
  template <class T>
  T await(asio::awaitable<T> task) {
    return test::await(io, std::move(task));
  }
  // Pushes the contents into slots 0 and 1; how many bytes that took on the line.
  std::size_t push_both() {
    const std::size_t before = agent.on_line;
    std::vector<PushBlock> blocks{vectors_in(0, first), vectors_in(1, second)};
    const Result<void> pushed = await(link.push(std::move(blocks)));
    EXPECT_TRUE(pushed) << pushed.error().what;
    const auto held = await(link.inventory(SlotKind::vectors, 2));
    EXPECT_EQ(held->at(0), sha256(first));
    EXPECT_EQ(held->at(1), sha256(second));
    return agent.on_line - before;
  }

  asio::io_context io{1};
  std::unique_ptr<test::AgentInProcess> line = std::make_unique<test::AgentInProcess>(io.get_executor());
  test::AgentInProcess& agent = *line;
  AgentLink link{std::move(line)};
  const Bytes first = content_of(4048, 0);
  const Bytes second = content_of(3001, 7);
};

TEST_F(PlacingTest, ContentGoesPastTheLine) {
  EXPECT_TRUE(link.places());
  EXPECT_LT(push_both(), 300U);
  EXPECT_EQ(agent.writes, 2);
  EXPECT_EQ(link.detours(), "");
}

TEST_F(PlacingTest, MoreSlotsThanTheDeviceGrantsFramesAreFilled) {
  std::vector<Bytes> contents;
  std::vector<PushBlock> blocks;
  for (std::uint8_t i = 0; i < 40; ++i) contents.push_back(content_of(2048U + i, i));
  for (std::uint16_t i = 0; i < 40; ++i) blocks.push_back(vectors_in(i, contents[i]));
  ASSERT_TRUE(await(link.push(std::move(blocks))));
  const auto held = await(link.inventory(SlotKind::vectors));
  for (std::uint16_t i = 0; i < 40; ++i) EXPECT_EQ(held->at(i), sha256(contents[i])) << i;
  EXPECT_EQ(agent.writes, 40);
}

TEST_F(PlacingTest, ABadContactIsTriedAgain) {
  agent.how = Writes::refused_once;
  EXPECT_LT(push_both(), 300U);
  EXPECT_EQ(agent.writes, 3);
  EXPECT_EQ(link.detours(), "");
}

TEST_F(PlacingTest, LittleContentGoesByFrames) {
  const Bytes little = content_of(2047, 3);
  std::vector<PushBlock> blocks{vectors_in(0, little)};
  ASSERT_TRUE(await(link.push(std::move(blocks))));
  EXPECT_EQ(agent.writes, 0);
  EXPECT_EQ(link.detours(), "");
}

TEST_F(PlacingTest, ATransportWithoutMemoryHasFrames) {
  agent.has_memory = false;
  EXPECT_FALSE(link.places());
  EXPECT_GT(push_both(), first.size() + second.size());
  EXPECT_EQ(agent.writes, 0);
}

TEST_F(PlacingTest, WhatTheProbeCannotWriteGoesByFramesAndThatIsSaid) {
  agent.how = Writes::refused;
  EXPECT_GT(push_both(), first.size() + second.size());
  EXPECT_EQ(agent.writes, 2) << "the first is tried again, the second is not";
  EXPECT_EQ(link.detours(), "2 slots: the probe lost its contact");
}

TEST_F(PlacingTest, WhatTheDevicesDigestDoesNotProveGoesByFrames) {
  agent.how = Writes::one_byte_wrong;
  EXPECT_GT(push_both(), first.size() + second.size());
  EXPECT_THAT(link.detours(), HasSubstr("does not match its digest"));
}

TEST_F(PlacingTest, AfterThreeFailuresNothingIsPlacedAnyMore) {
  agent.how = Writes::refused;
  for (int i = 0; i < 3; ++i) push_both();
  EXPECT_EQ(agent.writes, 6);
  EXPECT_FALSE(link.places());
  agent.how = Writes::well;
  push_both();
  greet();
  push_both();
  EXPECT_EQ(agent.writes, 6) << "the line is the same";
}

TEST_F(PlacingTest, APulledProbeEndsThePush) {
  agent.how = Writes::gone;
  std::vector<PushBlock> blocks{vectors_in(0, first)};
  const Result<void> pushed = await(link.push(std::move(blocks)));
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().kind, FaultKind::gone);
  EXPECT_EQ(agent.writes, 1);
}

// Its slots are told to lie elsewhere: what a liar would say, too.
TEST_F(PlacingTest, NothingIsWrittenWhereTheDevicesVariablesAreNot) {
  alignas(16) static std::array<std::uint8_t, 2 * FakePort::kVectorSlotSize> elsewhere;
  agent.port.memory.vectors = elsewhere.data();
  agent.port.memory.vector_slots = 2;
  thil_agent_start();
  greet();
  EXPECT_GT(push_both(), first.size() + second.size());
  EXPECT_EQ(agent.writes, 0);
  EXPECT_THAT(link.detours(), HasSubstr("where its image has no variables"));
}

TEST(PlacingByADevice, FillsSlotsBeforeARunInThroughput) {
  asio::io_context io{1};
  auto line = std::make_unique<test::AgentInProcess>(io.get_executor());
  const test::AgentInProcess& agent = *line;
  AgentDevice device(std::move(line));
  ASSERT_TRUE(test::await(io, device.greet(Boot())));
  ModelFile model;
  model.content = {'F', 0, 4, 0, 2, 0, 10};  // output[i] = sum of 4 bytes + 10 + i
  model.digest = sha256(model.content);
  RunReport report;
  const auto loaded = test::await(io, device.prepare(model, std::nullopt, report));
  ASSERT_TRUE(loaded) << loaded.error().what;
  VectorSet vectors;
  vectors.inputs = Bytes(4 * std::size_t{600}, 5);
  vectors.count = 600;
  vectors.input = loaded->input;
  const std::vector<Wave> waves = device.plan({&vectors});
  ASSERT_EQ(waves.size(), 1U);
  ASSERT_EQ(waves[0].size(), 1U);
  RunRequest request;
  request.models = {RunModel{loaded->slot, loaded->output, {}, {}}};
  request.count = 600;
  request.mode = RunMode::throughput;
  std::size_t rows = 0;
  const Device::Sink sink = [&rows](std::size_t, std::size_t, const InferenceRows& more) {
    for (std::size_t row = 0; row < more.size(); ++row) EXPECT_EQ(more.outputs[2 * row], 30);
    rows += more.size();
  };
  std::vector<RunRequest> requests{request};
  ASSERT_TRUE(test::await(io, device.run(waves[0], std::move(requests), sink, report)));
  EXPECT_EQ(rows, 600U);
  EXPECT_EQ(agent.writes, 1);
  EXPECT_EQ(device.traffic().detours, "");
}

// An agent from before there were places.
class Tempting : public test::FaultyTransport, private transport::TargetMemory {
 public:
  using FaultyTransport::FaultyTransport;
  TargetMemory* memory() override { return this; }
  bool covers(std::uint32_t, std::size_t) const override { return true; }
  asio::awaitable<Result<void>> write(std::uint32_t, std::vector<std::uint8_t>) override {
    ADD_FAILURE() << "nobody told where";
    co_return Result<void>();
  }
};

TEST(PlacingOnAnOldAgent, IsNotTried) {
  asio::io_context io{1};
  auto process = transport::open_process(io.get_executor(), {TINYHIL_AGENT_FAKE});
  AgentLink link(std::make_unique<Tempting>(io.get_executor(), std::move(process), 1));
  ASSERT_TRUE(test::await(io, link.hello()));
  EXPECT_FALSE(link.places());
  const Bytes content = content_of(4000, 1);
  std::vector<PushBlock> blocks{vectors_in(0, content)};
  EXPECT_TRUE(test::await(io, link.push(std::move(blocks))));
}

}  // namespace
}  // namespace tinyhil::device
