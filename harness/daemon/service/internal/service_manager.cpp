// SPDX-License-Identifier: Apache-2.0
#include "service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/quantity.hpp"

namespace tinyhil::daemon {

void tell_service_manager(std::string_view state) {
  const char* named = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = named == nullptr ? 0 : std::strlen(named);
  if (length == 0 || length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, named, length);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // a name without a file
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  // A service manager that is gone is no reason to stop the service.
  static_cast<void>(::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address),
                             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length)));
  ::close(socket);
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  const char* pid = std::getenv("WATCHDOG_PID");
  if (pid != nullptr && pid != std::to_string(::getpid())) return std::nullopt;
  const char* limit = std::getenv("WATCHDOG_USEC");
  const std::optional<std::int64_t> limit_us = limit == nullptr ? std::nullopt : parse_integer(limit);
  if (!limit_us || *limit_us <= 1) return std::nullopt;
  return std::chrono::microseconds(*limit_us / 2);
}

}  // namespace tinyhil::daemon
