// SPDX-License-Identifier: Apache-2.0
// Against the real agent as a process, with the fake engine of device-agent/agent/fake_engine.h: a model
// image is 'F', load status, u16 input bytes, u16 output bytes, u8 bias; output[i] = sum(input) + bias + i.
#include "agent_link.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <numeric>

#include "model/inference_rows.hpp"
#include "testing/await.hpp"
#include "testing/faulty_transport.hpp"
#include "transport/process.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

const Bytes kModel = {'F', 0, 4, 0, 2, 0, 10};  // 4 bytes in, 2 out, bias 10
constexpr milliseconds kBoot{5000};

class AgentLinkTest : public ::testing::Test {
 protected:
  std::unique_ptr<transport::Transport> agent() {
    return transport::open_process(io_.get_executor(), {TINYHIL_AGENT_FAKE, "--serial", "A7"});
  }
  template <class T>
  T await(asio::awaitable<T> task) {
    return test::await(io_, std::move(task));
  }
  static PushBlock block(SlotKind kind, std::uint16_t slot, const Bytes& content) {
    return {kind, slot, content, sha256(content), 0};
  }
  Result<void> push(AgentLink& link, const PushBlock& block) {
    std::vector<PushBlock> blocks{block};
    return await(link.push(std::move(blocks)));
  }
  // The model in slot 0, the vectors in slot 0, loaded.
  Result<LoadedModel> prepare(AgentLink& link, const Bytes& vectors) {
    std::vector<PushBlock> blocks{block(SlotKind::model, 0, kModel), block(SlotKind::vectors, 0, vectors)};
    const Result<void> pushed = await(link.push(std::move(blocks)));
    if (!pushed) return pushed.error();
    return await(link.load(0));
  }
  static RunRequest request(const TensorList& output, std::uint16_t count, std::uint16_t repeats) {
    RunRequest request;
    request.models = {RunModel{0, output, {}, {}}};
    request.count = count;
    request.repeats = repeats;
    return request;
  }
  // Appends what arrives to rows_.
  Result<void> run(AgentLink& link, RunRequest request) {
    std::vector<RunRequest> requests{std::move(request)};
    const RunStream::Sink sink = [this](std::size_t, std::size_t, const InferenceRows& rows) {
      rows_.append(rows);
    };
    return await(link.run(std::move(requests), sink, report_));
  }

  InferenceRows rows_;
  RunReport report_;
  asio::io_context io_{1};
};

TEST_F(AgentLinkTest, TheDeviceIntroducesItself) {
  AgentLink link(agent());
  const auto identity = await(link.hello(Boot(kBoot)));
  ASSERT_TRUE(identity) << identity.error().what;
  EXPECT_EQ(identity->board.serial, "A7");
  EXPECT_EQ(identity->board.provenance, Provenance::process);
  EXPECT_NE(identity->board.image, Digest{});
  EXPECT_TRUE(identity->loads_models);
  EXPECT_GT(identity->vectors.size, 0U);
}

TEST_F(AgentLinkTest, RunsAnEnergyWindowAndRefusesASleepThatAProcessDoesNotHave) {
  AgentLink link(agent());
  const auto identity = await(link.hello(Boot(kBoot)));
  ASSERT_TRUE(identity) << identity.error().what;
  EXPECT_TRUE(identity->windows.runs);
  EXPECT_FALSE(identity->windows.sleeps);
  EXPECT_FALSE(identity->windows.tells_layers);
  ASSERT_TRUE(prepare(link, {1, 2, 3, 4, 5, 6, 7, 8}));
  WindowRequest request;
  request.vector = 1;
  request.invokes = 100;
  request.rest = milliseconds(2);
  const auto window = await(link.window(request));
  ASSERT_TRUE(window) << window.error().what;
  EXPECT_EQ(window->proven, 100U);
  EXPECT_EQ(window->output, sha256(Bytes{36, 37}));
  EXPECT_GT(window->timer_ticks, 0U);
  request.kind = WindowKind::sleep;
  EXPECT_EQ(await(link.window(request)).error().kind, FaultKind::refused);
}

