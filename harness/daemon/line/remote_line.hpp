// SPDX-License-Identifier: Apache-2.0
// The line of a leased board, through the daemon that leased it. A connection that breaks off is made anew,
// and the bytes go on where they were; what cannot go on ends the line, as a cable that is pulled does.
// Example:
//
//   auto line = open_remote_line(executor, {address, 12, 3});
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "daemon/http/daemon_address.hpp"
#include "transport/transport.hpp"

namespace tinyhil::daemon {

struct RemoteLineSettings {
  DaemonAddress address;
  std::uint64_t lease = 0;
  std::uint64_t epoch = 0;
  std::chrono::milliseconds open =
      std::chrono::seconds(60);  // to reach the daemon, and for it to open the line
  std::chrono::milliseconds patience =
      std::chrono::seconds(20);  // for a connection that broke off to come back
};

// The caller waits for it. Throws what the daemon refuses with: no_lease when somebody else has the line,
// lease_lost, not_allowed; bench_fault when the daemon is not reached or the line does not open.
std::unique_ptr<transport::Transport> open_remote_line(asio::any_io_executor executor,
                                                       RemoteLineSettings settings);

}  // namespace tinyhil::daemon
