// SPDX-License-Identifier: Apache-2.0
#include "uf2.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

#include "base/error.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kBlockSize = 512;
constexpr std::size_t kPayloadMax = 476;
constexpr std::size_t kPayloadAt = 32;
constexpr std::uint32_t kFirstMagic = 0x0A324655;  // "UF2\n"
constexpr std::uint32_t kSecondMagic = 0x9E5D5157;
constexpr std::uint32_t kLastMagic = 0x0AB16F30;
constexpr std::uint32_t kNotMainFlash = 0x1;
constexpr std::uint32_t kFile = 0x1000;
constexpr std::uint32_t kHasFamily = 0x2000;
constexpr std::uint32_t kAbsolute = 0xE48BFF57;  // picotool's: a block for every chip, beyond the program

std::uint32_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
         static_cast<std::uint32_t>(bytes[at + 2]) << 16 | static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

std::string hex(std::uint32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%08x", value);
  return text.data();
}

// One chip's firmware in the file; its blocks are counted by themselves.
struct Family {
  std::vector<FlashSegment> segments;
  std::uint32_t seen = 0;
  std::uint32_t of = 0;
};

// The last page is filled up: what fills it is not the program's, and beyond what the device reads back.
void drop_padding(std::vector<std::uint8_t>& bytes) {
  constexpr std::size_t kPageMax = 256;
  const std::uint8_t fill = bytes.back();
  if (fill != 0x00 && fill != 0xFF) return;
  for (std::size_t i = 1; i < kPageMax && bytes.size() > 1 && bytes.back() == fill; ++i) bytes.pop_back();
}

class Uf2 {
 public:
  Uf2(std::span<const std::uint8_t> content, const std::string& where) : content_(content), where_(where) {}

  std::vector<FlashSegment> read() {
    if (content_.size() % kBlockSize != 0) refuse("is cut off: it is no multiple of 512 bytes");
    for (; at_ < content_.size(); at_ += kBlockSize) take(content_.subspan(at_, kBlockSize));
    if (families_.size() > 1) families_.erase(kAbsolute);
    if (families_.empty()) refuse("has no block for main flash");
    if (families_.size() > 1) refuse_families();
    Family& only = families_.begin()->second;
    if (only.seen != only.of)
      refuse("has " + std::to_string(only.seen) + " of " + std::to_string(only.of) + " blocks");
    std::vector<FlashSegment> segments = in_order(std::move(only.segments), where_);
    drop_padding(segments.back().bytes);
    return segments;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::usage, "the UF2 file " + what, where_, "build the file again, or copy it anew");
  }
  [[noreturn]] void refuse_families() const {
    std::string names;
    for (const auto& [family, blocks] : families_) names += (names.empty() ? "" : ", ") + hex(family);
    throw Error(ErrorKind::usage, "the UF2 file holds firmware for several chips, families " + names, where_,
                "name the file of this board's chip alone, as it was before they were joined");
  }
  [[noreturn]] void refuse_block(const std::string& what) const {
    refuse("has a block " + what + ", number " + std::to_string(at_ / kBlockSize));
  }

  void take(std::span<const std::uint8_t> block) {
    if (word(block, 0) != kFirstMagic || word(block, 4) != kSecondMagic ||
        word(block, kBlockSize - 4) != kLastMagic)
      refuse_block("without its magic numbers");
    const std::uint32_t flags = word(block, 8);
    if ((flags & kFile) != 0) return;
    const std::uint32_t size = word(block, 16);
    if (size > kPayloadMax) refuse_block("that is larger than a block can be");
    Family& family = families_[(flags & kHasFamily) != 0 ? word(block, 28) : 0];
    if (family.seen > 0 && family.of != word(block, 24)) refuse_block("that says another number of blocks");
    family.of = word(block, 24);
    if (word(block, 20) >= family.of) refuse_block("that counts beyond the last one");
    ++family.seen;
    if ((flags & kNotMainFlash) != 0) return;
    const auto payload = block.subspan(kPayloadAt, size);
    family.segments.push_back({word(block, 12), {payload.begin(), payload.end()}});
  }

  std::span<const std::uint8_t> content_;
  const std::string& where_;
  std::size_t at_ = 0;
  std::map<std::uint32_t, Family> families_;
};

}  // namespace

bool is_uf2(std::span<const std::uint8_t> content) {
  return content.size() >= 8 && word(content, 0) == kFirstMagic && word(content, 4) == kSecondMagic;
}

std::vector<FlashSegment> parse_uf2(std::span<const std::uint8_t> content, const std::string& where) {
  return Uf2(content, where).read();
}

}  // namespace tinyhil
