// SPDX-License-Identifier: Apache-2.0
// Serial ports as pseudo-terminals. What only real ports have, tests/kernel_tty_test.py asks.
#include "serial.hpp"

#include <asm/termbits.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include "base/error.hpp"
#include "testing/await.hpp"
#include "testing/complaint.hpp"

namespace tinyhil::transport {
namespace {

using Bytes = std::vector<std::uint8_t>;

// `master` is what a board would be.
struct Terminal {
  int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  std::string path;
  Terminal() {
    ::grantpt(master);
    ::unlockpt(master);
    path = ::ptsname(master);
  }
  ~Terminal() { unplug(); }
  void unplug() {
    if (master >= 0) ::close(master);
    master = -1;
  }
  termios2 settings() const {
    termios2 settings{};
    EXPECT_EQ(::ioctl(master, TCGETS2, &settings), 0);
    return settings;
  }
};

class SerialTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> open(SerialSettings settings = {}) {
    settings.port = terminal_.path;
    return open_serial(io_.get_executor(), std::move(settings));
  }
  std::unique_ptr<Transport> open_port(const std::string& port) {
    SerialSettings settings;
    settings.port = port;
    return open_serial(io_.get_executor(), std::move(settings));
  }
  std::unique_ptr<Transport> open_at(int baud) {
    SerialSettings settings;
    settings.rates.start = baud;
    return open(std::move(settings));
  }

  Terminal terminal_;
  asio::io_context io_{1};
};

TEST_F(SerialTest, APortThatIsNotThereIsToldBesideThoseThatAre) {
  try {
    open_port("/dev/ttyNOWHERE");
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_NE(error.remedy().find("; this machine has "), std::string::npos) << error.remedy();
  }
}

TEST_F(SerialTest, PassesEveryByteValueUnchanged) {
  auto serial = open_at(921600);
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  ASSERT_TRUE(test::await(io_, serial->write(all)));
  Bytes got(256);
  std::size_t size = 0;
  while (size < got.size()) {
    const ssize_t part = ::read(terminal_.master, got.data() + size, got.size() - size);
    ASSERT_GT(part, 0);
    size += static_cast<std::size_t>(part);
  }
  EXPECT_EQ(got, all);
  ASSERT_EQ(::write(terminal_.master, all.data(), 64), 64);
  Bytes back(64);
  ASSERT_EQ(*test::await(io_, serial->read(back)), 64U);
  EXPECT_EQ(back, Bytes(all.begin(), all.begin() + 64));
}

TEST_F(SerialTest, AReadWithoutDataIsNoEndOfFileWhateverAnotherProgramLeft) {
  termios2 left = terminal_.settings();
  left.c_cc[VMIN] = 0;
  left.c_lflag &= ~static_cast<tcflag_t>(ICANON);
  ASSERT_EQ(::ioctl(terminal_.master, TCSETS2, &left), 0);
  const auto serial = open();
  Bytes none(8);
  const Result<std::size_t> size = serial->read_some(none);
  ASSERT_TRUE(size) << size.error().what;
  EXPECT_EQ(*size, 0U);
  EXPECT_EQ(terminal_.settings().c_cc[VMIN], 1);
}

TEST_F(SerialTest, APortThatVanishesIsGone) {
  const auto serial = open();
  terminal_.unplug();
  Bytes none(8);
  const Result<std::size_t> size = test::await(io_, serial->read(none));
  ASSERT_FALSE(size);
  EXPECT_EQ(size.error().kind, FaultKind::gone);
}

TEST_F(SerialTest, APortThatIsNotWatchedReadsWritesAndVanishesAsOthersDo) {
  SerialSettings settings;
  settings.is_watched = false;
  const auto serial = open(settings);
  const Bytes said = {1, 0, 255};
  ASSERT_TRUE(test::await(io_, serial->write(said)));
  Bytes got(said.size());
  ASSERT_EQ(::read(terminal_.master, got.data(), got.size()), 3);
  EXPECT_EQ(got, said);
  for (int turn = 0; turn < 2; ++turn) {
    ASSERT_EQ(*serial->read_some(got), 0U);
    ASSERT_EQ(::write(terminal_.master, said.data(), said.size()), 3);
    EXPECT_EQ(*test::await(io_, serial->read(got)), 3U);
  }
  terminal_.unplug();
  EXPECT_EQ(test::await(io_, serial->read(got)).error().kind, FaultKind::gone);
}

asio::awaitable<bool> wait_for_bytes(Transport& line) {
  co_await line.wait(Transport::Until::readable);
  co_return true;
}

TEST_F(SerialTest, AWaitAtAPortThatIsNotWatchedCanBeStopped) {
  SerialSettings settings;
  settings.is_watched = false;
  const auto serial = open(settings);
  // The wait begins in between.
  asio::post(io_, [&] { asio::post(io_, [&] { serial->stop_waiting(); }); });
  EXPECT_TRUE(test::await(io_, wait_for_bytes(*serial)));
  Bytes none(1);
  EXPECT_EQ(*serial->read_some(none), 0U);
}

TEST_F(SerialTest, LeavesNothingOnThatWouldDropTheLinesAtClose) {
  const auto serial = open();
  const termios2 settings = terminal_.settings();
  EXPECT_EQ(settings.c_cflag & (HUPCL | CRTSCTS | PARENB | CSTOPB), 0U);
  EXPECT_EQ(settings.c_cflag & (CLOCAL | CREAD | CSIZE), static_cast<tcflag_t>(CLOCAL | CREAD | CS8));
}

TEST_F(SerialTest, SetsRatesByTheirNameAndOddOnesByTheirNumber) {
  const auto serial = open_at(921600);
  EXPECT_EQ(terminal_.settings().c_cflag & CBAUD, static_cast<tcflag_t>(B921600));
  ASSERT_TRUE(serial->set_rate(250'000));
  EXPECT_EQ(terminal_.settings().c_cflag & CBAUD, static_cast<tcflag_t>(BOTHER));
  EXPECT_EQ(terminal_.settings().c_ospeed, 250'000U);
  EXPECT_EQ(serial->describe(), "serial " + terminal_.path + " at 250000");
}

TEST_F(SerialTest, APortHasOneUserAndTheNextIsToldWho) {
  const auto first = open();
  const Error error = test::error_of([&] { open(); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  const std::string holder = "process " + std::to_string(::getpid()) + " (";
  EXPECT_EQ(std::string(error.what()).find("the serial port is already in use by " + holder), 0U)
      << error.what();
  EXPECT_EQ(error.where(), terminal_.path);
}

TEST_F(SerialTest, AMissingPortSaysWhatToDo) {
  const Error error = test::error_of([&] { open_port("/dev/ttyNONE"); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_NE(error.remedy().find("plug the board in"), std::string::npos);
}

TEST_F(SerialTest, AFileThatIsNoPortIsRefused) {
  const Error error = test::error_of([&] { open_port("/dev/null"); });
  EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
  EXPECT_STREQ(error.what(), "this is no serial port");
}

TEST_F(SerialTest, LinesThatAreAskedForMustBeThere) {
  SerialSettings that_rest, that_reset;
  that_rest.needs_lines = true;
  that_reset.reset = ResetBy::dtr;
  for (const SerialSettings& asked : {that_rest, that_reset}) {
    const Error error = test::error_of([&] { open(asked); });
    EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
    EXPECT_STREQ(error.what(), "the serial port has no DTR and RTS lines to set");
  }
}

}  // namespace
}  // namespace tinyhil::transport
