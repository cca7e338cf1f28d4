// SPDX-License-Identifier: Apache-2.0
// A damaged model is refused or runs; it never crashes. Worth most in the asan preset.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "fixture.hpp"

namespace tinyhil {
namespace {

using fixture::Bytes;
using fixture::Loaded;

constexpr size_t kArena = 1 << 14;
constexpr int kRounds = 1500;

// Loads, and runs what loads; returns the status so that a test can count.
thil_engine_status survive(const Bytes& image) {
  Loaded loaded(image, kArena);
  EXPECT_LE(loaded.status, THIL_ENGINE_ARENA_TOO_SMALL);
  EXPECT_EQ(loaded.model != nullptr, loaded.status == THIL_ENGINE_OK);
  EXPECT_NE(std::memchr(loaded.report.detail, 0, sizeof loaded.report.detail), nullptr);
  if (loaded.status == THIL_ENGINE_MALFORMED || loaded.status == THIL_ENGINE_UNSUPPORTED) {
    EXPECT_STRNE(loaded.report.detail, "");
  }
  if (loaded.status == THIL_ENGINE_OK) {
    EXPECT_EQ(thil_engine_invoke(loaded.model), THIL_ENGINE_OK);
  }
  return loaded.status;
}

class Damaged : public testing::TestWithParam<std::string> {
 protected:
  Bytes image = fixture::read(GetParam() + ".tflite");
  std::mt19937 random{std::hash<std::string>{}(GetParam()) & 0xffff};

  size_t below(size_t limit) { return random() % limit; }
};

TEST_P(Damaged, SurvivesEveryTruncation) {
  for (size_t size = 0; size < image.size(); size++) {
    survive(Bytes(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST_P(Damaged, SurvivesChangedBytes) {
  int refused = 0;
  for (int round = 0; round < kRounds; round++) {
    Bytes changed = image;
    for (size_t i = 0; i <= below(4); i++) {
      changed[below(changed.size())] = static_cast<uint8_t>(random());
    }
    refused += survive(changed) != THIL_ENGINE_OK;
  }
  EXPECT_GT(refused, kRounds / 20);
}

TEST_P(Damaged, SurvivesChangedWords) {
  static constexpr uint32_t kWords[] = {0,          1,          0x7fffffff, 0x80000000,
                                        0xffffffff, 0xfffffffc, 0x00100000, 0x00010000,
                                        0x7fc00000, 0x00000400, 0x20000000, 0x0000ffff};
  for (size_t at = 0; at + 4 <= image.size(); at += 4) {
    Bytes changed = image;
    const uint32_t word = kWords[below(std::size(kWords))];
    std::memcpy(changed.data() + at, &word, sizeof word);
    survive(changed);
  }
}

TEST_P(Damaged, SurvivesMovedBlocks) {
  for (int round = 0; round < kRounds / 4; round++) {
    Bytes changed = image;
    const size_t length = 1 + below(64);
    const size_t from = below(changed.size() - length);
    const size_t to = below(changed.size() - length);
    std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(from), length,
                changed.begin() + static_cast<std::ptrdiff_t>(to));
    survive(changed);
  }
}

INSTANTIATE_TEST_SUITE_P(ReferenceEngine, Damaged, testing::ValuesIn(fixture::runnable_models()),
                         [](const auto& fixture) { return fixture.param; });

}  // namespace
}  // namespace tinyhil
