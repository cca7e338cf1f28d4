// SPDX-License-Identifier: Apache-2.0
// Against the real agent as a process, with the fake engine of device-agent/agent/fake_engine.h: a model
// image is 'F', load status, u16 input bytes, u16 output bytes, u8 bias; output[i] = sum(input) + bias + i.
#include "agent_link.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <numeric>
#include <random>

#include "await_test.hpp"

namespace tinyhil {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

const Bytes kModel = {'F', 0, 4, 0, 2, 0, 10};  // 4 bytes in, 2 out, bias 10
constexpr milliseconds kBoot{5000};

// Damages a seeded share of the chunks it passes on: a flipped bit, or the chunk lost.
class LossyTransport : public Transport {
 public:
  LossyTransport(std::unique_ptr<Transport> inner, unsigned seed, int one_in)
      : inner_(std::move(inner)), random_(seed), one_in_(one_in) {}

  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> into) override {
    Result<std::size_t> size = co_await inner_->read(into);
    if (size && strikes()) into[random_() % *size] ^= static_cast<std::uint8_t>(1U << (random_() % 8));
    co_return size;
  }
  asio::awaitable<Result<void>> write(std::span<const std::uint8_t> bytes) override {
    if (strikes()) co_return Result<void>();  // lost on the way
    co_return co_await inner_->write(bytes);
  }
  std::string describe() const override { return "lossy " + inner_->describe(); }

 private:
  bool strikes() { return random_() % static_cast<unsigned>(one_in_) == 0; }

  std::unique_ptr<Transport> inner_;
  std::mt19937 random_;
  int one_in_;
};

class AgentLinkTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> agent() {
    return open_process(io_.get_executor(), {TINYHIL_AGENT_FAKE, "--serial", "A7"});
  }
  template <class T>
  T await(asio::awaitable<T> task) {
    return tinyhil::await(io_, std::move(task));
  }
  static RunRequest request(std::uint16_t count, std::uint16_t repeats) {
    RunRequest request;
    request.count = count;
    request.repeats = repeats;
    request.output_size = 2;
    return request;
  }

  asio::io_context io_{1};
};

TEST_F(AgentLinkTest, TheDeviceIntroducesItself) {
  AgentLink link(agent());
  const auto identity = await(link.hello(kBoot));
  ASSERT_TRUE(identity) << identity.error().what;
  EXPECT_EQ(identity->board.serial, "A7");
  EXPECT_EQ(identity->board.provenance, Provenance::process);
  EXPECT_NE(identity->board.image, Digest{});
  EXPECT_TRUE(identity->loads_models);
  EXPECT_GT(identity->vectors.size, 0U);
}

TEST_F(AgentLinkTest, WhatWasPushedIsInTheInventoryAndSurvivesANewSession) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(kBoot)));
  Bytes content(5000);
  std::iota(content.begin(), content.end(), std::uint8_t{0});
  ASSERT_TRUE(await(link.push(SlotKind::vectors, 1, content)));
  ASSERT_TRUE(await(link.hello(kBoot)));
  const auto digests = await(link.inventory(SlotKind::vectors));
  ASSERT_TRUE(digests);
  EXPECT_EQ(digests->at(0), Digest{});
  EXPECT_EQ(digests->at(1), sha256(content));
}

TEST_F(AgentLinkTest, ARunReturnsEveryRowInOrder) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(kBoot)));
  ASSERT_TRUE(await(link.push(SlotKind::model, 0, kModel)));
  ASSERT_TRUE(await(link.push(SlotKind::vectors, 0, Bytes{1, 2, 3, 4, 5, 6, 7, 8})));
  const auto model = await(link.load(0));
  ASSERT_TRUE(model);
  EXPECT_EQ(model->digest, sha256(kModel));
  EXPECT_EQ(model->input.bytes(), 4U);
  RunRequest both = request(2, 2);
  both.ordinal = 100;
  const auto rows = await(link.run(both));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->vector, (std::vector<std::uint32_t>{100, 100, 101, 101}));
  EXPECT_EQ(rows->repeat, (std::vector<std::uint16_t>{0, 1, 0, 1}));
  EXPECT_EQ(rows->outputs, (Bytes{20, 21, 20, 21, 36, 37, 36, 37}));
}

