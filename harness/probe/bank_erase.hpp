// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/fault.hpp"
#include "formats/firmware_image.hpp"
#include "probe/openocd.hpp"

namespace tinyhil::probe {

// Erases, whole, each flash bank that a part of the image belongs to, with the core halted: whatever lay
// there is gone. Other banks, which may hold option bytes, stay. Faults as OpenOcd::call; `refused` also
// where no bank is known for the image.
asio::awaitable<Result<void>> erase_banks_of(OpenOcd& openocd, const FirmwareImage& image);

}  // namespace tinyhil::probe
