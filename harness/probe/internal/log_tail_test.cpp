// SPDX-License-Identifier: Apache-2.0
#include "log_tail.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace tinyhil::probe {
namespace {

TEST(TclPort, IsReadFromTheLog) {
  EXPECT_EQ(tcl_port_in("Info : Listening on port 36433 for tcl connections\n"), 36433);
  EXPECT_EQ(
      tcl_port_in(
          "Info : Listening on port 1 for gdb connections\nInfo : Listening on port 7 for tcl connections"),
      7);
  EXPECT_EQ(tcl_port_in("Info : Listening on port 364"), 0);
  EXPECT_EQ(tcl_port_in("Info : Listening on port 99999999999 for tcl connections"), 0);
  EXPECT_EQ(tcl_port_in(""), 0);
}

TEST(Complaint, IsTheErrorsOrElseTheLastLines) {
  EXPECT_EQ(complaint_in("Info : one\nError: open failed\nInfo : two\n"), "Error: open failed");
  EXPECT_EQ(complaint_in("a\nb\nc\nd\ne\n"), "b; c; d; e");
  EXPECT_EQ(complaint_in("Error: \x1b[2J"), "Error: \\u001b[2J");
  EXPECT_EQ(complaint_in(""), "");
}

struct Log : testing::Test {
  Log() { EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0); }
  ~Log() override { ::close(ends[0]); }
  void write(const std::string& text) {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  std::array<int, 2> ends{};
};

TEST_F(Log, KeepsTheEndOfWhatWasWritten) {
  LogTail tail(ends[0]);
  const std::string line = std::string(999, 'x') + "\n";
  for (int i = 0; i < 1000; ++i) {
    write(line);
    if (i % 100 == 0) {
      EXPECT_TRUE(tail.drain());
    }
  }
  write("end\nand more");
  EXPECT_TRUE(tail.drain());
  EXPECT_TRUE(tail.text().ends_with("x\nend\n"));
  EXPECT_LE(tail.text().size(), 2 * 256 * 1024u + 16384u) << "cut when it is twice what is kept";
  ::close(ends[1]);
  EXPECT_FALSE(tail.drain());
}

TEST_F(Log, LeavesAnswersOut) {
  LogTail tail(ends[0]);
  write("Info : one\n0 {0x1 ");
  tail.drain();
  write("0x2}\n1 {no such thing}\nInfo : two\n");
  tail.drain();
  EXPECT_EQ(tail.text(), "Info : one\nInfo : two\n");
  write("0 " + std::string(100'000, 'x'));
  tail.drain();
  write("\nInfo : three\n");
  tail.drain();
  EXPECT_TRUE(tail.text().ends_with("two\nInfo : three\n"));
  ::close(ends[1]);
}

TEST(LockInALog, IsTheLineThatSaysSo) {
  const std::string locked =
      "Info : nRF52832-QFAA\n****** WARNING ******\n"
      "nRF52 device has AP lock engaged (see UICR APPROTECT register).\nDebug access is denied.\n"
      "Error: [nrf52.cpu] Examination failed\n";
  EXPECT_EQ(lock_in(locked), "nRF52 device has AP lock engaged (see UICR APPROTECT register).");
  EXPECT_EQ(lock_in("nRF52 device has a CTRL-AP dedicated to recover the device from AP lock.\n"), "");
  EXPECT_EQ(lock_in(""), "");
}

}  // namespace
}  // namespace tinyhil::probe
