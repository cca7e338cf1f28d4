// SPDX-License-Identifier: Apache-2.0
#include "service_place.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/temporary_folder.hpp"

namespace tinyhil::daemon {

namespace {

std::filesystem::path folder_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

}  // namespace

std::filesystem::path socket_file() {
  constexpr const char* kSystem = "/run/tinyhil/daemon.sock";
  if (::geteuid() == 0) return kSystem;
  const std::filesystem::path runtime = folder_in("XDG_RUNTIME_DIR");
  const std::filesystem::path own =
      runtime.empty() ? temporary_place() / ("tinyhil-" + std::to_string(::geteuid())) : runtime / "tinyhil";
  // A daemon of this account goes before one of the system.
  std::error_code error;
  const bool is_only_system =
      !std::filesystem::exists(own / "daemon.sock", error) && std::filesystem::exists(kSystem, error);
  return is_only_system ? kSystem : own / "daemon.sock";
}

std::filesystem::path state_folder() {
  if (::geteuid() == 0) return "/var/lib/tinyhil";
  const std::filesystem::path state = folder_in("XDG_STATE_HOME");
  return (state.empty() ? folder_in("HOME") / ".local/state" : state) / "tinyhil";
}

}  // namespace tinyhil::daemon
