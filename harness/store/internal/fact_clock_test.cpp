// SPDX-License-Identifier: Apache-2.0
#include "fact_clock.hpp"

#include <gtest/gtest.h>

namespace tinyhil::store {
namespace {

TEST(FactTime, IsTextWithThreeDigitsOfASecond) {
  using std::chrono::milliseconds;
  EXPECT_EQ(to_text(FactTime(milliseconds(1'764'000'000'042))), "2025-11-24T16:00:00.042Z");
  EXPECT_EQ(to_text(FactTime(milliseconds(0))), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_text(FactTime(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace tinyhil::store
