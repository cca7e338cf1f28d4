// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport.hpp"

namespace tinyhil {

// A connection to a TCP server. Throws Error(bench_fault) when there is none.
std::unique_ptr<Transport> open_tcp(asio::any_io_executor executor, const std::string& host,
                                    std::uint16_t port);

}  // namespace tinyhil
