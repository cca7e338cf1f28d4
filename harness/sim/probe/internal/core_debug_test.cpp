// SPDX-License-Identifier: Apache-2.0
#include "core_debug.hpp"

#include <gtest/gtest.h>

#include "little_endian.hpp"
#include "testing/fake_target.hpp"

namespace tinyhil::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kAircr = 0xE000ED0C, kDfsr = 0xE000ED30;
constexpr std::uint32_t kDhcsr = 0xE000EDF0, kDcrsr = 0xE000EDF4, kDcrdr = 0xE000EDF8, kDemcr = 0xE000EDFC;
constexpr std::uint32_t kKey = 0xA05F0000, kReset = 0x05FA0004;
constexpr std::uint32_t kReady = 1 << 16, kHalted = 1 << 17, kLockedUp = 1 << 19, kWasReset = 1 << 25;

struct Debugger {
  explicit Debugger(ResetBehaviour behaviour = {}) : core(target, behaviour, [this] { return now; }) {}
  std::uint32_t read(std::uint32_t address) {
    std::array<std::uint8_t, 4> bytes{};
    EXPECT_TRUE(core.read(address, bytes));
    return load32(bytes);
  }
  void write(std::uint32_t address, std::uint32_t value) {
    EXPECT_TRUE(core.write(address, bytes_of(value)));
  }

  test::FakeTarget target;
  ProbeClock::time_point now{};
  CoreDebug core;
};

TEST(CoreDebug, HaltsStepsAndResumes) {
  Debugger debugger;
  debugger.write(kDhcsr, kKey | 3);
  EXPECT_EQ(debugger.read(kDhcsr) & (kReady | kHalted | 3), kReady | kHalted | 3);
  debugger.write(kDhcsr, kKey | 5);
  EXPECT_TRUE(debugger.read(kDhcsr) & kHalted) << "after one instruction";
  debugger.write(kDhcsr, kKey | 1);
  EXPECT_FALSE(debugger.read(kDhcsr) & kHalted);
  EXPECT_EQ(debugger.target.calls, "halt step resume ");
}

TEST(CoreDebug, IgnoresAWriteWithoutTheKeyAndAHaltWithoutDebugging) {
  Debugger debugger;
  debugger.write(kDhcsr, 3);
  debugger.write(kDhcsr, kKey | 2);
  EXPECT_EQ(debugger.target.calls, "");
}

TEST(CoreDebug, MovesRegistersOfAHaltedCore) {
  Debugger debugger;
  debugger.target.registers[15] = 0x244;
  debugger.write(kDcrsr, 15);
  EXPECT_EQ(debugger.read(kDcrdr), 0u) << "it runs";
  debugger.write(kDhcsr, kKey | 3);
  debugger.write(kDcrsr, 15);
  EXPECT_EQ(debugger.read(kDcrdr), 0x244u);
  debugger.write(kDcrdr, 7);
  debugger.write(kDcrsr, 1 << 16 | 2);
  EXPECT_EQ(debugger.target.registers[2], 7u);
}

TEST(CoreDebug, SaysThatABreakpointWasHit) {
  Debugger debugger;
  debugger.write(kDhcsr, kKey | 1);
  debugger.target.news.stopped = true;
  EXPECT_TRUE(debugger.read(kDhcsr) & kHalted);
  EXPECT_EQ(debugger.read(kDfsr), 2u);
  debugger.write(kDfsr, 2);
  EXPECT_EQ(debugger.read(kDfsr), 0u);
}

TEST(CoreDebug, HaltsWhereACaughtHardFaultBeginsAndGoesOnFromThere) {
  Debugger debugger;
  debugger.write(12, 0x301);  // its vector
  debugger.write(kDemcr, 1 << 10);
  EXPECT_TRUE(debugger.target.breakpoints.empty()) << "not while debugging is off";
  debugger.write(kDhcsr, kKey | 1);
  EXPECT_EQ(debugger.target.breakpoints, std::set<std::uint32_t>{0x300});
  debugger.target.news.stopped = true;
  debugger.target.registers[15] = 0x300;
  EXPECT_TRUE(debugger.read(kDhcsr) & kHalted);
  EXPECT_EQ(debugger.read(kDfsr), 8u);
  debugger.write(kDhcsr, kKey | 1);
  EXPECT_EQ(debugger.target.calls, "step resume ") << "or it would halt there for ever";
  EXPECT_EQ(debugger.target.breakpoints, std::set<std::uint32_t>{0x300});
  debugger.write(kDemcr, 0);
  EXPECT_TRUE(debugger.target.breakpoints.empty());
}

TEST(CoreDebug, CatchesNoHardFaultOfAnErasedDevice) {
  Debugger debugger;
  debugger.write(12, 0xFFFFFFFF);
  debugger.write(kDemcr, 1 << 10);
  debugger.write(kDhcsr, kKey | 1);
  EXPECT_TRUE(debugger.target.breakpoints.empty());
}

