// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "transport.hpp"

namespace tinyhil::transport {

// A connection to a TCP server; the caller waits for it. Throws Error(bench_fault) when there is none within
// the limit.
std::unique_ptr<Transport> open_tcp(asio::any_io_executor executor, const std::string& host,
                                    std::uint16_t port,
                                    std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace tinyhil::transport
