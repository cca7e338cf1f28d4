// SPDX-License-Identifier: Apache-2.0
// Where emulated boards connect their second serial port: one at a time, each as often as it is started.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace tinyhil::sim {

class ActivityPort {
 public:
  // Throw Error(bench_fault) when the place is taken. The file goes with the port.
  ActivityPort(const boost::asio::any_io_executor& executor, std::filesystem::path socket);
  ActivityPort(const boost::asio::any_io_executor& executor, std::uint16_t port);  // of 127.0.0.1; 0: any
  ActivityPort(const ActivityPort&) = delete;
  ActivityPort& operator=(const ActivityPort&) = delete;
  ~ActivityPort() { close(); }

  // Waits for a board if there is none. 0: it has left, another may come; or the port was closed.
  boost::asio::awaitable<std::size_t> read(std::span<std::uint8_t> into);
  void close();
  std::string address() const;

 private:
  boost::asio::awaitable<void> accept();

  std::filesystem::path path_;
  std::optional<boost::asio::local::stream_protocol::acceptor> local_;
  std::optional<boost::asio::ip::tcp::acceptor> tcp_;
  boost::asio::generic::stream_protocol::socket board_;
};

}  // namespace tinyhil::sim
