// SPDX-License-Identifier: Apache-2.0
// Whole campaigns over lines that flip, lose, double and delay, with a device that resets itself at any time:
// what is stored in the end is what a clean line brings, each row once.
#include <gtest/gtest.h>

#include <array>

#include "device/agent/internal/exchange.hpp"
#include "device/agent/internal/push_stream.hpp"
#include "model/inference_rows.hpp"
#include "run_stream.hpp"
#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kSoakBlocks = 3;
constexpr std::size_t kSoakVectors = 120;  // of a block
constexpr std::size_t kSoakInput = 20;
constexpr std::size_t kSoakOutput = 3;
constexpr std::array<std::uint8_t, 2> kBias{0, 90};

Tensor output_tensor() {
  Tensor output;
  output.rank = 1;
  output.dims = {kSoakOutput, 1, 1, 1};
  return output;
}

Bytes output_of(std::span<const std::uint8_t> input, std::uint8_t bias) {
  Bytes output(kSoakOutput, bias);
  for (std::size_t i = 0; i < kSoakOutput; ++i) {
    for (const std::uint8_t byte : input) output[i] = static_cast<std::uint8_t>(output[i] + byte);
    output[i] = static_cast<std::uint8_t>(output[i] + i);
  }
  return output;
}

class SoakCampaign {
 public:
  explicit SoakCampaign(unsigned seed) : random_(seed), line_(seed) {
    const double scale = static_cast<double>(1 + seed % 10) / 10;
    line_.disturbance = {1e-3 * scale * scale, 0.02 * scale, 0.02 * scale, 0.01 * scale};
    line_.resets = seed % 3 == 0 ? 7e-4 : 0;
    stride_ = static_cast<std::uint8_t>(seed % 2 * kSoakInput);
    repeats_ = static_cast<std::uint16_t>(1 + seed % 3);
    mode_ = seed % 4 < 2 ? RunMode::measure : RunMode::throughput;
    form_ = seed % 5 < 2 ? ResultForm::digest : ResultForm::full;
    make_content();
  }

  // How many times it was begun again; nothing when it never came to its end.
  std::optional<int> run() {
    for (int begun = 0; begun < 100; ++begun) {
      if (line_.hello() && prepare() && infer()) return begun;
    }
    return std::nullopt;
  }

  void check() const {
    for (std::size_t block = 0; block < kSoakBlocks; ++block) {
      for (std::size_t model = 0; model < kBias.size(); ++model) {
        for (std::size_t cell = 0; cell < kSoakVectors * repeats_; ++cell) {
          const auto& stored = stored_[block][model][cell];
          ASSERT_EQ(stored.size(), 1U) << "copies of cell " << cell << ", model " << model;
          ASSERT_EQ(stored[0], output_of(input(block, cell / repeats_), kBias[model]));
        }
      }
    }
  }

 private:
  // Steady from frame to frame, as features are; none of the bytes that make the fake engine fail.
  void make_content() {
    for (Bytes& content : contents_) {
      for (std::size_t i = 0; i < kSoakVectors * kSoakInput; ++i) {
        content.push_back(static_cast<std::uint8_t>(i % kSoakInput * 9 + random_() % 8));
      }
    }
    for (std::size_t block = 0; block < kSoakBlocks; ++block) {
      stored_[block].fill(std::vector<std::vector<Bytes>>(kSoakVectors * repeats_));
      for (std::size_t model = 0; model < kBias.size(); ++model) {
        for (std::size_t vector = 0; vector < kSoakVectors; ++vector) {
          Bytes golden = output_of(input(block, vector), kBias[model]);
          if (random_() % 4 == 0) golden[1] ^= 1;  // the reference's opinion; the device's counts
          goldens_[block][model].insert(goldens_[block][model].end(), golden.begin(), golden.end());
        }
      }
    }
  }

  std::span<const std::uint8_t> input(std::size_t block, std::size_t vector) const {
    return std::span(contents_[block]).subspan(vector * kSoakInput, kSoakInput);
  }

