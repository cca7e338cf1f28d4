// SPDX-License-Identifier: Apache-2.0
#include "firmware_image.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "elf_image.hpp"
#include "formats/internal/uf2.hpp"
#include "text_records.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kFirmwareSizeMax = 256u << 20;  // with debug information

void add_fill(Sha256& digest, std::uint64_t size, std::uint8_t fill) {
  std::array<std::uint8_t, 4096> block{};
  block.fill(fill);
  for (; size > 0; size -= std::min<std::uint64_t>(size, block.size()))
    digest.add(std::span(block).first(std::min<std::uint64_t>(size, block.size())));
}

void take_elf(FirmwareImage& image, std::span<const std::uint8_t> content) {
  if (is_program(content, image.file.string())) return;
  ElfImage elf = parse_elf(content, image.file.string());
  image.segments = std::move(elf.flash);
  image.ram_size = elf.ram_size;
}

void take_segments(FirmwareImage& image, std::span<const std::uint8_t> content) {
  const std::string where = image.file.string();
  image.has_addresses = true;
  if (is_elf(content)) {
    take_elf(image, content);
  } else if (is_intel_hex(content)) {
    image.segments = parse_intel_hex(content, where);
  } else if (is_s_record(content)) {
    image.segments = parse_s_record(content, where);
  } else if (is_uf2(content)) {
    image.segments = parse_uf2(content, where);
  } else {
    image.has_addresses = false;
    image.segments = in_order({{0, {content.begin(), content.end()}}}, where);
  }
}

}  // namespace

std::uint64_t FirmwareImage::extent() const {
  return segments.empty() ? flash_size : segments.back().end() - segments.front().address;
}

FirmwareImage load_firmware_image(const std::filesystem::path& file) {
  const auto content = read_file(file, kFirmwareSizeMax, "firmware image");
  if (content.empty())
    throw Error(ErrorKind::usage, "the firmware image is empty", file.string(), "build the firmware again");
  FirmwareImage image;
  image.file = file;
  image.raw = sha256(content);
  image.digest = image.raw;
  image.flash_size = content.size();
  take_segments(image, content);
  if (image.segments.empty()) return image;
  if (image.extent() > kFlashMax)
    throw Error(ErrorKind::usage,
                "the firmware image spans more than 64 MiB, from " +
                    hex_address(image.segments.front().address) + " to " +
                    hex_address(image.segments.back().end()),
                file.string(), "leave out what lies in another memory (objcopy --remove-section)");
  image.flash_size = 0;
  for (const FlashSegment& segment : image.segments) image.flash_size += segment.bytes.size();
  image.digest = digest_at(image, 0, {0, image.extent()}, 0x00);
  return image;
}

bool is_firmware(std::span<const std::uint8_t> content) {
  return is_elf(content) || is_intel_hex(content) || is_s_record(content) || is_uf2(content);
}

void require_addresses(const FirmwareImage& image) {
  if (image.has_addresses) return;
  throw Error(ErrorKind::usage, "the image does not say where it belongs", image.file.string(),
              "give an ELF, HEX, S-record or UF2 file");
}

std::vector<std::uint64_t> places_in(const FirmwareImage& image, const FlashRange& range) {
  if (image.segments.empty() || image.extent() > range.size) return {};
  std::vector<std::uint64_t> places;
  const std::uint64_t first = image.segments.front().address;
  if (image.has_addresses && first > range.base && first - range.base <= range.size - image.extent())
    places.push_back(first - range.base);
  places.push_back(0);
  return places;
}

Digest digest_at(const FirmwareImage& image, std::uint64_t place, const FlashRange& range,
                 std::uint8_t fill) {
  assert(!image.segments.empty() && place + image.extent() <= range.size);
  Sha256 digest;
  std::uint64_t done = 0;  // of the range
  for (const FlashSegment& segment : image.segments) {
    const std::uint64_t offset = place + (segment.address - image.segments.front().address);
    add_fill(digest, offset - done, fill);
    digest.add(segment.bytes);
    done = offset + segment.bytes.size();
  }
  add_fill(digest, range.size - done, fill);
  return digest.finish();
}

bool has_gaps(const FirmwareImage& image, const FlashRange& range) {
  return image.has_addresses && !image.segments.empty() && image.flash_size < range.size;
}

}  // namespace tinyhil