TEST(CoreDebug, SetsTheBreakpointOfAComparator) {
  Debugger debugger;
  EXPECT_EQ(debugger.read(0xE0002000), 0x60u) << "six of them, off";
  debugger.write(0xE0002000, 3);
  debugger.write(0xE0002008, 0x80000250 | 1);
  EXPECT_EQ(debugger.target.breakpoints, std::set<std::uint32_t>{0x252});
  debugger.write(0xE0002008, 0x40000250 | 1);
  EXPECT_EQ(debugger.target.breakpoints, std::set<std::uint32_t>{0x250});
  debugger.write(0xE0002000, 2);
  EXPECT_TRUE(debugger.target.breakpoints.empty());
}

TEST(CoreDebug, HaltsAfterAResetOnlyWhereTheVectorIsCaught) {
  Debugger debugger;
  debugger.write(kDhcsr, kKey | 1);
  debugger.write(kAircr, kReset);
  EXPECT_EQ(debugger.read(kDhcsr) & (kHalted | kWasReset), kWasReset);
  EXPECT_FALSE(debugger.read(kDhcsr) & kWasReset) << "told once";
  debugger.write(kDemcr, 1);
  debugger.write(kAircr, kReset);
  EXPECT_TRUE(debugger.read(kDhcsr) & kHalted);
  EXPECT_EQ(debugger.read(kDfsr), 8u);
  EXPECT_EQ(debugger.target.calls, "reset resume reset ");
}

TEST(CoreDebug, SaysWhenTheCoreHasResetItself) {
  Debugger debugger;
  debugger.target.news.was_reset = true;
  EXPECT_TRUE(debugger.read(kDhcsr) & kWasReset);
}

TEST(CoreDebug, IsInResetAsLongAsItTakes) {
  Debugger debugger({.takes = 2s});
  debugger.write(kAircr, kReset);
  std::array<std::uint8_t, 4> bytes{};
  EXPECT_FALSE(debugger.core.read(test::kRam, bytes)) << "memory is not there";
  EXPECT_EQ(debugger.read(kDhcsr) & (kReady | kWasReset), kWasReset);
  debugger.now += 2s;
  EXPECT_EQ(debugger.read(kDhcsr) & (kReady | kWasReset), kReady | kWasReset);
  EXPECT_TRUE(debugger.core.read(test::kRam, bytes));
  EXPECT_EQ(debugger.target.calls, "reset resume ");
}

TEST(CoreDebug, NeverComesBackFromAResetThatIsStuck) {
  Debugger debugger({.is_stuck = true});
  debugger.write(kAircr, kReset);
  debugger.now += 24h;
  EXPECT_EQ(debugger.read(kDhcsr) & (kReady | kWasReset), kWasReset);
  EXPECT_EQ(debugger.target.calls, "reset ");
}

TEST(CoreDebug, IsInResetWhileThePinIsLow) {
  Debugger debugger;
  debugger.core.drive_reset_pin(true);
  debugger.now += 1s;
  EXPECT_TRUE(debugger.core.in_reset());
  debugger.core.drive_reset_pin(false);
  EXPECT_FALSE(debugger.core.in_reset());
  EXPECT_EQ(debugger.target.calls, "reset resume ");
}

TEST(CoreDebug, SaysThatTheCoreIsLockedUp) {
  Debugger debugger;
  debugger.target.news.locked_up = true;
  EXPECT_TRUE(debugger.read(kDhcsr) & kLockedUp);
}

TEST(CoreDebug, HaltsAtABkptThatTheDebuggerHasWritten) {
  Debugger debugger;
  debugger.write(kDhcsr, kKey | 3);
  debugger.write(test::kRam, 0xBE00BF00);
  EXPECT_TRUE(debugger.target.breakpoints.empty()) << "not before it may run";
  debugger.write(kDhcsr, kKey | 1);
  EXPECT_EQ(debugger.target.breakpoints, std::set<std::uint32_t>{test::kRam + 2});
  debugger.write(kDhcsr, kKey | 3);
  debugger.write(test::kRam, 0xBF00BF00);
  debugger.write(kDhcsr, kKey | 1);
  EXPECT_TRUE(debugger.target.breakpoints.empty());
}

TEST(CoreDebug, NamesItsComponents) {
  Debugger debugger;
  EXPECT_EQ(debugger.read(0xE00FF000), 0xFFF0F003u);
  EXPECT_EQ(debugger.read(0xE00FFFF4), 0x10u) << "a ROM table";
  EXPECT_EQ(debugger.read(0xE000EFE0), 0x0Cu);
  EXPECT_EQ(debugger.read(0xE000EFE4), 0xB0u);
}

}  // namespace
}  // namespace tinyhil::sim
