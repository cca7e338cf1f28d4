// SPDX-License-Identifier: Apache-2.0
// The command lines of the daemon and of what uses it.
#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/http/daemon_address.hpp"
#include "daemon/http/tls_files.hpp"
#include "model/exit_code.hpp"
#include "sim_options.hpp"

namespace tinyhil::app {

// Where the daemon of this machine listens: $TINYHIL_DAEMON, or the socket that `tinyhil daemon` makes for
// this user.
std::string daemon_address();
// Over TCP it shows what $TINYHIL_TOKEN says. Throws Error(usage).
daemon::DaemonAddress address_of(const std::string& daemon);

struct DaemonOptions {
  std::vector<std::filesystem::path> benches;
  std::filesystem::path state;
  std::filesystem::path socket;
  std::string group{};                // whose members may lease boards
  std::string runner_group{};         // whose members may, too, but bring nothing by which models are judged
  std::filesystem::path campaigns{};  // folder of those that the daemon keeps
  std::string listen{};
  std::filesystem::path token_file{};
  std::filesystem::path tokens{};
  std::filesystem::path oidc{};
  daemon::TlsFiles tls{};
  bool is_checking = true;
  std::chrono::milliseconds time_to_live{30'000};
};

struct TokenOptions {
  std::string name;
  std::string role = "user";
  std::string boards{};  // a selector
  std::filesystem::path file;
};

struct LeaseOptions {
  std::string daemon;
  std::string selector;
  std::vector<std::string> command;
  std::chrono::milliseconds wait{0};
  std::string priority = "normal";
  std::string purpose{};
  std::string expects{};
  std::string longest{};
  std::filesystem::path status_file{};
  std::optional<bool> is_remote{};  // the program reaches the board through the daemon
};

struct AskDaemonOptions {
  std::string daemon;
  std::string what{};  // a board's name, or the number of a lease or a campaign
  std::string reason{};
  bool json = false;
};

ExitCode token_command(const TokenOptions& options);
ExitCode daemon_command(const DaemonOptions& options);
ExitCode lease_command(const LeaseOptions& options);  // the command's own code when it has run to its end
ExitCode leases_command(const AskDaemonOptions& options);
ExitCode why_command(const AskDaemonOptions& options);
ExitCode campaigns_command(const AskDaemonOptions& options);
ExitCode cancel_command(const AskDaemonOptions& options);
ExitCode release_command(const AskDaemonOptions& options);
ExitCode quarantine_command(const AskDaemonOptions& options);
ExitCode readmit_command(const AskDaemonOptions& options);
ExitCode daemon_boards_command(const AskDaemonOptions& options);

// Adds them; parsing one of them sets `action`.
void add_daemon(CLI::App& app, Action& action);

}  // namespace tinyhil::app
