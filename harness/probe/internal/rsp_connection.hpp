// SPDX-License-Identifier: Apache-2.0
// A connection to a GDB server: packets out and in, each acknowledged until both sides agree not to.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "base/fault.hpp"
#include "rsp_packet.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::probe {

// After any fault every call has this fault: what comes next might be the answer to an earlier packet.
class RspConnection {
 public:
  explicit RspConnection(const asio::any_io_executor& executor) : socket_(executor), deadline_(executor) {}

  // Fault `gone` when nobody listens there, or not within the limit.
  asio::awaitable<Result<void>> connect(asio::ip::tcp::endpoint server, std::chrono::milliseconds limit);

  asio::awaitable<Result<void>> send(std::string content);
  asio::awaitable<Result<void>> send_interrupt();
  // The next packet. Faults: `timeout`, `corrupt` when packets stay damaged, `gone`.
  asio::awaitable<Result<std::string>> receive(std::chrono::milliseconds limit);

  // The same, where it is no fault that nothing comes within the limit.
  asio::awaitable<Result<std::optional<std::string>>> receive_within(std::chrono::milliseconds limit);

  void stop_acknowledging() { acknowledges_ = false; }
  void close();

 private:
  // Answers an item; what it was when it is a packet.
  asio::awaitable<Result<std::optional<std::string>>> take(RspItem item, int& repeats);
  asio::awaitable<Result<void>> write(std::string bytes, std::chrono::milliseconds limit);
  Fault broken(Fault fault);

  asio::ip::tcp::socket socket_;
  asio::steady_timer deadline_;
  RspReader reader_;
  std::string last_sent_;
  bool acknowledges_ = true;
  bool is_broken_ = false;
  Fault fault_{FaultKind::gone, {}, {}};
};

}  // namespace tinyhil::probe
