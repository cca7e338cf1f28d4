// SPDX-License-Identifier: Apache-2.0
// Outputs that fit no frame, over the real agent in virtual time.
#include <gtest/gtest.h>

#include "device/agent/internal/exchange.hpp"
#include "device/agent/internal/push_stream.hpp"
#include "fake_port.hpp"
#include "model/inference_rows.hpp"
#include "run_stream.hpp"
#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kNumberedVectors = 20;  // of one byte, which is their number

// Byte i of the output of vector v by model m is v + 100 m + i.
class LargeOutputTest : public ::testing::Test {
 protected:
  void prepare(std::uint32_t size, std::size_t models = 1) {
    size_ = size;
    if (models == 1) line.port.memory.arena_size *= FakePort::kModelSlots;  // one may use all of them
    for (std::uint16_t v = 0; v < kNumberedVectors; ++v) content_.push_back(static_cast<std::uint8_t>(v));
    EXPECT_TRUE(line.hello());
    std::vector<PushBlock> blocks{{SlotKind::vectors, 0, content_, sha256(content_), 0}};
    for (std::uint16_t slot = 0; slot < models; ++slot) {
      const auto bias = static_cast<std::uint8_t>(100 * slot);
      models_.push_back(
          {'F', 0, 1, 0, static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8), bias});
    }
    for (std::uint16_t slot = 0; slot < models; ++slot)
      blocks.push_back({SlotKind::model, slot, models_[slot], sha256(models_[slot]), 0});
    PushStream push(std::move(blocks), milliseconds(5'000));
    EXPECT_TRUE(line.drive({&push}));
    for (std::uint16_t slot = 0; slot < models; ++slot) {
      thil_load load{};
      load.slot = slot;
      Exchange exchange(THIL_ID_load, pack(load), Patience{milliseconds(5'000), true});
      EXPECT_TRUE(line.drive({&exchange}));
    }
  }
  RunRequest request() const {
    RunRequest request;
    for (std::uint8_t slot = 0; slot < models_.size(); ++slot) {
      Tensor output;
      output.rank = 1;
      output.dims = {size_, 1, 1, 1};
      request.models.push_back({slot, output, {}, {}});
    }
    request.count = kNumberedVectors;
    request.tag = 9;
    return request;
  }
  Bytes output_of(std::uint32_t vector, std::size_t model) const {
    Bytes output(size_);
    for (std::size_t i = 0; i < size_; ++i) output[i] = static_cast<std::uint8_t>(vector + 100 * model + i);
    return output;
  }
  Result<void> run(RunRequest request) {
    std::vector<RunRequest> requests{std::move(request)};
    stream.emplace(
        std::move(requests), [] { return std::size_t{1}; },
        [this](std::size_t, std::size_t model, const InferenceRows& rows) { take(model, rows); });
    return line.drive({&*stream});
  }
  void expect_all() {
    for (std::size_t model = 0; model < models_.size(); ++model)
      EXPECT_EQ(stored[model], std::vector<int>(kNumberedVectors, 1)) << "model " << model;
  }

  test::VirtualLine line;
  std::optional<RunStream> stream;
  std::array<std::vector<int>, 2> stored{std::vector<int>(kNumberedVectors),
                                         std::vector<int>(kNumberedVectors)};

 private:
  void take(std::size_t model, const InferenceRows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      ++stored[model].at(rows.vector[row]);
      const auto begin = rows.outputs.begin() + static_cast<std::ptrdiff_t>(row * rows.output_size);
      EXPECT_EQ(Bytes(begin, begin + static_cast<std::ptrdiff_t>(rows.output_size)),
                output_of(rows.vector[row], model))
          << "vector " << rows.vector[row] << ", model " << model;
      EXPECT_EQ(rows.status[row], 0);
    }
  }

  std::uint32_t size_ = 0;
  Bytes content_;
  std::vector<Bytes> models_;
};

TEST_F(LargeOutputTest, ComesInPartsAndIsStoredWhole) {
  prepare(5000);
  ASSERT_TRUE(run(request()));
  expect_all();
  EXPECT_EQ(line.answers[THIL_ID_part], 5 * kNumberedVectors);
  EXPECT_EQ(line.requests[THIL_ID_run], 1);
  EXPECT_EQ(line.requests[THIL_ID_check], 0);
}

TEST_F(LargeOutputTest, OfSeveralModelsByTurnsIsStoredOnceForEach) {
  prepare(1900, 2);
  ASSERT_TRUE(run(request()));
  expect_all();
  EXPECT_EQ(line.requests[THIL_ID_run], 1);
}

TEST_F(LargeOutputTest, OfThroughputModeToo) {
  prepare(5000);
  RunRequest fast = request();
  fast.mode = RunMode::throughput;
  ASSERT_TRUE(run(fast));
  expect_all();
}

TEST_F(LargeOutputTest, ALostPartAsksForItsVectorAgainAndNothingElse) {
  prepare(5000);
  line.loses_answer = [n = 0](const FrameView& frame) mutable {
    return frame.header.type == THIL_ID_part && n++ == 32;
  };
  ASSERT_TRUE(run(request()));
  expect_all();
  EXPECT_EQ(line.requests[THIL_ID_run], 2);
  EXPECT_EQ(line.answers[THIL_ID_part], 5 * kNumberedVectors + 5);
}

TEST_F(LargeOutputTest, ALostRowOrEndCostsAQuestion) {
  prepare(5000);
  line.loses_answer = [rows = 0, ends = 0](const FrameView& frame) mutable {
    return (frame.header.type == THIL_ID_results && rows++ == kNumberedVectors - 1) ||
           (frame.header.type == THIL_ID_run_ended && ends++ == 0);
  };
  ASSERT_TRUE(run(request()));
  expect_all();
  EXPECT_EQ(line.requests[THIL_ID_run], 2);
}

TEST_F(LargeOutputTest, OneThatKeepsLosingPartsIsPutTogetherFromSeveralTimes) {
  prepare(5000);
  line.loses_answer = [n = 0](const FrameView& frame) mutable {  // never all five of one inference
    return frame.header.type == THIL_ID_part && n++ % 3 == 0;
  };
  const auto done = run(request());
  ASSERT_TRUE(done) << describe(done.error());
  expect_all();
  EXPECT_LE(line.requests[THIL_ID_run], 12);
}

TEST_F(LargeOutputTest, AnyLineBringsEveryOutputOnceAndRight) {
  prepare(5000);
  line.disturbance = {1e-5, 0.02, 0.02, 0.01};
  ASSERT_TRUE(run(request()));
  expect_all();
}

TEST_F(LargeOutputTest, IsFetchedOnlyWhereItsDigestIsNotTheGoldenOne) {
  prepare(5000);
  Bytes golden;
  for (std::uint32_t v = 0; v < kNumberedVectors; ++v) {
    const Bytes output = output_of(v == 7 ? 8 : v, 0);
    golden.insert(golden.end(), output.begin(), output.end());
  }
  RunRequest compared = request();
  compared.form = ResultForm::digest;
  compared.models[0].golden = golden;
  ASSERT_TRUE(run(compared));
  expect_all();
  EXPECT_EQ(line.answers[THIL_ID_part], 5);
  EXPECT_TRUE(stream->unsteady().empty());
}

TEST_F(LargeOutputTest, ADeviceThatSendsPartsForEverIsCutOff) {
  prepare(5000);
  line.loses_answer = [](const FrameView& frame) {
    return frame.header.type == THIL_ID_results || frame.header.type == THIL_ID_run_ended ||
           frame.header.type == THIL_ID_health;
  };
  RunRequest one = request();
  one.inference_timeout = milliseconds(200);
  EXPECT_FALSE(run(one));
}

}  // namespace
}  // namespace tinyhil::device