  bool prepare() {
    std::vector<PushBlock> blocks;
    for (std::uint8_t slot = 0; slot < 2; ++slot) {
      images_[slot] = {'F', 0, kSoakInput, 0, kSoakOutput, 0, kBias[slot]};
      blocks.push_back({SlotKind::model, slot, images_[slot], sha256(images_[slot]), 0});
    }
    PushStream push(std::move(blocks), milliseconds(20'000));
    if (!line_.drive({&push})) return false;
    for (std::uint8_t slot = 0; slot < 2; ++slot) {
      thil_load load{};
      load.slot = slot;
      Exchange exchange(THIL_ID_load, pack(load), Patience{milliseconds(20'000), true});
      if (!line_.drive({&exchange})) return false;
    }
    return true;
  }

  bool infer() {
    std::vector<PushBlock> blocks;
    std::vector<RunRequest> requests;
    for (std::uint16_t slot = 0; slot < kSoakBlocks; ++slot) {
      blocks.push_back({SlotKind::vectors, slot, contents_[slot], sha256(contents_[slot]), stride_});
      requests.push_back(request(slot));
    }
    PushStream push(std::move(blocks), milliseconds(20'000));
    const auto sink = [this](std::size_t block, std::size_t model, const InferenceRows& rows) {
      store(block, model, rows);
    };
    if (mode_ == RunMode::throughput) {
      RunStream run(
          std::move(requests), [&push] { return push.completed(); }, sink);
      const Result<void> done = line_.drive({&push, &run});
      run.hand_over_rest();
      return done.has_value();
    }
    if (!line_.drive({&push})) return false;
    RunStream run(
        std::move(requests), [] { return kSoakBlocks; }, sink);
    const Result<void> done = line_.drive({&run});
    run.hand_over_rest();
    return done.has_value();
  }

  RunRequest request(std::uint16_t slot) const {
    RunRequest request;
    for (std::uint8_t model = 0; model < kBias.size(); ++model) {
      RunModel wanted{model, output_tensor(), goldens_[slot][model], {}};
      for (const auto& copies : stored_[slot][model]) wanted.done.push_back(!copies.empty());
      request.models.push_back(std::move(wanted));
    }
    request.vector_slot = slot;
    request.count = kSoakVectors;
    request.repeats = repeats_;
    request.position = OrderPosition{1000U * slot};
    request.tag = 5;
    request.mode = mode_;
    request.form = form_;
    request.inference_timeout = milliseconds(5'000);
    return request;
  }

  void store(std::size_t block, std::size_t model, const InferenceRows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::size_t cell = (rows.vector[row] - 1000 * block) * repeats_ + rows.repeat[row];
      const auto begin = rows.outputs.begin() + static_cast<std::ptrdiff_t>(row * kSoakOutput);
      stored_.at(block).at(model).at(cell).emplace_back(begin, begin + kSoakOutput);
    }
  }

  std::mt19937 random_;
  test::VirtualLine line_;
  std::uint8_t stride_ = 0;
  std::uint16_t repeats_ = 1;
  RunMode mode_ = RunMode::measure;
  ResultForm form_ = ResultForm::full;
  std::array<Bytes, 2> images_;
  std::array<Bytes, kSoakBlocks> contents_;
  std::array<std::array<Bytes, 2>, kSoakBlocks> goldens_;
  std::array<std::array<std::vector<std::vector<Bytes>>, 2>, kSoakBlocks>
      stored_;  // [block][model][cell][copy]
};

TEST(LinkSoak, EveryRowIsStoredOnceAndRightOverAnyLine) {
  int begun_again = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SoakCampaign campaign(seed);
    const std::optional<int> again = campaign.run();
    ASSERT_TRUE(again);
    campaign.check();
    if (HasFatalFailure()) return;
    begun_again += *again;
  }
  EXPECT_GT(begun_again, 20) << "the device did reset itself";
}

}  // namespace
}  // namespace tinyhil::device
