// SPDX-License-Identifier: Apache-2.0
#include "descriptor.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include "transport/internal/stream_transport.hpp"

namespace tinyhil::transport {

std::unique_ptr<Transport> open_descriptor(asio::any_io_executor executor, int socket,
                                           std::string description) {
  using Socket = asio::local::stream_protocol::socket;
  return std::make_unique<StreamTransport<Socket>>(Socket(executor, asio::local::stream_protocol(), socket),
                                                   std::move(description));
}

}  // namespace tinyhil::transport
