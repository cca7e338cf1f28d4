// SPDX-License-Identifier: Apache-2.0
#include "thil/fault.h"

#include <gtest/gtest.h>

#include "fake_port.hpp"

namespace {

struct Faulty : testing::Test {
  Faulty() { fake_port = &port; }

  static void crash() { thil_fault_save(THIL_FAULT_PROCESSOR, 0x82, 0x1001, 0x2003, 0x20000F00); }

  FakePort port;
};

TEST_F(Faulty, AfterAPowerCutThereIsNoRecord) {
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
  EXPECT_EQ(thil_fault_last()->run, 0u);
}

TEST_F(Faulty, MemoryFullOfZerosIsNoRecord) {
  port.retained.fill(0);
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
}

TEST_F(Faulty, ACrashInAnInferenceNamesIt) {
  thil_fault_start();
  thil_fault_enter(42, 1, 700, 3);
  crash();
  thil_fault_start();
  const thil_fault_record record = *thil_fault_last();
  EXPECT_EQ(record.cause, std::uint32_t{THIL_FAULT_PROCESSOR});
  EXPECT_EQ(record.status, 0x82u);
  EXPECT_EQ(record.pc, 0x1001u);
  EXPECT_EQ(record.lr, 0x2003u);
  EXPECT_EQ(record.sp, 0x20000F00u);
  EXPECT_EQ(record.run, 42u);
  EXPECT_EQ(record.model, 1u);
  EXPECT_EQ(record.vector, 700u);
  EXPECT_EQ(record.repeat, 3u);
}

TEST_F(Faulty, ACrashBetweenTwoInferencesBlamesNone) {
  thil_fault_start();
  thil_fault_enter(42, 1, 700, 3);
  thil_fault_leave();
  crash();
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_PROCESSOR});
  EXPECT_EQ(thil_fault_last()->run, 0u);
}

TEST_F(Faulty, ACrashBeforeTheFirstStartBlamesNoInference) {
  crash();
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->pc, 0x1001u);
  EXPECT_EQ(thil_fault_last()->run, 0u);
}

TEST_F(Faulty, ASecondCrashElsewhereDoesNotBlameTheFirstOnesInference) {
  thil_fault_start();
  thil_fault_enter(42, 1, 700, 3);
  crash();
  thil_fault_start();
  crash();
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->run, 0u);
}

TEST_F(Faulty, AResetInTheMiddleOfAnInferenceIsNoCrash) {
  thil_fault_start();
  thil_fault_enter(42, 1, 700, 3);
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
  crash();
  EXPECT_EQ(thil_fault_last()->run, 0u);
}

TEST_F(Faulty, AWatchdogThatResetTheBoardNamesTheInference) {
  thil_fault_start();
  thil_fault_enter(42, 1, 700, 3);
  thil_fault_save(THIL_FAULT_WATCHDOG, 4, 0, 0, 0);  // by thil_port_start, after the reset
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_WATCHDOG});
  EXPECT_EQ(thil_fault_last()->vector, 700u);
  EXPECT_EQ(thil_fault_last()->run, 42u);
}

TEST_F(Faulty, ARecordOutlivesResetsAndInferencesUntilItIsCleared) {
  thil_fault_start();
  thil_fault_enter(42, 1, 700, 3);
  crash();
  thil_fault_start();
  thil_fault_enter(43, 0, 0, 0);
  thil_fault_leave();
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->run, 42u);
  thil_fault_clear();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
}

TEST_F(Faulty, ARecordWithAnyBitTurnedIsDropped) {
  for (std::size_t bit = 0; bit < 8 * sizeof(thil_fault_record); ++bit) {
    thil_fault_start();
    crash();
    port.retained.at(bit / 8) ^= static_cast<std::uint8_t>(1u << bit % 8);
    thil_fault_start();
    EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE}) << "bit " << bit;
  }
}

TEST_F(Faulty, ABoardWithoutRetainedMemoryHasNoRecordAndNoTrouble) {
  port.has_retained = false;
  thil_fault_start();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
  thil_fault_enter(42, 1, 700, 3);
  thil_fault_leave();
  thil_fault_clear();
  EXPECT_EQ(thil_fault_last()->cause, std::uint32_t{THIL_FAULT_NONE});
}

}  // namespace
