// SPDX-License-Identifier: Apache-2.0
// QEMU's machine protocol: a JSON document a line.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "socket.hpp"

namespace tinyhil::sim {

class Monitor {
 public:
  explicit Monitor(const std::filesystem::path& path);

  void execute(const std::string& command);
  void reset();               // waits until it is done
  bool guest_has_reset();     // by itself, since the last call; does not wait
  std::string serial_port();  // as QEMU names it: "pty:/dev/pts/7"

 private:
  nlohmann::json ask(const std::string& command);
  void note(const nlohmann::json& message);

  EmulatorSocket socket_;
  bool reset_by_us_ = false;
  bool reset_by_guest_ = false;
};

}  // namespace tinyhil::sim
