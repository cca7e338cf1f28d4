// SPDX-License-Identifier: Apache-2.0
#include "bit_bang.hpp"

#include <gtest/gtest.h>

#include "testing/fake_target.hpp"

namespace tinyhil::sim {
namespace {

using test::kRam;
constexpr std::uint8_t kPortAccess = 0xA, kApAccess = 0xB, kIdCode = 0xE, kBypass = 0xF;

// Clocks bits as OpenOCD does: a low and a high level each, TDO read in between.
struct Wire {
  explicit Wire(const WireFaults& faults = {}) : port(core, faults) {
    walk(
        "11111"
        "0");
  }

  bool clock(bool tms, bool tdi) {
    const auto pins = static_cast<std::uint8_t>('0' + 2 * tms + tdi);
    const std::array<std::uint8_t, 3> bytes{pins, 'R', static_cast<std::uint8_t>(pins + 4)};
    std::vector<std::uint8_t> reply;
    EXPECT_TRUE(probe.receive(bytes, reply));
    EXPECT_EQ(reply.size(), 1u);
    return reply.at(0) == '1';
  }
  void walk(const std::string& tms) {
    for (const char each : tms) clock(each == '1', false);
  }
  std::uint64_t shift(std::uint64_t value, unsigned bits) {
    std::uint64_t out = 0;
    for (unsigned n = 0; n < bits; ++n) {
      out |= std::uint64_t{clock(n + 1 == bits, (value >> n & 1) != 0)} << n;
    }
    return out;
  }
  std::uint64_t instruction(std::uint8_t which) {
    walk("1100");
    const std::uint64_t captured = shift(which, 4);
    walk("10");
    return captured;
  }
  std::uint64_t data(std::uint64_t value, unsigned bits) {
    walk("100");
    const std::uint64_t captured = shift(value, bits);
    walk("10");
    return captured;
  }
  // Of the one before.
  struct Answer {
    unsigned ack;
    std::uint32_t value;
  };
  Answer access(std::uint8_t where, bool reads, std::uint8_t address, std::uint32_t value = 0) {
    instruction(where);
    const std::uint64_t captured = data(std::uint64_t{value} << 3 | address >> 1 | (reads ? 1U : 0U), 35);
    return {static_cast<unsigned>(captured & 7), static_cast<std::uint32_t>(captured >> 3)};
  }
  void power_up() { access(kPortAccess, false, DebugPort::kControl, DebugPort::kPower); }
  void point_at(std::uint32_t address) {
    access(kApAccess, false, AccessPort::kCsw, 0x23000012);
    access(kApAccess, false, AccessPort::kTar, address);
  }

  test::FakeTarget target;
  CoreDebug core{target};
  DebugPort port;
  BitBang probe{{port, core}};
};

TEST(BitBang, ShowsTheIdAfterAReset) {
  Wire wire;
  EXPECT_EQ(wire.data(0, 32), 0x4BA00477u);
  EXPECT_EQ(wire.instruction(kBypass), 1u);
  EXPECT_EQ(wire.data(0b1011, 4), 0b0110u) << "one clock late";
  wire.instruction(kIdCode);
  EXPECT_EQ(wire.data(0, 32), 0x4BA00477u);
}

TEST(BitBang, ReadsAndWritesMemory) {
  Wire wire;
  wire.power_up();
  wire.point_at(kRam);
  wire.access(kApAccess, false, AccessPort::kDrw, 0x12345678);
  EXPECT_EQ(wire.target.word(kRam), 0x12345678u);
  wire.point_at(kRam);
  wire.access(kApAccess, true, AccessPort::kDrw);
  const Wire::Answer answer = wire.access(kPortAccess, true, DebugPort::kReadBuffer);
  EXPECT_EQ(answer.ack, 2u);
  EXPECT_EQ(answer.value, 0x12345678u);
}

TEST(BitBang, KeepsARequestThatHasToWait) {
  Wire wire({.wait_every = 1, .waits = 2});
  wire.power_up();
  wire.point_at(kRam);
  wire.access(kApAccess, false, AccessPort::kDrw, 5);
  EXPECT_EQ(wire.target.word(kRam), 0u);
  EXPECT_EQ(wire.access(kPortAccess, true, DebugPort::kReadBuffer).ack, 1u) << "WAIT";
  EXPECT_EQ(wire.access(kPortAccess, true, DebugPort::kReadBuffer).ack, 2u);
  EXPECT_EQ(wire.target.word(kRam), 5u);
}

TEST(BitBang, FlagsAnErrorUntilAOneClearsIt) {
  constexpr std::uint32_t kSticky = 1 << 5;
  Wire wire;
  wire.power_up();
  wire.point_at(0x90000000);
  wire.access(kApAccess, true, AccessPort::kDrw);
  wire.access(kPortAccess, true, DebugPort::kControl);
  EXPECT_TRUE(wire.access(kPortAccess, false, DebugPort::kControl, DebugPort::kPower | kSticky).value &
              kSticky);
  wire.access(kPortAccess, true, DebugPort::kControl);
  EXPECT_FALSE(wire.access(kPortAccess, true, DebugPort::kReadBuffer).value & kSticky);
}

TEST(BitBang, DrivesResetAndHangsUpWhenItIsTold) {
  Wire wire;
  std::vector<std::uint8_t> reply;
  EXPECT_TRUE(wire.probe.receive(std::array<std::uint8_t, 1>{'s'}, reply));
  EXPECT_TRUE(wire.core.in_reset());
  EXPECT_TRUE(wire.probe.receive(std::array<std::uint8_t, 2>{'r', 'B'}, reply));
  EXPECT_FALSE(wire.core.in_reset());
  EXPECT_FALSE(wire.probe.receive(std::array<std::uint8_t, 1>{'Q'}, reply));
  EXPECT_FALSE(wire.probe.receive(std::array<std::uint8_t, 1>{'x'}, reply));
}

}  // namespace
}  // namespace tinyhil::sim
