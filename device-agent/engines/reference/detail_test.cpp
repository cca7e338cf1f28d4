// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "detail.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string builtin(uint32_t code) {
  thil_engine_report report{};
  thil_detail_builtin(&report, code);
  return report.detail;
}

TEST(Detail, KnowsEveryBuiltinOperatorOfTheSchema) {
  EXPECT_EQ(builtin(0), "ADD");
  EXPECT_EQ(builtin(3), "CONV_2D");
  EXPECT_EQ(builtin(67), "TRANSPOSE_CONV");
  EXPECT_EQ(builtin(209), "STABLEHLO_CASE");
  EXPECT_EQ(builtin(210), "code 210");
  EXPECT_EQ(builtin(4294967295), "code 4294967295");
}

TEST(Detail, CutsTextAtItsEnd) {
  thil_engine_report report{};
  thil_detail_text(&report, std::string(60, 'a').c_str());
  thil_detail_number(&report, 12345);
  EXPECT_EQ(std::string(report.detail), std::string(60, 'a') + "123");
}

TEST(Detail, ShowsUntrustedBytesAsText) {
  thil_engine_report report{};
  const uint8_t name[] = {'a', '\n', 0, 0xff, 'b'};
  thil_detail_untrusted(&report, name, sizeof name);
  EXPECT_STREQ(report.detail, "a???b");
}

}  // namespace
