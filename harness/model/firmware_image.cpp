// SPDX-License-Identifier: Apache-2.0
#include "firmware_image.hpp"

#include "arm_elf.hpp"
#include "error.hpp"
#include "file_content.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kFileSizeMax = 256u << 20;  // with debug information

}  // namespace

FirmwareImage load_firmware_image(const std::filesystem::path& file) {
  const auto content = read_file(file, kFileSizeMax, "firmware image");
  if (content.empty())
    throw Error(ExitCode::usage, "the firmware image is empty", file.string(), "build the firmware again");
  if (!is_arm_elf(content)) return {file, sha256(content), content.size(), 0};
  const ArmElf elf = parse_arm_elf(content, file.string());
  return {file, sha256(elf.flash), elf.flash.size(), elf.ram_size};
}

}  // namespace tinyhil
