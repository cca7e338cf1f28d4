// SPDX-License-Identifier: Apache-2.0
#include "debug_port.hpp"

#include <gtest/gtest.h>

#include "testing/fake_target.hpp"

namespace tinyhil::sim {
namespace {

using test::kRam;
constexpr std::uint32_t kWords = 0x23000012, kBytes = 0x23000010;
constexpr std::uint32_t kStickyError = 1 << 5;

struct Port {
  explicit Port(const WireFaults& faults = {}) : port(target, faults) {
    port.write_port(DebugPort::kControl, DebugPort::kPower);
  }
  void point_at(std::uint32_t address, std::uint32_t csw = kWords) {
    port.write_access(AccessPort::kCsw, csw);
    port.write_access(AccessPort::kTar, address);
  }
  Ack write(std::uint32_t value) { return port.write_access(AccessPort::kDrw, value); }
  DebugPort::Answer read() { return port.read_access(AccessPort::kDrw); }

  test::FakeTarget target;
  DebugPort port;
};

TEST(DebugPort, AnswersWithItsIdAndPower) {
  Port port;
  EXPECT_EQ(port.port.read_port(0).value, 0x2BA01477u);
  EXPECT_EQ(port.port.read_port(DebugPort::kControl).value, 0xF0000000u);
}

TEST(DebugPort, RefusesAccessesWithoutPower) {
  Port port;
  port.port.write_port(DebugPort::kControl, 0);
  EXPECT_EQ(port.read().ack, Ack::fault);
}

TEST(DebugPort, ReadsAndWritesWordsAndCountsOn) {
  Port port;
  port.point_at(kRam);
  EXPECT_EQ(port.write(1), Ack::ok);
  EXPECT_EQ(port.write(2), Ack::ok);
  EXPECT_EQ(port.target.word(kRam + 4), 2u);
  port.point_at(kRam);
  EXPECT_EQ(port.read().value, 1u);
  EXPECT_EQ(port.read().value, 2u);
  EXPECT_EQ(port.port.read_port(DebugPort::kReadBuffer).value, 2u);
}

TEST(DebugPort, PutsBytesIntoTheLanesOfTheirAddress) {
  Port port;
  port.point_at(kRam + 1, kBytes);
  port.write(0x0000AA00);
  port.write(0x00BB0000);
  EXPECT_EQ(port.target.word(kRam), 0x00BBAA00u);
  port.point_at(kRam + 2, kBytes);
  EXPECT_EQ(port.read().value & 0x00FF0000, 0x00BB0000u);
}

TEST(DebugPort, WrapsTheAddressAfterFourKilobytes) {
  Port port;
  port.point_at(kRam + 0xFFC);
  port.write(1);
  port.write(2);
  EXPECT_EQ(port.target.word(kRam), 2u);
  EXPECT_EQ(port.target.word(kRam + 0x1000), 0u);
}

TEST(DebugPort, RefusesPackedTransfers) {
  Port port;
  port.port.write_access(AccessPort::kCsw, 0x23000020);
  EXPECT_EQ(port.port.read_access(AccessPort::kCsw).value & 0x30, 0x10u);
}

TEST(DebugPort, KeepsABusErrorUntilItIsCleared) {
  Port port;
  port.point_at(0x90000000);
  EXPECT_EQ(port.read().ack, Ack::fault);
  EXPECT_TRUE(port.port.read_port(DebugPort::kControl).value & kStickyError);
  port.point_at(kRam);
  EXPECT_EQ(port.read().ack, Ack::fault);
  port.port.write_port(DebugPort::kAbort, DebugPort::kClearAll);
  port.point_at(kRam);
  EXPECT_EQ(port.read().ack, Ack::ok);
}

TEST(DebugPort, HasNothingBehindOtherAccessPorts) {
  Port port;
  EXPECT_EQ(port.port.read_access(0, 0xFC).value, 0x24770011u);
  EXPECT_EQ(port.port.read_access(1, 0xFC).value, 0u);
}

TEST(DebugPort, MovesABlockInOneTransfer) {
  Port port;
  port.point_at(kRam + 2, 0x23000011);
  const std::array<std::uint32_t, 3> halves{0x11110000, 0x2222, 0x33330000};
  EXPECT_EQ(port.port.write_block(halves).count, 3u);
  EXPECT_EQ(port.target.transfers, 1u);
  EXPECT_EQ(port.target.word(kRam + 4), 0x33332222u);
  port.point_at(kRam + 4);
  std::array<std::uint32_t, 2> words{};
  EXPECT_EQ(port.port.read_block(words).count, 2u);
  EXPECT_EQ(words[0], 0x33332222u);
}

TEST(DebugPort, AnswersEachThirdAccessWithWaitTwice) {
  Port port({.wait_every = 3, .waits = 2});
  port.point_at(kRam);
  std::string acks;
  for (int n = 0; n < 10; ++n) acks += port.write(1) == Ack::wait ? 'w' : '.';
  EXPECT_EQ(acks, "..ww...ww.");
}

TEST(DebugPort, StopsABlockWhereAFaultComes) {
  Port port({.fault_every = 3});
  port.point_at(kRam);
  const std::array<std::uint32_t, 5> values{1, 2, 3, 4, 5};
  const DebugPort::Block block = port.port.write_block(values);
  EXPECT_EQ(block.ack, Ack::fault);
  EXPECT_EQ(block.count, 2u);
  EXPECT_EQ(port.target.word(kRam + 8), 0u);
}

TEST(DebugPort, ClaimsToBeAnotherOne) {
  Port port({.id = 0x0BC11477});
  EXPECT_EQ(port.port.read_port(0).value, 0x0BC11477u);
}

}  // namespace
}  // namespace tinyhil::sim
