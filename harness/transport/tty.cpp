// SPDX-License-Identifier: Apache-2.0
#include "tty.hpp"

#include <asm/termbits.h>  // termios2 holds any rate as a number; excludes <termios.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "transport/internal/port_holder.hpp"
#include "transport/internal/serial_ports.hpp"

namespace tinyhil::transport {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kDrainLimit{2'000};
constexpr milliseconds kDrainLook{2};
constexpr unsigned kMemory = 1;  // majors, Documentation/admin-guide/devices.txt: /dev/null and its like
constexpr unsigned kPseudoFirst = 136;  // pseudo-terminals
constexpr unsigned kPseudoLast = 143;

struct NamedRate {
  int baud;
  tcflag_t name;
};
// By name where there is one: other programs read names.
constexpr std::array kNamedRates{
    NamedRate{300, B300},         NamedRate{600, B600},         NamedRate{1200, B1200},
    NamedRate{2400, B2400},       NamedRate{4800, B4800},       NamedRate{9600, B9600},
    NamedRate{19200, B19200},     NamedRate{38400, B38400},     NamedRate{57600, B57600},
    NamedRate{115200, B115200},   NamedRate{230400, B230400},   NamedRate{460800, B460800},
    NamedRate{500000, B500000},   NamedRate{576000, B576000},   NamedRate{921600, B921600},
    NamedRate{1000000, B1000000}, NamedRate{1152000, B1152000}, NamedRate{1500000, B1500000},
    NamedRate{2000000, B2000000}, NamedRate{2500000, B2500000}, NamedRate{3000000, B3000000},
    NamedRate{3500000, B3500000}, NamedRate{4000000, B4000000}};

tcflag_t rate_bits(int baud) {
  for (const NamedRate& named : kNamedRates) {
    if (named.baud == baud) return named.name;
  }
  return BOTHER;
}

[[noreturn]] void fail(const std::string& what, const std::string& path, const std::string& remedy) {
  throw Error(ErrorKind::bench_fault, what, path, remedy);
}

[[noreturn]] void fail_held(const std::string& path) {
  const std::string holders = port_holders(path);
  fail("the serial port is already in use" + (holders.empty() ? "" : " by " + holders), path,
       "close the program that holds it, for example a terminal, a login prompt (getty) or ModemManager");
}

std::string ports_there_are() {
  const std::string ports = serial_ports();
  return ports.empty() ? "; this machine has no serial port" : "; this machine has " + ports;
}

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  if (error == EBUSY) fail_held(path);
  fail(std::string("cannot open the serial port: ") + std::strerror(error), path,
       error == EACCES   ? "add your user to the group that owns the port (often `dialout`)"
       : error == ENOENT ? "plug the board in, or correct `port` in the bench file" + ports_there_are()
                         : "plug the board in anew, and see what `dmesg` says of the port");
}

// Linux raises DTR at every open, also of a port that is open, and with it would reset the holder's board.
// The other end of a pseudo-terminal is often held by whoever made it.
void look_for_holders(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISCHR(status.st_mode)) return;
  const unsigned kind = major(status.st_rdev);
  if (kind == kMemory || (kind >= kPseudoFirst && kind <= kPseudoLast)) return;
  if (!port_holders(path).empty()) fail_held(path);
}

// flock() as other terminal programs do it; TIOCEXCL for those that do not look, root's excepted.
bool take_exclusively(int descriptor) {
  return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::ioctl(descriptor, TIOCEXCL) == 0;
}

// TCSETSW2 alone would wait for ever for a device that takes nothing.
void let_output_leave(int descriptor) {
  const auto limit = steady_clock::now() + kDrainLimit;
  int waiting = 0;
  while (::ioctl(descriptor, TIOCOUTQ, &waiting) == 0 && waiting > 0) {
    if (steady_clock::now() >= limit) {
      ::ioctl(descriptor, TCFLSH, TCOFLUSH);
      return;
    }
    std::this_thread::sleep_for(kDrainLook);
  }
}

void make_raw(termios2& settings) {
  settings.c_iflag = 0;  // a break reads as a zero, which ends a frame
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag &= ~static_cast<tcflag_t>(CSIZE | CSTOPB | PARENB | CMSPAR | CRTSCTS | HUPCL);
  settings.c_cflag |= CS8 | CREAD | CLOCAL;
  settings.c_cc[VMIN] = 1;  // 0 makes a read without data look like the end of a file
  settings.c_cc[VTIME] = 0;
}

void set_rate(termios2& settings, int baud) {
  settings.c_cflag &= ~static_cast<tcflag_t>(CBAUD | (CBAUD << IBSHIFT));
  settings.c_cflag |= rate_bits(baud);
  settings.c_ispeed = static_cast<speed_t>(baud);
  settings.c_ospeed = static_cast<speed_t>(baud);
}

}  // namespace

boost::asio::posix::stream_descriptor open_tty(const boost::asio::any_io_executor& executor,
                                               const std::string& path) {
  look_for_holders(path);
  const int opened = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) fail_to_open(path, errno);
  if (::isatty(opened) == 0) {
    ::close(opened);
    fail("this is no serial port", path, "correct `port` in the bench file");
  }
  if (!take_exclusively(opened)) {
    ::close(opened);
    fail_held(path);
  }
  return boost::asio::posix::stream_descriptor(executor, opened);
}

std::optional<int> configure_tty(int descriptor, int baud) {
  termios2 settings{};
  if (::ioctl(descriptor, TCGETS2, &settings) != 0) return std::nullopt;
  make_raw(settings);
  set_rate(settings, baud);
  let_output_leave(descriptor);
  if (::ioctl(descriptor, TCSETSW2, &settings) != 0) return std::nullopt;
  if (::ioctl(descriptor, TCGETS2, &settings) != 0) return std::nullopt;
  return static_cast<int>(settings.c_ospeed);
}

bool set_modem_lines(int descriptor, ModemLines lines) {
  unsigned state = 0;
  if (::ioctl(descriptor, TIOCMGET, &state) != 0) return false;
  state &= ~static_cast<unsigned>(TIOCM_DTR | TIOCM_RTS);
  if (lines.dtr) state |= TIOCM_DTR;
  if (lines.rts) state |= TIOCM_RTS;
  return ::ioctl(descriptor, TIOCMSET, &state) == 0;
}

bool lower_tty_latency(int descriptor) {
  serial_struct settings{};
  if (::ioctl(descriptor, TIOCGSERIAL, &settings) != 0) return false;
  settings.flags &= ~ASYNC_SPD_MASK;  // another program's custom rate in place of 38,400
  settings.flags |= ASYNC_LOW_LATENCY;
  return ::ioctl(descriptor, TIOCSSERIAL, &settings) == 0;
}

}  // namespace tinyhil::transport
