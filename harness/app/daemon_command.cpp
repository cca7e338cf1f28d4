// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "daemon/service/daemon.hpp"
#include "daemon_options.hpp"

namespace tinyhil::app {

namespace {

constexpr mode_t kSocketMode = 0666;  // who connects is told by the kernel, and has the role of their account

daemon::TcpListener listener_of(const DaemonOptions& options) {
  const std::size_t colon = options.listen.rfind(':');
  const auto port =
      colon == std::string::npos ? std::nullopt : parse_integer(options.listen.substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535)
    throw Error(ErrorKind::usage, "`" + options.listen + "` is no address and port", "--listen",
                "write such as 127.0.0.1:8080 or [::]:8443");
  daemon::TcpListener tcp;
  tcp.address = options.listen.substr(0, colon);
  if (tcp.address.starts_with('[') && tcp.address.ends_with(']'))
    tcp.address = tcp.address.substr(1, tcp.address.size() - 2);
  tcp.port = static_cast<std::uint16_t>(*port);
  tcp.token_file = options.token_file;
  if (!options.tls.certificate.empty()) tcp.tls = options.tls;
  return tcp;
}

void make_folder_of(const std::filesystem::path& socket) {
  std::error_code error;
  std::filesystem::create_directories(socket.parent_path(), error);
  if (error)
    throw Error(ErrorKind::bench_fault, "cannot make the socket's folder: " + error.message(),
                socket.parent_path().string(), "make it, or name another place with --socket");
}

}  // namespace

ExitCode daemon_command(const DaemonOptions& options) {
  daemon::DaemonSettings settings;
  settings.benches = options.benches;
  settings.state = options.state;
  settings.socket = {
      std::filesystem::absolute(options.socket), kSocketMode,
      daemon::by_groups({{options.group, daemon::Role::user}, {options.runner_group, daemon::Role::runner}})};
  if (!options.listen.empty()) settings.tcp = listener_of(options);
  settings.campaigns = options.campaigns;
  settings.callers = {options.tokens, options.oidc};
  if (options.time_to_live < std::chrono::milliseconds(100))
    throw Error(ErrorKind::usage, "a lease would be over before its holder could be heard", "--time-to-live",
                "write 100 ms or more");
  settings.time_to_live = options.time_to_live;
  settings.is_checking = options.is_checking;
  settings.program = std::filesystem::read_symlink("/proc/self/exe");
  make_folder_of(settings.socket.path);
  daemon::run_daemon(std::move(settings));
  return ExitCode::pass;
}

}  // namespace tinyhil::app
