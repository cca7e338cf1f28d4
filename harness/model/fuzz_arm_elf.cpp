// SPDX-License-Identifier: Apache-2.0
// Any bytes as a firmware file: an Error or what lies in flash.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "arm_elf.hpp"
#include "error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::span<const std::uint8_t> content(bytes, size);
  if (!tinyhil::is_arm_elf(content)) return 0;
  try {
    if (tinyhil::parse_arm_elf(content, "fuzz.elf").flash.empty()) std::abort();
  } catch (const tinyhil::Error&) {
  }
  return 0;
}
