// SPDX-License-Identifier: Apache-2.0
// A firmware file as the device sees it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "digest.hpp"

namespace tinyhil {

struct FirmwareImage {
  std::filesystem::path file;
  Digest digest;                 // of the bytes in flash, comparable with what the device reads back
  std::uint64_t flash_size = 0;  // bytes of code, constants and initial data
  std::uint64_t ram_size = 0;    // bytes of initialised and zeroed data; slot memory (NOLOAD) not counted
};

// 32-bit little-endian ELF for Arm: the loadable segments at their physical addresses, gaps as zero. Any
// other ELF (the agent as a process) and a raw binary: the file's own bytes. Throws Error(usage) when
// unreadable.
FirmwareImage load_firmware_image(const std::filesystem::path& file);

}  // namespace tinyhil
