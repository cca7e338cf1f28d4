// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "testing/evidence.hpp"

namespace tinyhil::gate {
namespace {

using testing::HasSubstr;

test::TestCase with_arenas(std::uint32_t candidate, std::uint32_t baseline) {
  test::TestCase made = test::comparable_case();
  made.candidate.info.arena_used = candidate;
  made.baseline.info.arena_used = baseline;
  return made;
}

Finding judged_memory(const test::TestCase& made, const char* yaml) {
  return test::rule_of("memory", yaml)->judge(made.evidence());
}

TEST(Memory, ComparesBytesExactly) {
  const char* yaml = "{metric: arena_used, limit: 32 KiB}";
  EXPECT_EQ(judged_memory(with_arenas(32'768, 0), yaml).outcome, Outcome::pass);
  EXPECT_EQ(judged_memory(with_arenas(32'769, 0), yaml).outcome, Outcome::fail);
  EXPECT_EQ(judged_memory(with_arenas(32'769, 0), yaml).reason,
            "arena_used is 32769 B; at most 32768 B allowed");
}

TEST(Memory, LimitsGrowthOverTheBaseline) {
  const char* yaml = "{metric: arena_used, growth: 1 KiB}";
  EXPECT_EQ(judged_memory(with_arenas(11'024, 10'000), yaml).outcome, Outcome::pass);
  EXPECT_EQ(judged_memory(with_arenas(11'025, 10'000), yaml).outcome, Outcome::fail);
  EXPECT_EQ(judged_memory(with_arenas(9'000, 10'000), yaml).outcome, Outcome::pass);
  EXPECT_THAT(judged_memory(with_arenas(11'025, 10'000), yaml).reason,
              HasSubstr("grew by 1025 B, from 10000 to 11025"));
}

TEST(Memory, IsAnErrorWhenItWasNotMeasured) {
  EXPECT_EQ(judged_memory(with_arenas(0, 10'000), "{metric: arena_used, limit: 32 KiB}").outcome,
            Outcome::error);
  EXPECT_EQ(judged_memory(with_arenas(10'000, 0), "{metric: arena_used, growth: 1 KiB}").outcome,
            Outcome::error);
  EXPECT_EQ(judged_memory(with_arenas(1, 1), "{metric: flash_size, limit: 1 MiB}").outcome, Outcome::error);
}

TEST(Memory, SaysWhatWouldMeasureIt) {
  EXPECT_EQ(judged_memory(with_arenas(0, 1), "{metric: arena_used, limit: 32 KiB}").checks.at(0).would_change,
            "an agent that reports arena_used");
  EXPECT_EQ(judged_memory(with_arenas(1, 1), "{metric: flash_size, limit: 1 MiB}").checks.at(0).would_change,
            "a bench that names the board's `image`, an ELF file, which has its sizes");
  EXPECT_EQ(judged_memory(with_arenas(1, 1), "{metric: model_size, limit: 1 MiB}").checks.at(0).would_change,
            "a model that the device loads, as a file of its own");
}

TEST(Memory, ReadsTheMetricThatThePolicyNames) {
  test::TestCase made = with_arenas(1, 1);
  made.candidate.info.model_size = 2;
  made.candidate.info.board.flash_size = 3;
  made.candidate.info.board.ram_size = 4;
  EXPECT_EQ(*judged_memory(made, "{metric: arena_used, limit: 9 B}").checks.at(0).estimate, 1);
  EXPECT_EQ(*judged_memory(made, "{metric: model_size, limit: 9 B}").checks.at(0).estimate, 2);
  EXPECT_EQ(*judged_memory(made, "{metric: flash_size, limit: 9 B}").checks.at(0).estimate, 3);
  EXPECT_EQ(*judged_memory(made, "{metric: ram_size, limit: 9 B}").checks.at(0).estimate, 4);
}

TEST(Memory, RefusesAnUnknownMetricAndAMissingLimit) {
  EXPECT_THROW(test::rule_of("memory", "{metric: arena, limit: 9 B}"), Error);
  EXPECT_THROW(test::rule_of("memory", "metric: arena_used"), Error);
}

}  // namespace
}  // namespace tinyhil::gate
