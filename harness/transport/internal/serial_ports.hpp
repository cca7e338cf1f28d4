// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tinyhil::transport {

// The serial ports of this machine on one line, for the error about a port that is not there:
// "/dev/ttyACM0 (STM32 STLink, USB 0483:374b, serial 0671FF), /dev/ttyUSB0 (...)". At most eight; empty when
// there are none, or when they cannot be listed. Opens no adapter.
std::string serial_ports();

}  // namespace tinyhil::transport
