// SPDX-License-Identifier: Apache-2.0
#include "new_key.hpp"

#include <array>
#include <random>

#include "base/hex.hpp"

namespace tinyhil::daemon {

std::string new_key() {
  std::random_device random;
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint8_t& each : bytes) each = static_cast<std::uint8_t>(random());
  return to_hex(bytes);
}

}  // namespace tinyhil::daemon
