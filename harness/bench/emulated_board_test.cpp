// SPDX-License-Identifier: Apache-2.0
#include "emulated_board.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "testing/complaint.hpp"

namespace tinyhil::bench {
namespace {

const EmulatedBoard kBoard{"mps2-an386", "/bin/true"};  // any file: the emulator is not started here

TEST(EmulatedBoard, RunsTheImageOnTheMachineWithItsClockCountingInstructions) {
  const std::vector<std::string> command = emulator_command(kBoard, SerialOnStdio{});
  EXPECT_EQ(command[0], "qemu-system-arm");
  EXPECT_NE(std::ranges::find(command, "mps2-an386"), command.end());
  EXPECT_NE(std::ranges::find(command, "/bin/true"), command.end());
  EXPECT_NE(std::ranges::find(command, "shift=5,sleep=off"), command.end());
}

TEST(EmulatedBoard, AMissingEmulatorSaysHowToInstallIt) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const Error error = test::error_of([] { emulator_command(kBoard, SerialOnStdio{}); });
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_NE(error.remedy().find("apt install qemu-system-arm"), std::string::npos);
}

TEST(EmulatedBoard, AMissingImageSaysHowToBuildIt) {
  const Error error = test::error_of([] {
    emulator_command(EmulatedBoard{"mps2-an386", "/nowhere/agent.elf"}, SerialOnStdio{});
  });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.where(), "/nowhere/agent.elf");
}

TEST(EmulatedBoard, TellsOfItsActivityWhereSomebodyListens) {
  EmulatedBoard board = kBoard;
  EXPECT_THAT(emulator_command(board, SerialOnStdio{}), testing::Not(testing::Contains("chardev:activity")));
  board.activity = "/tmp/a,b";
  EXPECT_THAT(emulator_command(board, SerialOnStdio{}),
              testing::IsSupersetOf({"socket,id=activity,server=off,path=/tmp/a,,b", "chardev:activity"}));
}

TEST(EmulatedBoard, ATakenPortIsABenchFault) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::uint16_t port = ntohs(address.sin_port);
  const Error error = test::error_of([&] { emulator_command(kBoard, SerialOnTcp{port}); });
  ::close(listener);
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_EQ(error.where(), "127.0.0.1:" + std::to_string(port));
}

}  // namespace
}  // namespace tinyhil::bench