TEST_F(AgentLinkTest, WhatWasPushedIsInTheInventoryAndSurvivesANewSession) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(Boot(kBoot))));
  Bytes content(5000);
  std::iota(content.begin(), content.end(), std::uint8_t{0});
  ASSERT_TRUE(push(link, block(SlotKind::vectors, 1, content)));
  ASSERT_TRUE(await(link.hello(Boot(kBoot))));
  const auto digests = await(link.inventory(SlotKind::vectors));
  ASSERT_TRUE(digests);
  EXPECT_EQ(digests->size(), 192U) << "more than one answer holds";
  EXPECT_EQ(digests->at(0), Digest{});
  EXPECT_EQ(digests->at(1), sha256(content));
}

TEST_F(AgentLinkTest, ARunReturnsEveryRowOnce) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(Boot(kBoot))));
  const auto model = prepare(link, {1, 2, 3, 4, 5, 6, 7, 8});
  ASSERT_TRUE(model);
  EXPECT_EQ(model->digest, sha256(kModel));
  EXPECT_EQ(model->input.bytes(), 4U);
  RunRequest both = request(model->output, 2, 2);
  both.position = OrderPosition{100};
  ASSERT_TRUE(run(link, both));
  EXPECT_EQ(rows_.vector, (std::vector<std::uint32_t>{100, 100, 101, 101}));
  EXPECT_EQ(rows_.repeat, (std::vector<std::uint16_t>{0, 1, 0, 1}));
  EXPECT_EQ(rows_.outputs, (Bytes{20, 21, 20, 21, 36, 37, 36, 37}));
  EXPECT_FALSE(report_.request) << "no run is in progress";
}

TEST_F(AgentLinkTest, AFaultyLineYieldsTheSameRows) {
  Bytes vectors;
  for (unsigned i = 0; i < 4000; ++i) vectors.push_back(static_cast<std::uint8_t>(i % 200));
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const test::LineFaults faults{2e-5 * seed, 0.01, 0.02, 0.05};
    auto line = std::make_unique<test::FaultyTransport>(io_.get_executor(), agent(), seed);
    test::FaultyTransport& faulty = *line;
    AgentLink link(std::move(line));
    ASSERT_TRUE(await(link.hello(Boot(kBoot))));
    faulty.begin(faults);
    const auto model = prepare(link, vectors);
    ASSERT_TRUE(model) << "seed " << seed << ": " << model.error().what;
    rows_ = {};
    const auto done = run(link, request(model->output, 1000, 3));
    ASSERT_TRUE(done) << "seed " << seed << ": " << done.error().what;
    std::vector<int> seen(3000);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const std::uint32_t vector = rows_.vector[row];
      ++seen.at(vector * 3 + rows_.repeat[row]);
      EXPECT_EQ(rows_.outputs[2 * row], static_cast<std::uint8_t>(10 + 16 * (vector % 50) + 6));
    }
    EXPECT_EQ(seen, std::vector<int>(3000, 1)) << "seed " << seed;
  }
}

