// SPDX-License-Identifier: Apache-2.0
#include "board_session.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <numeric>

#include "model/inference_rows.hpp"
#include "testing/fake_device.hpp"
#include "testing/runner_fixture.hpp"

namespace tinyhil::campaign {
namespace {

class BoardSessionTest : public test::AgentRunTest {
 protected:
  BoardSessionTest() {
    session_.emplace(board_, [this] { return connected(); });
  }

  template <class T>
  T await(asio::awaitable<T> call) {
    std::optional<T> answer;
    std::exception_ptr failure;
    asio::co_spawn(io_, std::move(call), [&](std::exception_ptr thrown, T value) {
      failure = thrown;
      answer = std::move(value);
    });
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*answer);
  }
  Result<InferenceRows> infer(const ModelFile& model, InferOptions options = {}) {
    arrived_ = 0;
    return await(session_->infer(model, vectors_, options, [this](std::uint64_t rows) { arrived_ += rows; }));
  }

  std::optional<BoardSession> session_;
  std::uint64_t arrived_ = 0;
};

TEST_F(BoardSessionTest, InfersEveryVectorAsOftenAsAskedInOrder) {
  const Result<InferenceRows> rows = infer(campaign_.models[0], {.repeats = 2});
  ASSERT_TRUE(rows) << rows.error().what;
  EXPECT_EQ(rows->vector, (std::vector<std::uint32_t>{0, 0, 1, 1, 2, 2, 3, 3, 4, 4}));
  EXPECT_EQ(rows->repeat, (std::vector<std::uint16_t>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(rows->outputs, (test::Bytes{50, 50, 51, 51, 52, 52, 53, 53, 54, 54}));
  EXPECT_EQ(arrived_, 10U);
}

TEST_F(BoardSessionTest, GivesOutputsLargerThanAFrameWhole) {
  const Result<InferenceRows> rows = infer(test::model("large", {'F', 0, 4, 0, 0x40, 0x9C, 50}));
  ASSERT_TRUE(rows) << rows.error().what;
  ASSERT_EQ(rows->output_size, 40'000U);
  for (std::size_t i = 0; i < rows->outputs.size(); ++i)
    ASSERT_EQ(rows->outputs[i], static_cast<std::uint8_t>(i / 40'000 + 50 + i % 40'000)) << i;
}

TEST_F(BoardSessionTest, StaysConnectedAndSendsNothingTwice) {
  ASSERT_TRUE(infer(campaign_.models[0]));
  ASSERT_TRUE(infer(campaign_.models[1]));
  const Result<InferenceRows> again = infer(campaign_.models[0]);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outputs, (test::Bytes{50, 51, 52, 53, 54}));
  EXPECT_EQ(connections_, 1);
}

TEST_F(BoardSessionTest, FillsTheSlotsAsOftenAsTheVectorsNeed) {
  command_.insert(command_.end(), {"--vector-slots", "2", "--vector-slot-size", "64"});
  test::Bytes firsts(200);
  std::iota(firsts.begin(), firsts.end(), std::uint8_t{0});
  set_vectors(firsts);
  const Result<InferenceRows> rows = infer(campaign_.models[1]);
  ASSERT_TRUE(rows) << rows.error().what;
  EXPECT_EQ(rows->outputs, firsts);
}

TEST_F(BoardSessionTest, MoreModelsThanTheDeviceHasSlotsForTakeTurns) {
  for (int round = 0; round < 2; ++round) {
    for (std::uint8_t bias = 0; bias < 12; ++bias) {
      const Result<InferenceRows> rows = infer(test::model("m", {'F', 0, 4, 0, 1, 0, bias}));
      ASSERT_TRUE(rows) << rows.error().what;
      EXPECT_EQ(rows->outputs.front(), bias);
    }
  }
}

TEST_F(BoardSessionTest, ACrashNamesItsVectorAndTheNextCallWorks) {
  set_vectors({0, 1, test::kCrash, 3});
  const Result<InferenceRows> rows = infer(campaign_.models[0]);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, FaultKind::reset);
  EXPECT_EQ(rows.error().what, "the device crashed on vector 2");
  ASSERT_TRUE(session_->crash());
  EXPECT_EQ(session_->crash()->vector, OrderPosition{2});
  set_vectors({7});
  const Result<InferenceRows> next = infer(campaign_.models[0]);
  ASSERT_TRUE(next) << next.error().what;
  EXPECT_EQ(next->outputs, (test::Bytes{57}));
  EXPECT_FALSE(session_->crash());
  EXPECT_EQ(connections_, 1) << "a device that resets itself is found on the same line";
}

TEST_F(BoardSessionTest, AHangNamesItsVectorAndTheNextCallWorks) {
  set_vectors({0, 1, 2, test::kHang, 4});
  const Result<InferenceRows> rows =
      infer(campaign_.models[0], {.inference_timeout = std::chrono::milliseconds(300)});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, FaultKind::timeout);
  EXPECT_EQ(rows.error().what, "the device hung on vector 3");
  set_vectors({7});
  EXPECT_TRUE(infer(campaign_.models[0]));
}

TEST_F(BoardSessionTest, AModelThatTheDeviceRefusesIsAFaultAndTheNextOneLoads) {
  const Result<LoadedModel> refused = await(session_->load(test::model("bad", {'F', 2, 4, 0, 1, 0, 0})));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, FaultKind::refused);
  const Result<LoadedModel> loaded = await(session_->load(campaign_.models[0]));
  ASSERT_TRUE(loaded) << loaded.error().what;
  EXPECT_EQ(loaded->output.bytes(), 1U);
  EXPECT_EQ(connections_, 1);
}

TEST_F(BoardSessionTest, VectorsOfAnotherShapeAreTheUsersMistake) {
  vectors_.input.only().dims = {1, 2, 2, 1};
  try {
    infer(campaign_.models[0]);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

TEST_F(BoardSessionTest, ALineThatCannotBeOpenedIsABenchFault) {
  command_ = {"/does/not/exist"};
  try {
    infer(campaign_.models[0]);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  }
}

TEST_F(BoardSessionTest, ACallThatWasCancelledLeavesASessionThatWorks) {
  set_vectors({0, test::kHang});
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  asio::co_spawn(
      io_, session_->infer(campaign_.models[0], vectors_, {}, [&](std::uint64_t) {}),
      asio::bind_cancellation_slot(
          cancel.slot(), [&](std::exception_ptr thrown, Result<InferenceRows>) { failure = thrown; }));
  asio::steady_timer timer(io_, std::chrono::milliseconds(500));
  timer.async_wait([&](auto) { cancel.emit(asio::cancellation_type::terminal); });
  io_.restart();
  io_.run();
  EXPECT_TRUE(failure);
  set_vectors({7});
  const Result<InferenceRows> next = infer(campaign_.models[0]);
  ASSERT_TRUE(next) << next.error().what;
  EXPECT_EQ(next->outputs, (test::Bytes{57}));
}

}  // namespace
}  // namespace tinyhil::campaign
