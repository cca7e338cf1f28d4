// SPDX-License-Identifier: Apache-2.0
// Whether the firmware of a file is the one on the device.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "formats/firmware_image.hpp"
#include "model/device.hpp"

namespace tinyhil::campaign {

namespace asio = boost::asio;

struct ImageMatch {
  bool is_same = false;
  std::string difference;  // for people; empty when it is the same, or when only the digests differ
};

// The device's digest of a part of its firmware, as Device::segment() has it.
using AskSegment = std::function<asio::awaitable<Result<Digest>>(std::uint32_t offset, std::uint32_t size)>;

// A file does not tell what lies in its gaps: the flash tool leaves 0xFF there, or writes 0x00, or what was
// there before. Where the device's one digest is that of neither, it is asked for the parts that the file
// does tell, and every byte of them must be the same. Both references must outlive the call.
asio::awaitable<Result<ImageMatch>> match_image(const FirmwareImage& image, const DeviceIdentity& device,
                                                AskSegment ask);

}  // namespace tinyhil::campaign
