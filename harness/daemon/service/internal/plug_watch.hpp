// SPDX-License-Identifier: Apache-2.0
// Hears from udev, or from the kernel where no udev runs, that a serial port or USB device came or went. What
// they say is not believed, only taken as a reason to look. Example:
//
//   PlugWatch watch(io.get_executor());
//   if (watch.hears()) co_await watch.changed();
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string_view>

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::daemon {

class PlugWatch {
 public:
  explicit PlugWatch(const asio::any_io_executor& executor);

  // False: this process may not listen, as in some containers; then it must look by itself.
  bool hears() const { return socket_.is_open(); }

  // Returns a moment after something came or went, so that what comes together is one change; also when more
  // was said than the kernel keeps for us. Throws boost::system::system_error when the socket breaks.
  asio::awaitable<void> changed();

 private:
  asio::posix::stream_descriptor socket_;
  asio::steady_timer settled_;
};

// Whether a message, in the kernel's words or in udev's, is about a serial port or a USB device.
bool tells_of_plugs(std::string_view message);

}  // namespace tinyhil::daemon
