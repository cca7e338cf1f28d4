// SPDX-License-Identifier: Apache-2.0
#include "tcp.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "base/error.hpp"
#include "stream_transport.hpp"

namespace tinyhil {

namespace {

using boost::asio::ip::tcp;

tcp::socket connect(const asio::any_io_executor& executor, const std::string& host, const std::string& port) {
  boost::system::error_code error;
  tcp::resolver resolver(executor);
  const auto endpoints = resolver.resolve(host, port, error);
  tcp::socket socket(executor);
  for (const auto& endpoint : endpoints) {
    socket.close(error);
    socket.connect(endpoint, error);
    if (!error) break;
  }
  if (error) {
    throw Error(ErrorKind::bench_fault, "cannot connect: " + error.message(), host + ":" + port,
                "start the board's server, or correct `host` and `port` in the bench file");
  }
  socket.set_option(tcp::no_delay(true));  // requests are small and each waits for its answer
  return socket;
}

}  // namespace

std::unique_ptr<Transport> open_tcp(asio::any_io_executor executor, const std::string& host,
                                    std::uint16_t port) {
  const std::string number = std::to_string(port);
  return std::make_unique<StreamTransport<tcp::socket>>(connect(executor, host, number),
                                                        "tcp " + host + ":" + number);
}

}  // namespace tinyhil
