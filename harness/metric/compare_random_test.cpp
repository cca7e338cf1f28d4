// SPDX-License-Identifier: Apache-2.0
// The fast comparison beside the slow one, in every field, over seeded random trials: every type of output,
// lost rows, repeats, rows of every status, NaN, top-k, wide and narrow ticks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "compare.hpp"
#include "model/inference_rows.hpp"
#include "testing/compare_reference.hpp"
#include "testing/comparison.hpp"

namespace tinyhil::metric {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::uint32_t bound) { return engine_() % bound; }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  std::uint32_t bits() { return engine_(); }
  template <class T>
  T pick(std::initializer_list<T> from) {
    return *(from.begin() + below(static_cast<std::uint32_t>(from.size())));
  }

 private:
  std::mt19937 engine_;
};

VectorSet random_vectors(Dice& dice) {
  VectorSet vectors;
  vectors.file = "random.npz";
  vectors.digest = sha256("random");
  vectors.count = dice.pick({1u, 7u, 1023u, 1024u, 1025u, 2500u, 4096u});
  vectors.classes.resize(dice.pick({1u, 2u, 3u, 10u, 16u, 17u, 64u, 65u, 130u}));
  const auto classes = static_cast<std::uint32_t>(vectors.classes.size());
  for (std::size_t i = 0; i < vectors.count; ++i) {
    vectors.labels.push_back(static_cast<std::uint16_t>(dice.below(classes)));
  }
  vectors.slices.resize(dice.below(4));
  for (Slice& slice : vectors.slices) {
    const std::uint32_t values = 1 + dice.below(20);
    slice.values.resize(values);
    for (std::size_t i = 0; i < vectors.count; ++i) {
      slice.code.push_back(static_cast<std::uint16_t>(dice.below(values)));
    }
  }
  return vectors;
}

// How one trial came out.
struct Nature {
  DType dtype;
  std::uint16_t top_k;
  int repeats;
  std::uint32_t lost_percent, odd_percent;  // rows that are missing, rows that are not simply ok
  std::uint32_t tick_range;
  std::uint32_t levels;  // few of them make ties
};

Nature random_nature(Dice& dice, std::uint32_t classes) {
  Nature nature{};
  nature.dtype = dice.pick(
      {DType::int8, DType::int8, DType::int8, DType::uint8, DType::int16, DType::int32, DType::float32});
  nature.top_k = static_cast<std::uint16_t>(dice.chance(15) ? 1 + dice.below(classes) : 0);
  nature.repeats = dice.pick({1, 1, 1, 3});
  nature.lost_percent = dice.pick({0u, 0u, 1u, 50u});
  nature.odd_percent = dice.pick({0u, 0u, 1u, 30u});
  nature.tick_range = dice.pick({1u, 50u, 100'000u, 0xFFFF'FFFFu});
  nature.levels = dice.pick({2u, 200u, 0xFFFF'FFFFu});
  return nature;
}

void append_element(Dice& dice, const Nature& nature, std::vector<std::uint8_t>& bytes) {
  const std::uint32_t level = dice.below(nature.levels);
  std::uint8_t raw[4];
  if (nature.dtype == DType::float32) {
    const float value = nature.odd_percent > 0 && dice.chance(1) ? std::numeric_limits<float>::quiet_NaN()
                                                                 : static_cast<float>(level) - 1.0f;
    std::memcpy(raw, &value, sizeof raw);
  } else {
    std::memcpy(raw, &level, sizeof raw);
  }
  bytes.insert(bytes.end(), raw, raw + size_of(nature.dtype));
}

// Mostly sound: classes descend with their entry and values do not rise.
void append_top(const Nature& nature, Dice& dice, std::vector<std::uint8_t>& bytes, std::uint32_t classes) {
  const std::uint32_t first = dice.below(classes - nature.top_k + 1);
  for (std::uint32_t entry = 0; entry < nature.top_k; ++entry) {
    const std::uint32_t element = first + entry + (dice.chance(1) ? 1000 : 0);
    bytes.push_back(static_cast<std::uint8_t>(element));
    bytes.push_back(static_cast<std::uint8_t>(element >> 8));
    bytes.insert(bytes.end(), size_of(nature.dtype), 1);
  }
}

Trial random_trial(Dice& dice, const Nature& nature, const VectorSet& vectors) {
  const auto classes = static_cast<std::uint32_t>(vectors.classes.size());
  Trial trial;
  trial.info.vectors_digest = vectors.digest;
  trial.info.vector_count = vectors.count;
  trial.info.repeats = nature.repeats;
  trial.info.top_k = nature.top_k;
  trial.info.board.clock_hz = 1'000'000;
  trial.info.output = Tensor{nature.dtype, 2, {1, classes, 1, 1}, 0.5f, 3};
  InferenceRows& rows = trial.rows;
  rows.output_size =
      nature.top_k > 0 ? nature.top_k * (2 + size_of(nature.dtype)) : classes * size_of(nature.dtype);
  for (std::uint32_t vector = 0; vector < vectors.count; ++vector) {
    for (int repeat = 0; repeat < nature.repeats; ++repeat) {
      if (dice.chance(nature.lost_percent)) continue;
      rows.vector.push_back(vector);
      rows.repeat.push_back(static_cast<std::uint16_t>(repeat));
      rows.status.push_back(static_cast<std::uint8_t>(dice.chance(nature.odd_percent) ? dice.below(5) : 0));
      rows.clock.push_back(dice.below(nature.tick_range));
      rows.timer.push_back(0);
      if (nature.top_k > 0) {
        append_top(nature, dice, rows.outputs, classes);
      } else {
        for (std::uint32_t i = 0; i < classes; ++i) append_element(dice, nature, rows.outputs);
      }
    }
  }
  return trial;
}

// Drifts as another build of the same model does: a step here and there.
void nudge(Dice& dice, Trial& trial) {
  for (std::uint8_t& byte : trial.rows.outputs) {
    if (dice.chance(10)) byte = static_cast<std::uint8_t>(byte + dice.below(3) - 1);
  }
}

class RandomTrials : public testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomTrials, CompareAsTheReferenceDoes) {
  Dice dice(GetParam());
  for (int round = 0; round < 15; ++round) {
    SCOPED_TRACE(round);
    const VectorSet vectors = random_vectors(dice);
    const auto classes = static_cast<std::uint32_t>(vectors.classes.size());
    const Nature nature = random_nature(dice, classes);
    const Nature other = dice.chance(70) ? nature : random_nature(dice, classes);
    const Trial baseline = random_trial(dice, nature, vectors);
    Trial candidate = dice.chance(50) ? baseline : random_trial(dice, other, vectors);
    if (nature.dtype != DType::float32 && nature.top_k == 0) nudge(dice, candidate);
    if (dice.chance(10)) candidate.info.output.only().scale = 0.25f;
    if (dice.chance(10)) candidate.info.mode = RunMode::throughput;
    test::expect_equal(compare(candidate, baseline, vectors),
                       test::compare_reference(candidate, baseline, vectors), classes);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTrials, testing::Range(1u, 21u));

}  // namespace
}  // namespace tinyhil::metric
