// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include <gtest/gtest.h>

#include "model/inference_rows.hpp"

namespace tinyhil::campaign {
namespace {

InferenceRows rows(std::vector<std::uint32_t> vectors, std::vector<std::uint16_t> repeats) {
  InferenceRows made;
  made.vector = std::move(vectors);
  made.repeat = std::move(repeats);
  made.status.resize(made.size());
  return made;
}

TEST(Ledger, KnowsWhatIsStored) {
  Ledger ledger(3, 2);
  EXPECT_FALSE(ledger.complete());
  ledger.mark(rows({0, 0, 2}, {0, 1, 1}));
  EXPECT_EQ(ledger.vectors_done(), 1U);
  EXPECT_EQ(ledger.done(0, 3), (std::vector<bool>{true, true, false, false, false, true}));
  EXPECT_EQ(ledger.done(2, 1), (std::vector<bool>{false, true}));
  ledger.mark(rows({1, 1, 2}, {0, 1, 0}));
  EXPECT_TRUE(ledger.complete());
  EXPECT_EQ(ledger.vectors_done(), 3U);
}

TEST(Ledger, CountsARowOnceAndNoneBeyondTheSet) {
  Ledger ledger(2, 1);
  ledger.mark(rows({0, 0, 7}, {0, 0, 0}));
  EXPECT_FALSE(ledger.complete());
  EXPECT_EQ(ledger.vectors_done(), 1U);
}

// Whoever goes through the vectors to count them does not come to an end within the test's limit.
TEST(Ledger, KnowsOfAMillionVectorsAfterEachHowManyAreDone) {
  constexpr std::uint32_t kVectors = 1'000'000;
  Ledger ledger(kVectors, 1);
  InferenceRows row = rows({0}, {0});
  std::uint64_t told = 0;
  for (std::uint32_t vector = 0; vector < kVectors; ++vector) {
    row.vector[0] = vector;
    ledger.mark(row);
    told += ledger.vectors_done();
  }
  EXPECT_EQ(told, std::uint64_t{kVectors} * (kVectors + 1) / 2);
}

TEST(Ledger, CountsFaultsByVector) {
  Ledger ledger(3, 1);
  EXPECT_EQ(ledger.blame(OrderPosition{1}), 1);
  EXPECT_EQ(ledger.blame(OrderPosition{2}), 1);
  EXPECT_EQ(ledger.blame(OrderPosition{1}), 2);
}

TEST(Ledger, AQuarantinedVectorGetsRowsForWhatIsMissing) {
  Ledger ledger(3, 3);
  ledger.mark(rows({1}, {1}));
  const InferenceRows made = ledger.quarantine(OrderPosition{1}, 4);
  EXPECT_EQ(made.vector, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(made.repeat, (std::vector<std::uint16_t>{0, 2}));
  EXPECT_EQ(made.status, (std::vector<std::uint8_t>{4, 4}));
  EXPECT_EQ(made.outputs, std::vector<std::uint8_t>(8, 0));
  EXPECT_EQ(ledger.quarantined(), 0U) << "not stored yet";
  ledger.mark(made);
  EXPECT_EQ(ledger.vectors_done(), 1U);
  EXPECT_TRUE(ledger.is_quarantined(OrderPosition{1}));
  EXPECT_FALSE(ledger.is_quarantined(OrderPosition{0}));
  EXPECT_EQ(ledger.quarantined(), 1U) << "also when it comes from an earlier run";
}

}  // namespace
}  // namespace tinyhil::campaign
