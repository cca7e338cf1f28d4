// SPDX-License-Identifier: Apache-2.0
// The daemon as a whole: one process that owns the boards of a host.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/http/server.hpp"

namespace tinyhil::daemon {

// Of those who call over TCP; empty: there are none.
struct CallerFiles {
  std::filesystem::path tokens{};  // daemon/http/named_tokens.hpp
  std::filesystem::path oidc{};    // internal/oidc_policy.hpp
};

struct DaemonSettings {
  std::vector<std::filesystem::path> benches;  // files, and folders of files
  std::filesystem::path state;                 // the folder of its database; made if it is not there
  UnixSocket socket;
  std::optional<TcpListener> tcp{};
  CallerFiles callers{};
  std::filesystem::path campaigns{};  // folder of those that it keeps; empty: none
  std::chrono::milliseconds time_to_live = std::chrono::seconds(30);  // of a holder that is not heard
  bool is_checking = true;        // boards are greeted; else taken as good
  std::filesystem::path program;  // of tinyhil, for the checks of boards
};

// Until SIGTERM or SIGINT; SIGHUP reads the benches, callers and certificates again, and keeps what there was
// when they are not right. Leases outlive it. Throws Error: usage for the benches, bench_fault for the
// database and the socket.
void run_daemon(DaemonSettings settings);

}  // namespace tinyhil::daemon
