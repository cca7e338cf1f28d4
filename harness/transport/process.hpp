// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport.hpp"

namespace tinyhil::transport {

// A program's stdin and stdout; command[0] is looked up in PATH. The process is killed when the transport is
// destroyed, and by the kernel when we die first. Throws Error(bench_fault) when it cannot be started.
std::unique_ptr<Transport> open_process(asio::any_io_executor executor, std::vector<std::string> command);

}  // namespace tinyhil::transport