TEST_F(AgentLinkTest, PushAndRunGoOnAtOnce) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(Boot(kBoot))));
  const auto model = prepare(link, Bytes(40, 0));
  ASSERT_TRUE(model);
  std::vector<Bytes> contents;
  for (std::uint8_t i = 0; i < 5; ++i) contents.emplace_back(40'000, i);
  Supply supply;
  std::vector<RunRequest> requests;
  for (std::uint16_t i = 0; i < 5; ++i) {
    supply.blocks.push_back(block(SlotKind::vectors, i, contents[i]));
    requests.push_back(request(model->output, 10'000, 1));
    requests.back().vector_slot = i;
    requests.back().mode = RunMode::throughput;
    supply.needs.push_back(i + 1U);
  }
  std::vector<std::size_t> rows(5);
  const RunStream::Sink sink = [&](std::size_t index, std::size_t, const InferenceRows& got) {
    rows[index] += got.size();
    for (std::size_t row = 0; row < got.size(); ++row) ASSERT_EQ(got.outputs[2 * row], 10 + 4 * index);
  };
  ASSERT_TRUE(await(link.stream(supply, requests, sink, report_)));
  EXPECT_EQ(rows, std::vector<std::size_t>(5, 10'000));
}

TEST_F(AgentLinkTest, ARefusedModelNamesTheReasonAndTheRemedy) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(Boot(kBoot))));
  const Bytes unsupported = {'F', 2, 4, 0, 2, 0, 10};
  ASSERT_TRUE(push(link, block(SlotKind::model, 0, unsupported)));
  const auto model = await(link.load(0));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, FaultKind::refused);
  EXPECT_NE(model.error().what.find("the engine cannot run this model"), std::string::npos);
  EXPECT_NE(model.error().remedy, "");
}

TEST_F(AgentLinkTest, AModelLargerThanTheSlotIsRefusedWithTheSlotsSize) {
  AgentLink link(agent());
  const auto identity = await(link.hello(Boot(kBoot)));
  ASSERT_TRUE(identity);
  const Bytes large(identity->models.size + 1);
  const auto pushed = push(link, block(SlotKind::model, 0, large));
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().kind, FaultKind::refused);
  EXPECT_NE(pushed.error().what.find("larger than the slot"), std::string::npos) << pushed.error().what;
}

TEST_F(AgentLinkTest, RunningWithoutAModelIsRefused) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(Boot(kBoot))));
  Tensor output;
  const auto done = run(link, request(output, 1, 1));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, FaultKind::refused);
}

TEST_F(AgentLinkTest, ASilentDeviceIsATimeoutAndNotAHang) {
  AgentLink link(transport::open_process(io_.get_executor(), {"sleep", "60"}));
  const auto identity = await(link.hello(Boot(milliseconds(500))));
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, FaultKind::timeout);
}

TEST_F(AgentLinkTest, ADeviceThatFloodsGarbageIsATimeoutAndNotAHang) {
  AgentLink link(transport::open_process(io_.get_executor(), {"cat", "/dev/urandom"}));
  const auto identity = await(link.hello(Boot(milliseconds(500))));
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, FaultKind::timeout);
  EXPECT_NE(identity.error().evidence.find("damaged"), std::string::npos);
}

TEST_F(AgentLinkTest, AnotherProgramOnTheLineIsShownByWhatItSays) {
  AgentLink link(
      transport::open_process(io_.get_executor(), {"sh", "-c", "echo '*** Booting Zephyr'; sleep 5"}));
  const auto identity = await(link.hello(Boot(milliseconds(300))));
  ASSERT_FALSE(identity);
  EXPECT_NE(identity.error().evidence.find("the line carries text: `*** Booting Zephyr\\n`"),
            std::string::npos)
      << identity.error().evidence;
}

TEST_F(AgentLinkTest, BytesThatAreNeitherFramesNorTextAreShownAsTheyBegin) {
  AgentLink link(
      transport::open_process(io_.get_executor(), {"sh", "-c", "printf '\\377\\074\\201'; sleep 5"}));
  const auto identity = await(link.hello(Boot(milliseconds(300))));
  ASSERT_FALSE(identity);
  EXPECT_NE(identity.error().evidence.find("3 bytes arrived, none of them a frame; they begin ff 3c 81"),
            std::string::npos)
      << identity.error().evidence;
}

TEST_F(AgentLinkTest, AProcessThatEndsIsGoneWithItsLastWords) {
  AgentLink link(transport::open_process(io_.get_executor(), {"sh", "-c", "echo out of cheese >&2; exit 3"}));
  const auto identity = await(link.hello(Boot(kBoot)));
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, FaultKind::gone);
  EXPECT_NE(identity.error().evidence.find("out of cheese"), std::string::npos);
}

}  // namespace
}  // namespace tinyhil::device
