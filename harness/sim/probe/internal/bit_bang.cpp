// SPDX-License-Identifier: Apache-2.0
#include "bit_bang.hpp"

namespace tinyhil::sim {

bool BitBang::receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) {
  for (const std::uint8_t byte : bytes) {
    switch (byte) {
      case 'R':
        reply.push_back(tap_.tdo() ? '1' : '0');
        break;
      case 'Q':
        return false;
      case 'B':
      case 'b':
        break;  // a light, on or off
      default:
        if (byte >= '0' && byte <= '7') {
          drive(byte - '0');
        } else if (byte >= 'r' && byte <= 'u') {
          reset(byte - 'r');
        } else {
          return false;
        }
    }
  }
  return true;
}

void BitBang::drive(unsigned pins) {
  const bool clock = (pins & 4) != 0;
  if (clock && !clock_is_high_) tap_.clock((pins & 2) != 0, (pins & 1) != 0);
  clock_is_high_ = clock;
}

void BitBang::reset(unsigned pins) {
  if ((pins & 2) != 0) tap_.reset();
  wires_.core.drive_reset_pin((pins & 1) != 0);
}

}  // namespace tinyhil::sim
