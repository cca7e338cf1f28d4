// SPDX-License-Identifier: Apache-2.0
#include "cmsis_dap.hpp"

#include <gtest/gtest.h>

#include "little_endian.hpp"
#include "testing/fake_target.hpp"

namespace tinyhil::sim {
namespace {

using Bytes = std::vector<std::uint8_t>;

using test::kRam;
constexpr std::uint8_t kWriteCsw = 0x01, kWriteTar = 0x05, kWriteDrw = 0x0D, kReadDrw = 0x0F,
                       kWriteControl = 0x04;

void append(Bytes& to, std::uint8_t how, std::uint32_t value) {
  to.push_back(how);
  const auto bytes = bytes_of(value);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

struct Probe {
  explicit Probe(const WireFaults& faults = {}) : port(core, faults) {}
  Bytes send(Bytes report) {
    report.resize(CmsisDap::kReport);
    Bytes reply;
    EXPECT_TRUE(dap.receive(report, reply));
    EXPECT_EQ(reply.size(), CmsisDap::kReport);
    return reply;
  }
  void point_at(std::uint32_t address) {
    Bytes report{5, 0, 3};
    append(report, kWriteControl, DebugPort::kPower);
    append(report, kWriteCsw, 0x23000012);
    append(report, kWriteTar, address);
    const Bytes reply = send(report);
    EXPECT_EQ(reply[1], 3);
    EXPECT_EQ(reply[2], 1);
  }

  test::FakeTarget target;
  CoreDebug core{target};
  DebugPort port;
  CmsisDap dap{{port, core}, "XY7"};
};

TEST(CmsisDap, SaysWhoItIs) {
  Probe probe;
  const Bytes serial = probe.send({0, 3});
  EXPECT_EQ(serial[1], 4);
  EXPECT_EQ(std::string(serial.begin() + 2, serial.begin() + 5), "XY7");
  EXPECT_EQ(probe.send({0, 0xF0})[2], 1) << "SWD and nothing else";
  EXPECT_EQ(load16(std::span<const std::uint8_t>(probe.send({0, 0xFF})).subspan(2)), 64);
  EXPECT_EQ(probe.send({2, 2})[1], 0) << "no JTAG";
  EXPECT_EQ(probe.send({0x77})[0], 0xFF) << "no such command";
}

TEST(CmsisDap, TransfersWordsAndReadsThemBack) {
  Probe probe;
  probe.point_at(kRam);
  Bytes report{5, 0, 3};
  for (const std::uint32_t value : {1U, 2U, 3U}) append(report, kWriteDrw, value);
  EXPECT_EQ(probe.send(report)[1], 3);
  EXPECT_EQ(probe.target.word(kRam + 8), 3u);
  probe.point_at(kRam);
  const Bytes reply = probe.send({5, 0, 3, kReadDrw, kReadDrw, kReadDrw});
  EXPECT_EQ(reply[1], 3);
  EXPECT_EQ(load32(std::span(reply).subspan(11)), 3u);
}

TEST(CmsisDap, TransfersBlocks) {
  Probe probe;
  probe.point_at(kRam);
  Bytes report{6, 0, 2, 0, kWriteDrw, 1, 0, 0, 0, 2, 0, 0, 0};
  EXPECT_EQ(probe.send(report)[1], 2);
  probe.point_at(kRam);
  const Bytes reply = probe.send({6, 0, 2, 0, kReadDrw});
  EXPECT_EQ(reply[3], 1);
  EXPECT_EQ(load32(std::span(reply).subspan(8)), 2u);
}

TEST(CmsisDap, WaitsAsOftenAsItIsConfiguredTo) {
  Probe probe({.wait_every = 2, .waits = 3});
  probe.point_at(kRam);
  EXPECT_EQ(probe.send({5, 0, 3, kReadDrw, kReadDrw, kReadDrw})[2], 2) << "WAIT";
  probe.send({4, 0, 64, 0, 0, 0});
  const Bytes reply = probe.send({5, 0, 3, kReadDrw, kReadDrw, kReadDrw});
  EXPECT_EQ(reply[1], 3);
  EXPECT_EQ(reply[2], 1);
}

TEST(CmsisDap, StopsAtAFaultAndSaysWhere) {
  Probe probe({.fault_every = 2});
  probe.point_at(kRam);
  const Bytes reply = probe.send({5, 0, 3, kReadDrw, kReadDrw, kReadDrw});
  EXPECT_EQ(reply[1], 1);
  EXPECT_EQ(reply[2], 4);
}

TEST(CmsisDap, WaitsForAValueToMatch) {
  Probe probe;
  probe.point_at(kRam);
  Bytes report{5, 0, 2};
  append(report, 0x20, 0xFF);  // the mask
  append(report, 0x1F, 0);
  EXPECT_EQ(probe.send(report)[2], 1);
  report[8 + 1] = 7;
  EXPECT_EQ(probe.send(report)[2] & 0x10, 0x10) << "it never did";
}

TEST(CmsisDap, KeepsToWhatAReportHolds) {
  Probe probe;
  probe.point_at(kRam);
  Bytes report{5, 0, 255};
  report.resize(64, kReadDrw);
  EXPECT_EQ(probe.send(report)[1], 15) << "of 61 that were asked for";
  EXPECT_EQ(probe.send({6, 0, 0xFF, 0xFF, kReadDrw})[1], 15);
}

TEST(CmsisDap, DrivesTheResetPin) {
  Probe probe;
  EXPECT_EQ(probe.send({0x10, 0, 0x80})[1], 0);
  EXPECT_TRUE(probe.core.in_reset());
  EXPECT_EQ(probe.send({0x10, 0x80, 0x80})[1], 0x80);
  EXPECT_FALSE(probe.core.in_reset());
}

}  // namespace
}  // namespace tinyhil::sim
