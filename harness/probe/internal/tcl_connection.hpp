// SPDX-License-Identifier: Apache-2.0
// A connection to OpenOCD's Tcl port: a command goes out, its answer comes back, both ended by the byte 0x1A.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>

#include "base/fault.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::probe {

inline constexpr std::size_t kTclReplyMost = 1 << 20;

class TclConnection {
 public:
  TclConnection(const asio::any_io_executor& executor, int descriptor);

  // The result of a command that OpenOCD carried out. Faults: `refused` with what OpenOCD says, `timeout`
  // when it says nothing in time, `corrupt` when its answer is none, `gone` when the connection ended. After
  // one of the last three nothing is asked any more, and the fault stays: an answer might be that to an
  // earlier command. One call at a time.
  asio::awaitable<Result<std::string>> call(std::string command, std::chrono::milliseconds limit);

  // To be used with another executor; this object is done with.
  int release();
  void close();
  // "Goodbye", without waiting.
  void send_shutdown();

 private:
  asio::awaitable<Result<std::string>> exchange(std::string command, std::chrono::milliseconds limit);

  asio::ip::tcp::socket socket_;
  bool is_broken_ = false;
  Fault broken_{FaultKind::gone, {}, {}};
};

}  // namespace tinyhil::probe
