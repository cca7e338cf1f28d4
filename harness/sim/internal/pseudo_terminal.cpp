// SPDX-License-Identifier: Apache-2.0
#include "pseudo_terminal.hpp"

#include <asm/termbits.h>  // termios2 holds any rate as a number; excludes <termios.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace tinyhil::sim {

namespace {

[[noreturn]] void fail(int master) {
  const std::string reason = std::strerror(errno);
  if (master >= 0) ::close(master);
  throw Error(ErrorKind::bench_fault, "cannot make a pseudo-terminal: " + reason, "/dev/ptmx",
              "mount /dev/pts, or use --listen instead");
}

bool make_raw(int terminal) {
  termios2 settings{};
  if (::ioctl(terminal, TCGETS2, &settings) != 0) return false;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | B115200;
  settings.c_ispeed = settings.c_ospeed = 115200;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  return ::ioctl(terminal, TCSETS2, &settings) == 0;
}

}  // namespace

PseudoTerminal open_pseudo_terminal() {
  const int master = ::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) fail(master);
  std::array<char, 64> path{};
  if (::ptsname_r(master, path.data(), path.size()) != 0) fail(master);
  // Only a terminal that was open once tells us that it is not.
  const int terminal = ::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) fail(master);
  const bool raw = make_raw(terminal);
  ::close(terminal);
  if (!raw) fail(master);
  return {master, path.data()};
}

bool host_has_open(int master) {
  pollfd state{master, 0, 0};
  return ::poll(&state, 1, 0) == 0 || (state.revents & POLLHUP) == 0;
}

void discard_unread(const std::string& path) {
  const int terminal = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (terminal < 0) return;
  ::ioctl(terminal, TCFLSH, TCIFLUSH);
  ::close(terminal);
}

std::uint32_t rate_set_by_host(int master) {
  termios2 settings{};
  if (::ioctl(master, TCGETS2, &settings) != 0) return 0;
  return settings.c_ospeed;
}

}  // namespace tinyhil::sim
