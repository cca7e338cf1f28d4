// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace tinyhil::transport {

// Who has this device file open, as far as we may look into /proc (all processes to root, to others their
// own): "process 4711 (minicom -D /dev/ttyUSB0)", three of them at most. Empty when none is seen.
std::string port_holders(const std::filesystem::path& port);

}  // namespace tinyhil::transport
