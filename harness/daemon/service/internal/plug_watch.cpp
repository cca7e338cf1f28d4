// SPDX-License-Identifier: Apache-2.0
#include "plug_watch.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::milliseconds kSettles{200};
constexpr int kMessagesMost = 1'000;  // read at once
constexpr unsigned kFromKernel = 1;   // groups of NETLINK_KOBJECT_UEVENT
constexpr unsigned kFromUdev = 2;  // after its rules, when owner and links of a device file are as they stay
constexpr const char* kUdevRuns = "/run/udev/control";

int open_events() {
  const int opened = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
  if (opened < 0) return -1;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = ::access(kUdevRuns, F_OK) == 0 ? kFromUdev : kFromKernel;
  if (::bind(opened, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return opened;
  ::close(opened);
  return -1;
}

// What waits in the socket is taken out. True: something of it is a reason to look.
bool drain(int descriptor) {
  bool is_news = false;
  std::array<char, 8192> message{};
  for (int i = 0; i < kMessagesMost; ++i) {
    const ssize_t size = ::recv(descriptor, message.data(), message.size(), MSG_DONTWAIT);
    if (size < 0 && errno == ENOBUFS)
      is_news = true;  // some were lost
    else if (size < 0)
      return is_news;
    else
      is_news = tells_of_plugs({message.data(), static_cast<std::size_t>(size)}) || is_news;
  }
  return is_news;
}

}  // namespace

bool tells_of_plugs(std::string_view message) {
  using namespace std::string_view_literals;
  return message.find("SUBSYSTEM=tty\0"sv) != std::string_view::npos ||
         message.find("SUBSYSTEM=usb\0"sv) != std::string_view::npos;
}

PlugWatch::PlugWatch(const asio::any_io_executor& executor) : socket_(executor), settled_(executor) {
  if (const int opened = open_events(); opened >= 0) socket_.assign(opened);
}

asio::awaitable<void> PlugWatch::changed() {
  bool is_news = false;
  while (!is_news) {
    co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    is_news = drain(socket_.native_handle());
  }
  settled_.expires_after(kSettles);
  co_await settled_.async_wait(asio::use_awaitable);
}

}  // namespace tinyhil::daemon
