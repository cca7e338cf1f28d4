// SPDX-License-Identifier: Apache-2.0
#include "counting.hpp"

#include <gmock/gmock.h>

#include "testing/comparison.hpp"

namespace tinyhil::metric {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Column = std::vector<std::uint32_t>;

constexpr std::uint32_t kMost = 0xFFFF'FFFF;

TEST(CountingHistogram, CountsValuesInAscendingOrder) {
  CountingHistogram counts(10);
  counts.add(Values(Column{7, 5, 7, 7}));
  counts.add(Values(Column{}));
  counts.add(Values(Column{9, 1, 7}));
  EXPECT_THAT(counts.histogram(),
              ElementsAre(ValueCount{1, 1}, ValueCount{5, 1}, ValueCount{7, 4}, ValueCount{9, 1}));
}

TEST(CountingHistogram, HasNothingOfNothing) { EXPECT_THAT(CountingHistogram(0).histogram(), IsEmpty()); }

TEST(CountingHistogram, GrowsBothWays) {
  CountingHistogram counts(10);
  for (const std::uint32_t value : {30'000u, 40'000u, 10u, 60'000u, 30'000u}) {
    counts.add(Values(Column{value}));
  }
  EXPECT_THAT(counts.histogram(), ElementsAre(ValueCount{10, 1}, ValueCount{30'000, 2}, ValueCount{40'000, 1},
                                              ValueCount{60'000, 1}));
}

TEST(CountingHistogram, KeepsValuesThatAreTooFarApartForATable) {
  CountingHistogram counts(4);
  counts.add(Values(Column{100, 101}));
  counts.add(Values(Column{kMost, 100, 0}));
  counts.add(Values(Column{99}));
  EXPECT_THAT(counts.histogram(), ElementsAre(ValueCount{0, 1}, ValueCount{99, 1}, ValueCount{100, 2},
                                              ValueCount{101, 1}, ValueCount{kMost, 1}));
}

TEST(CountingHistogram, CountsDifferencesOfBothSigns) {
  CountingHistogram counts(4);
  counts.add_differences(Values(Column{5, 9, 4}), Values(Column{7, 7, 6}));
  EXPECT_THAT(counts.histogram(), ElementsAre(ValueCount{-2, 2}, ValueCount{2, 1}));
  counts.add_differences(Values(Column{0, kMost}), Values(Column{kMost, 0}));
  EXPECT_THAT(counts.histogram(), ElementsAre(ValueCount{-std::int64_t{kMost}, 1}, ValueCount{-2, 2},
                                              ValueCount{2, 1}, ValueCount{kMost, 1}));
}

}  // namespace
}  // namespace tinyhil::metric
