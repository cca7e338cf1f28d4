// SPDX-License-Identifier: Apache-2.0
// Energy windows of a Device: of the agent as a process, and of the one in virtual time that campaigns are
// tested with.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "base/digest.hpp"
#include "device/agent/agent_device.hpp"
#include "testing/await.hpp"
#include "testing/fake_device.hpp"
#include "transport/process.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

class DeviceWindow : public ::testing::Test {
 protected:
  // Its model is ready, and its two vectors were run.
  void prepare(Device& device) {
    RunReport report;
    const auto loaded = test::await(io_, device.prepare(model_, std::nullopt, report));
    ASSERT_TRUE(loaded) << loaded.error().what;
    VectorBlock block;
    block.count = 2;
    block.content = vectors_;
    block.digest = sha256(vectors_);
    const Wave wave{block};
    RunRequest request;
    request.models = {RunModel{loaded->slot, loaded->output, {}, {}}};
    request.count = 2;
    std::vector<RunRequest> requests{request};
    const Device::Sink sink = [](std::size_t, std::size_t, const InferenceRows&) {};
    const auto ran = test::await(io_, device.run(wave, std::move(requests), sink, report));
    ASSERT_TRUE(ran) << ran.error().what;
  }

  static WindowRequest asked(WindowKind kind) {
    WindowRequest request;
    request.kind = kind;
    request.vector = 1;
    request.invokes = 10;
    request.length = milliseconds(5);
    request.rest = milliseconds(2);
    return request;
  }

  asio::io_context io_{1};
  const ModelFile model_ = [] {
    ModelFile model;
    model.content = {'F', 0, 4, 0, 2, 0, 10};
    model.digest = sha256(model.content);
    return model;
  }();
  const Bytes vectors_{1, 2, 3, 4, 5, 6, 7, 8};
};

TEST_F(DeviceWindow, OfTheAgentIsRunOrRefusedWithoutAWordOnTheLine) {
  AgentDevice device(transport::open_process(io_.get_executor(), {TINYHIL_AGENT_FAKE}));
  ASSERT_TRUE(test::await(io_, device.greet(Boot(milliseconds(5000)))));
  prepare(device);
  const auto window = test::await(io_, device.window(asked(WindowKind::inference)));
  ASSERT_TRUE(window) << window.error().what;
  EXPECT_EQ(window->proven, 10U);
  EXPECT_EQ(window->output, sha256(Bytes{36, 37}));
  const std::uint32_t frames = device.traffic().frames_good;
  const auto sleep = test::await(io_, device.window(asked(WindowKind::sleep)));
  ASSERT_FALSE(sleep);
  EXPECT_EQ(sleep.error().kind, FaultKind::refused);
  EXPECT_EQ(device.traffic().frames_good, frames);
}

TEST_F(DeviceWindow, OfTheFakeDeviceTakesVirtualTime) {
  test::FakeBoard board;
  test::FakeDevice device(board);
  ASSERT_TRUE(test::await(io_, device.greet(Boot())));
  prepare(device);
  const auto before = board.now;
  WindowRequest request = asked(WindowKind::inference);
  request.layers = true;
  const auto window = test::await(io_, device.window(request));
  ASSERT_TRUE(window) << window.error().what;
  EXPECT_EQ(window->proven, 10U);
  EXPECT_EQ(window->timer_ticks, 5000U);
  EXPECT_EQ(window->output, sha256(Bytes{36, 37}));
  EXPECT_EQ(window->layer_ends, (std::vector<std::uint32_t>{250, 375, 500}));
  EXPECT_EQ(board.now - before, milliseconds(9));
  const auto sleep = test::await(io_, device.window(asked(WindowKind::sleep)));
  ASSERT_TRUE(sleep);
  EXPECT_EQ(sleep->timer_ticks, 5000U);
  board.windows.sleeps = false;
  EXPECT_FALSE(test::await(io_, device.window(asked(WindowKind::sleep))));
}

TEST_F(DeviceWindow, OfTheFakeDeviceEndsAsARunDoes) {
  test::FakeBoard board;
  test::FakeDevice device(board);
  ASSERT_TRUE(test::await(io_, device.greet(Boot())));
  prepare(device);
  board.events = {{board.inferences + 3, test::FakeBoard::Event::reset},
                  {board.inferences + 4, test::FakeBoard::Event::silence}};
  EXPECT_EQ(test::await(io_, device.window(asked(WindowKind::inference))).error().kind, FaultKind::reset);
  EXPECT_EQ(test::await(io_, device.window(asked(WindowKind::inference))).error().kind, FaultKind::timeout);
}

}  // namespace
}  // namespace tinyhil::device
