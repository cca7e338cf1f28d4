// SPDX-License-Identifier: Apache-2.0
#include "flash_segment.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include "base/error.hpp"

namespace tinyhil {

std::string hex_address(std::uint64_t address) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "0x%08" PRIx64, address);
  return text.data();
}

std::vector<FlashSegment> in_order(std::vector<FlashSegment> segments, const std::string& where) {
  std::erase_if(segments, [](const FlashSegment& segment) { return segment.bytes.empty(); });
  if (segments.empty())
    throw Error(ErrorKind::usage, "the firmware image has nothing to load", where,
                "name the file that is written to the board's flash");
  std::stable_sort(segments.begin(), segments.end(),
                   [](const FlashSegment& a, const FlashSegment& b) { return a.address < b.address; });
  std::vector<FlashSegment> joined;
  std::uint64_t total = 0;
  for (FlashSegment& segment : segments) {
    total += segment.bytes.size();
    if (total > kFlashMax)
      throw Error(ErrorKind::usage, "the firmware image loads more than 64 MiB", where,
                  "name an image without file systems and data partitions");
    if (!joined.empty() && segment.address < joined.back().end())
      throw Error(ErrorKind::usage,
                  "the firmware image puts two contents at address " + hex_address(segment.address), where,
                  "build or merge the image again");
    if (!joined.empty() && segment.address == joined.back().end()) {
      auto& bytes = joined.back().bytes;
      bytes.insert(bytes.end(), segment.bytes.begin(), segment.bytes.end());
    } else {
      joined.push_back(std::move(segment));
    }
  }
  return joined;
}

}  // namespace tinyhil
