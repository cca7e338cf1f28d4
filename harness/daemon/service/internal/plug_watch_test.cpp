// SPDX-License-Identifier: Apache-2.0
// That boards come and go on a real kernel is shown in tests/kernel_tty_test.py.
#include "plug_watch.hpp"

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <thread>

namespace tinyhil::daemon {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

// To whoever listens to the kernel or to udev in this thread's network namespace.
bool tell_listeners(std::string_view message) {
  const int sender = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
  sockaddr_nl everybody{};
  everybody.nl_family = AF_NETLINK;
  everybody.nl_groups = 3;
  const ssize_t sent = ::sendto(sender, message.data(), message.size(), 0,
                                reinterpret_cast<const sockaddr*>(&everybody), sizeof everybody);
  ::close(sender);
  return sent == static_cast<ssize_t>(message.size());
}

TEST(PlugWatch, ReturnsWhenAPortIsToldOfAndForNothingElse) {
  bool is_alone = false;
  std::thread listener([&is_alone] {
    is_alone = ::unshare(CLONE_NEWNET) == 0;  // of this thread only
    if (!is_alone) return;
    asio::io_context io(1);
    PlugWatch watch(io.get_executor());
    ASSERT_TRUE(watch.hears());
    bool has_changed = false;
    asio::co_spawn(io, watch.changed(), [&](std::exception_ptr thrown) { has_changed = !thrown; });
    ASSERT_TRUE(tell_listeners("add@/devices/x\0SUBSYSTEM=block\0"sv));
    io.run_for(500ms);
    EXPECT_FALSE(has_changed);
    ASSERT_TRUE(tell_listeners("add@/devices/x/tty/ttyUSB0\0SUBSYSTEM=tty\0"sv));
    io.run_for(20s);
    EXPECT_TRUE(has_changed);
  });
  listener.join();
  if (!is_alone) GTEST_SKIP() << "this user may make no network namespace";
}

TEST(PlugWatch, SerialPortsAndUsbDevicesAreAReasonToLookAndNothingElseIs) {
  EXPECT_TRUE(tells_of_plugs("add@/devices/x/tty/ttyUSB0\0ACTION=add\0SUBSYSTEM=tty\0SEQNUM=7\0"sv));
  EXPECT_TRUE(tells_of_plugs("libudev\0\xfe\xed\xca\xfe\0ACTION=remove\0SUBSYSTEM=usb\0"sv));
  EXPECT_FALSE(tells_of_plugs("add@/devices/x\0ACTION=add\0SUBSYSTEM=block\0"sv));
  EXPECT_FALSE(tells_of_plugs("add@/devices/x\0SUBSYSTEM=ttyish\0"sv));
  EXPECT_FALSE(tells_of_plugs("SUBSYSTEM=tty"sv)) << "cut off";
  EXPECT_FALSE(tells_of_plugs(""sv));
}

}  // namespace
}  // namespace tinyhil::daemon
