// SPDX-License-Identifier: Apache-2.0
// Any bytes as a firmware file of each format: an Error, or segments in order that do not touch.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/error.hpp"
#include "elf_image.hpp"
#include "formats/internal/uf2.hpp"
#include "text_records.hpp"

namespace {

void check(const std::vector<tinyhil::FlashSegment>& segments) {
  if (segments.empty()) std::abort();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].bytes.empty()) std::abort();
    if (i > 0 && segments[i].address <= segments[i - 1].end()) std::abort();
  }
}

void parse(std::span<const std::uint8_t> content) {
  if (tinyhil::is_elf(content)) {
    tinyhil::is_program(content, "fuzz.elf");
    check(tinyhil::parse_elf(content, "fuzz.elf").flash);
    for (const tinyhil::MemoryRange& range : tinyhil::blank_memory(content, "fuzz.elf"))
      if (range.size == 0 || range.begin + range.size < range.begin) std::abort();
  } else if (tinyhil::is_intel_hex(content)) {
    check(tinyhil::parse_intel_hex(content, "fuzz.hex"));
  } else if (tinyhil::is_s_record(content)) {
    check(tinyhil::parse_s_record(content, "fuzz.srec"));
  } else if (tinyhil::is_uf2(content)) {
    check(tinyhil::parse_uf2(content, "fuzz.uf2"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    parse({bytes, size});
  } catch (const tinyhil::Error&) {
  }
  return 0;
}
