// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

// A rule about what no agent measures yet: its keys are checked, and it never passes.
Finding judged_unmeasured(const char* test, const char* yaml) {
  test::TestCase made = test::comparable_case();
  made.add_pairs(0, 0, 400);
  return test::rule_of(test, yaml)->judge(made.evidence());
}

TEST(Memory, IsAnErrorAboutStackThatNobodyMeasured) {
  const Finding finding = judged_unmeasured("memory", "{metric: stack_free, at_least: 256 B}");
  EXPECT_EQ(finding.outcome, Outcome::error);
  EXPECT_EQ(finding.reason, "stack_free of the candidate was not measured");
  EXPECT_THROW(test::rule_of("memory", "{metric: stack_free, limit: 256 B}"), Error);
  EXPECT_THROW(test::rule_of("memory", "{metric: arena_used, at_least: 256 B}"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
