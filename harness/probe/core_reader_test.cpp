// SPDX-License-Identifier: Apache-2.0
#include "core_reader.hpp"

#include <gtest/gtest.h>

namespace tinyhil::probe {
namespace {

constexpr std::array<std::uint32_t, 8> kStacked = {1, 2, 3, 4, 12, 0x137, 0x11A, 0x01000000};

std::array<std::uint32_t, 17> in_handler(std::uint32_t exc_return) {
  std::array<std::uint32_t, 17> registers{};
  registers[4] = 44;
  registers[CoreDump::kSp] = 0x20001000;
  registers[CoreDump::kLr] = exc_return;
  registers[CoreDump::kPc] = 0x300;
  registers[CoreDump::kStatus] = 0x01000003;
  return registers;
}

TEST(BeforeException, HasTheRegistersThatTheProcessorPutOnTheStack) {
  const auto before = before_exception(in_handler(0xFFFFFFF9), 0x20001000, kStacked);
  EXPECT_EQ(before[0], 1u);
  EXPECT_EQ(before[3], 4u);
  EXPECT_EQ(before[4], 44u) << "which the exception leaves alone";
  EXPECT_EQ(before[12], 12u);
  EXPECT_EQ(before[CoreDump::kSp], 0x20001020u);
  EXPECT_EQ(before[CoreDump::kLr], 0x137u);
  EXPECT_EQ(before[CoreDump::kPc], 0x11Au);
  EXPECT_EQ(before[CoreDump::kStatus], 0x01000000u);
}

TEST(BeforeException, SkipsFloatingPointStateAndAPaddingWord) {
  EXPECT_EQ(before_exception(in_handler(0xFFFFFFE9), 0x20001000, kStacked)[CoreDump::kSp], 0x20001068u);
  auto padded = kStacked;
  padded[7] |= 1 << 9;
  EXPECT_EQ(before_exception(in_handler(0xFFFFFFF9), 0x20001000, padded)[CoreDump::kSp], 0x20001024u);
}

TEST(BeforeException, TakesTheStackThatWasInUse) {
  EXPECT_EQ(before_exception(in_handler(0xFFFFFFFD), 0x20008000, kStacked)[CoreDump::kSp], 0x20008020u);
}

}  // namespace
}  // namespace tinyhil::probe
