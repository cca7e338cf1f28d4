// SPDX-License-Identifier: Apache-2.0
// A firmware file as the device sees it. ELF of any machine, Intel HEX, Motorola S-records, UF2 and raw
// bytes, told apart by what they hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "flash_segment.hpp"

namespace tinyhil {

// What the device reads back of itself.
struct FlashRange {
  std::uint64_t base = 0;  // where it sees the first byte; another alias than the file's, on some chips
  std::uint64_t size = 0;

  std::uint64_t end() const { return base + size; }
  auto operator<=>(const FlashRange&) const = default;
};

struct FirmwareImage {
  std::filesystem::path file;
  Digest digest;                 // of the bytes from the first to the last in flash, gaps as 0x00
  Digest raw;                    // of the file as it is
  std::uint64_t flash_size = 0;  // bytes that the file puts into flash, without gaps
  std::uint64_t ram_size = 0;  // initialised and zeroed data without sections named .slots*; 0 when not known
  // In order; none for a program of the host, which is its file. Raw bytes have no address: one segment at 0.
  std::vector<FlashSegment> segments;
  bool has_addresses = false;

  std::uint64_t extent() const;  // from the first byte to the end of the last one
};

// Throws Error(usage) when unreadable, when it breaks its format, loads nothing or spans more than kFlashMax.
FirmwareImage load_firmware_image(const std::filesystem::path& file);

// Throws Error(usage) for an image without addresses: nobody but the device's own loader can put it in place.
void require_addresses(const FirmwareImage& image);

// Whether it is of a format that carries addresses: no model file is.
bool is_firmware(std::span<const std::uint8_t> content);

// Where in the device's range the image may begin: by its addresses, if the device sees flash there, and at
// the range's start. Nothing: it is larger than the range or reaches beyond it.
std::vector<std::uint64_t> places_in(const FirmwareImage& image, const FlashRange& range);

// What the device reads if the image lies there and everything else is `fill`. Needs a place of the range.
Digest digest_at(const FirmwareImage& image, std::uint64_t place, const FlashRange& range, std::uint8_t fill);

// Whether the device reads bytes that the image does not tell. Raw bytes tell all: after them comes only what
// a flash tool fills up with.
bool has_gaps(const FirmwareImage& image, const FlashRange& range);

}  // namespace tinyhil
