// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "little_endian.hpp"
#include "st_link_server.hpp"
#include "testing/fake_target.hpp"

namespace tinyhil::sim {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kOk = 0x80, kWait = 0x10, kFault = 0x11;
using test::kRam;

struct Server {
  explicit Server(const WireFaults& faults = {}, const std::string& serial = "ABC")
      : port(core, faults), server({port, core}, serial) {}

  // A command of ST's probe; the answer without the server's status in front.
  Bytes command(Bytes what, std::uint32_t answer_size, const Bytes& data = {}) {
    Bytes request{5, 0, 0, 0, 1, 0, 0, 0};
    what.resize(16);
    request.insert(request.end(), what.begin(), what.end());
    const std::uint32_t size = data.empty() ? answer_size : static_cast<std::uint32_t>(data.size());
    request.insert(request.end(), {std::uint8_t{data.empty()}, 0, 0, 0});
    const auto size_bytes = bytes_of(size);
    request.insert(request.end(), size_bytes.begin(), size_bytes.end());
    request.insert(request.end(), data.begin(), data.end());
    Bytes reply;
    EXPECT_TRUE(server.receive(request, reply));
    EXPECT_EQ(reply.size(), 4 + (data.empty() ? answer_size : 0));
    EXPECT_EQ(load32(reply), 1u);
    return {reply.begin() + 4, reply.end()};
  }
  Bytes memory(std::uint8_t which, std::uint32_t address, std::uint16_t size, const Bytes& data = {}) {
    const auto place = bytes_of(address);
    return command({0xF2, which, place[0], place[1], place[2], place[3], static_cast<std::uint8_t>(size),
                    static_cast<std::uint8_t>(size >> 8)},
                   size, data);
  }
  std::uint8_t status() { return command({0xF2, 0x3E}, 12)[0]; }
  void enter() { EXPECT_EQ(command({0xF2, 0x30, 0xA3}, 2)[0], kOk); }

  test::FakeTarget target;
  CoreDebug core{target};
  DebugPort port;
  StLinkServer server;
};

TEST(StLinkServer, NamesItsOneProbe) {
  Server server;
  Bytes reply;
  const Bytes requests{6, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 41, 0, 0, 0};  // version, refresh, count, describe
  EXPECT_TRUE(server.server.receive(requests, reply));
  ASSERT_EQ(reply.size(), 16u + 4 + 4 + 45);
  EXPECT_EQ(load32(std::span(reply).subspan(20)), 1u);
  const Bytes device(reply.begin() + 24, reply.end());
  EXPECT_EQ(std::string(device.begin() + 8, device.begin() + 12), std::string("ABC\0", 4));
  EXPECT_EQ(load16(std::span(device).subspan(40)), StLink::kVendor);
  EXPECT_EQ(device[44], 0) << "nobody uses it";
}

TEST(StLinkServer, TellsTheDigitsOfASerialNumberOf12Bytes) {
  Server server({}, "BOARD-000012");
  Bytes reply;
  EXPECT_TRUE(server.server.receive(Bytes{2, 0, 0, 0, 41, 0, 0, 0}, reply));
  EXPECT_EQ(std::string(reply.begin() + 8, reply.begin() + 32), "424F4152442D303030303132");
}

TEST(StLinkServer, TakesRequestsInPieces) {
  Server server;
  Bytes request{5, 0, 0, 0, 1, 0, 0, 0, 0xF1}, reply;
  request.resize(24);
  request.insert(request.end(), {1, 0, 0, 0, 6, 0, 0, 0});
  for (const std::uint8_t byte : request) EXPECT_TRUE(server.server.receive({&byte, 1}, reply));
  EXPECT_EQ(reply, (Bytes{1, 0, 0, 0, 0x29, 0x5A, 0x83, 0x04, 0x4B, 0x37})) << "V2J37M26";
}

TEST(StLinkServer, HangsUpOnWhatIsNoRequest) {
  Server server;
  Bytes reply;
  EXPECT_FALSE(server.server.receive(Bytes{'G', 'E', 'T'}, reply));
  server.server.connected();
  Bytes huge(32, 0xFF);
  huge[0] = 5;
  huge[24] = 0;
  EXPECT_FALSE(server.server.receive(huge, reply)) << "4 GB to come";
}

TEST(StLink, ReadsAndWritesMemoryOfAllWidths) {
  Server server;
  server.enter();
  server.memory(0x08, kRam, 8, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(server.status(), kOk);
  server.memory(0x0D, kRam + 1, 3, {0xA1, 0xA2, 0xA3});
  server.memory(0x48, kRam + 6, 2, {0xB1, 0xB2});
  EXPECT_EQ(server.memory(0x07, kRam, 8), (Bytes{1, 0xA1, 0xA2, 0xA3, 5, 6, 0xB1, 0xB2}));
  EXPECT_EQ(server.memory(0x0C, kRam + 3, 3), (Bytes{0xA3, 5, 6}));
  EXPECT_EQ(server.memory(0x47, kRam + 2, 4), (Bytes{0xA2, 0xA3, 5, 6}));
}

TEST(StLink, GoesOnBehindFourKilobytes) {
  Server server;
  server.enter();
  const Bytes data{1, 0, 0, 0, 2, 0, 0, 0};
  server.memory(0x08, kRam + 0xFFC, 8, data);
  EXPECT_EQ(server.target.word(kRam + 0x1000), 2u);
  EXPECT_EQ(server.memory(0x07, kRam + 0xFFC, 8), data);
}

TEST(StLink, SaysThatMemoryIsNotThere) {
  Server server;
  server.enter();
  server.memory(0x07, 0x90000000, 4);
  EXPECT_EQ(server.status(), kFault);
}

TEST(StLink, AsksAgainAFewTimes) {
  Server patient({.wait_every = 2, .waits = 3});
  patient.enter();
  EXPECT_EQ(patient.memory(0x07, kRam, 16).size(), 16u);
  EXPECT_EQ(patient.status(), kOk);
  Server tired({.wait_every = 2, .waits = 100});
  tired.enter();
  tired.memory(0x07, kRam, 16);
  EXPECT_EQ(tired.status(), kWait);
}

TEST(StLink, ReadsRegistersOfPorts) {
  Server server;
  server.enter();
  EXPECT_EQ(
      load32(std::span<const std::uint8_t>(server.command({0xF2, 0x45, 0xFF, 0xFF, 0, 0}, 8)).subspan(4)),
      0x2BA01477u);
  EXPECT_EQ(load32(std::span<const std::uint8_t>(server.command({0xF2, 0x45, 0, 0, 0xFC, 0}, 8)).subspan(4)),
            0x24770011u);
}

TEST(StLink, DrivesTheResetPin) {
  Server server;
  server.command({0xF2, 0x3C, 0}, 2);
  EXPECT_TRUE(server.core.in_reset());
  server.command({0xF2, 0x3C, 1}, 2);
  EXPECT_FALSE(server.core.in_reset());
}

}  // namespace
}  // namespace tinyhil::sim