TEST_F(AgentLinkTest, ALossyLineYieldsTheSameRows) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const Patience patience{25, milliseconds(40)};
    AgentLink link(std::make_unique<LossyTransport>(agent(), seed, 25), Timing{patience, patience});
    ASSERT_TRUE(await(link.hello(kBoot)));
    Bytes vectors(40);
    std::iota(vectors.begin(), vectors.end(), std::uint8_t{0});
    ASSERT_TRUE(await(link.push(SlotKind::model, 0, kModel)));
    ASSERT_TRUE(await(link.push(SlotKind::vectors, 0, vectors)));
    ASSERT_TRUE(await(link.load(0)));
    RunRequest all = request(10, 3);
    all.inference_timeout = milliseconds(300);
    const auto rows = await(link.run(all));
    ASSERT_TRUE(rows) << "seed " << seed << ": " << rows.error().what;
    ASSERT_EQ(rows->size(), 30U);
    for (std::size_t row = 0; row < rows->size(); ++row) {
      const std::size_t vector = row / 3;
      EXPECT_EQ(rows->vector[row], vector);
      EXPECT_EQ(rows->outputs[2 * row], 10 + 16 * vector + 6);
    }
  }
}

TEST_F(AgentLinkTest, ARefusedModelNamesTheReasonAndTheRemedy) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(kBoot)));
  const Bytes unsupported = {'F', 2, 4, 0, 2, 0, 10};
  ASSERT_TRUE(await(link.push(SlotKind::model, 0, unsupported)));
  const auto model = await(link.load(0));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, FaultKind::refused);
  EXPECT_NE(model.error().what.find("the engine cannot run this model"), std::string::npos);
  EXPECT_NE(model.error().remedy, "");
}

TEST_F(AgentLinkTest, AModelLargerThanTheSlotIsRefusedWithTheSlotsSize) {
  AgentLink link(agent());
  const auto identity = await(link.hello(kBoot));
  ASSERT_TRUE(identity);
  const auto pushed = await(link.push(SlotKind::model, 0, Bytes(identity->models.size + 1)));
  ASSERT_FALSE(pushed);
  EXPECT_NE(pushed.error().what.find(std::to_string(identity->models.size)), std::string::npos);
}

TEST_F(AgentLinkTest, RunningWithoutAModelIsRefused) {
  AgentLink link(agent());
  ASSERT_TRUE(await(link.hello(kBoot)));
  const auto rows = await(link.run(request(1, 1)));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, FaultKind::refused);
}

TEST_F(AgentLinkTest, ASilentDeviceIsATimeoutAndNotAHang) {
  AgentLink link(open_process(io_.get_executor(), {"sleep", "60"}));
  const auto identity = await(link.hello(milliseconds(500)));
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, FaultKind::timeout);
}

TEST_F(AgentLinkTest, ADeviceThatFloodsGarbageIsATimeoutAndNotAHang) {
  AgentLink link(open_process(io_.get_executor(), {"cat", "/dev/urandom"}));
  const auto identity = await(link.hello(milliseconds(500)));
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, FaultKind::timeout);
  EXPECT_NE(identity.error().evidence.find("bad"), std::string::npos);
}

TEST_F(AgentLinkTest, AProcessThatEndsIsGoneWithItsLastWords) {
  AgentLink link(open_process(io_.get_executor(), {"sh", "-c", "echo out of cheese >&2; exit 3"}));
  const auto identity = await(link.hello(kBoot));
  ASSERT_FALSE(identity);
  EXPECT_EQ(identity.error().kind, FaultKind::gone);
  EXPECT_NE(identity.error().evidence.find("out of cheese"), std::string::npos);
}

}  // namespace
}  // namespace tinyhil
