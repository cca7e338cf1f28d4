// SPDX-License-Identifier: Apache-2.0
#include "tcp.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "base/error.hpp"
#include "transport/internal/stream_transport.hpp"

namespace tinyhil::transport {

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

struct Server {
  std::string host;
  std::string port;
};

// On a loop of its own, as the caller waits; nothing when the time is over: a host that is off does not
// answer at all.
std::optional<error_code> connect_within(std::chrono::milliseconds limit, asio::io_context& io,
                                         tcp::socket& socket, const Server& server) {
  std::optional<error_code> outcome;
  tcp::resolver resolver(io);
  resolver.async_resolve(
      server.host, server.port, [&](error_code error, const tcp::resolver::results_type& endpoints) {
        if (error) {
          outcome = error;
          return;
        }
        asio::async_connect(socket, endpoints,
                            [&](error_code connected, const tcp::endpoint&) { outcome = connected; });
      });
  io.run_for(limit);
  return outcome;
}

tcp::socket connect(const asio::any_io_executor& executor, const Server& server,
                    std::chrono::milliseconds limit) {
  asio::io_context io(1);
  tcp::socket socket(io);
  const std::optional<error_code> error = connect_within(limit, io, socket, server);
  if (!error || *error) {
    const std::string why =
        error ? error->message() : "no answer within " + std::to_string(limit.count()) + " ms";
    throw Error(ErrorKind::bench_fault, "cannot connect: " + why, server.host + ":" + server.port,
                "start the board's server, or correct `host` and `port` in the bench file");
  }
  socket.set_option(tcp::no_delay(true));  // requests are small and each waits for its answer
  const tcp protocol = socket.local_endpoint().protocol();
  return tcp::socket(executor, protocol, socket.release());
}

}  // namespace

std::unique_ptr<Transport> open_tcp(asio::any_io_executor executor, const std::string& host,
                                    std::uint16_t port, std::chrono::milliseconds limit) {
  const Server server{host, std::to_string(port)};
  return std::make_unique<StreamTransport<tcp::socket>>(connect(executor, server, limit),
                                                        "tcp " + server.host + ":" + server.port);
}

}  // namespace tinyhil::transport
