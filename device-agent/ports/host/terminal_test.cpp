// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "thil/port.h"

extern "C" {
#include "host.h"
}

namespace {

// stdin becomes what a test says; the old one comes back.
class Stdin : public testing::Test {
 protected:
  ~Stdin() override {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }

  static void become(int descriptor) {
    ASSERT_EQ(dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
    close(descriptor);
  }

  static speed_t speed() {
    termios now{};
    EXPECT_EQ(tcgetattr(STDIN_FILENO, &now), 0);
    EXPECT_EQ(cfgetispeed(&now), cfgetospeed(&now));
    return cfgetospeed(&now);
  }

 private:
  int saved_ = dup(STDIN_FILENO);
};

TEST_F(Stdin, APipeTakesAnyRate) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  become(ends[0]);
  close(ends[1]);
  EXPECT_TRUE(thil_port_rate(12345));
}

TEST_F(Stdin, ATerminalTakesTheRatesItHasAndAResetReturnsToTheFirst) {
  int ours = -1;
  int theirs = -1;
  ASSERT_EQ(openpty(&ours, &theirs, nullptr, nullptr, nullptr), 0);
  become(theirs);
  const speed_t first = speed();
  ASSERT_NE(first, B921600);
  EXPECT_TRUE(thil_port_rate(921600));
  EXPECT_EQ(speed(), speed_t{B921600});
  EXPECT_TRUE(thil_port_rate(3000000));
  EXPECT_EQ(speed(), speed_t{B3000000});
  EXPECT_FALSE(thil_port_rate(12345));
  EXPECT_EQ(speed(), speed_t{B3000000});
  thil_host_restore_rate();
  EXPECT_EQ(speed(), first);
  close(ours);
}

}  // namespace
