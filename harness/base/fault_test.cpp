// SPDX-License-Identifier: Apache-2.0
#include "fault.hpp"

#include <gtest/gtest.h>

#include "error.hpp"

namespace tinyhil {
namespace {

TEST(Error, KeepsWhatWhereAndRemedyApart) {
  const Error error(ErrorKind::bench_fault, "the port is busy", "/dev/ttyACM0", "close the other program");
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_STREQ(error.what(), "the port is busy");
  EXPECT_EQ(error.where(), "/dev/ttyACM0");
  EXPECT_EQ(error.remedy(), "close the other program");
}

TEST(Fault, TravelsAsAValue) {
  const Result<int> result = Fault{FaultKind::timeout, "no answer within 2 s", "last frame: health"};
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().kind, FaultKind::timeout);
  EXPECT_EQ(result.error().evidence, "last frame: health");
}

TEST(Fault, IsNamedAsInReports) {
  EXPECT_STREQ(to_string(FaultKind::timeout), "timeout");
  EXPECT_STREQ(to_string(FaultKind::wrong_image), "wrong_image");
  EXPECT_STREQ(to_string(FaultKind::gone), "gone");
}

TEST(FaultDeathTest, TakingTheValueOfAFaultEndsTheProgramAndSaysWhich) {
  const Result<int> result = Fault{FaultKind::gone, "the process exited", "status 1"};
  EXPECT_DEATH(static_cast<void>(result.value()), "holds a fault: gone: the process exited");
}

}  // namespace
}  // namespace tinyhil
