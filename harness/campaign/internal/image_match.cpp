// SPDX-License-Identifier: Apache-2.0
#include "image_match.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "formats/flash_segment.hpp"

namespace tinyhil::campaign {

namespace {

constexpr std::size_t kPartMax = 64u << 10;       // of one question: a slow device takes a second
constexpr std::uint64_t kAtOnceMax = 256u << 20;  // a device may say anything of its size

bool is_same_at_once(const FirmwareImage& image, const DeviceIdentity& device,
                     const std::vector<std::uint64_t>& places) {
  if (device.board.image == image.raw) return true;
  if (device.image.size > kAtOnceMax) return false;
  for (const std::uint64_t place : places) {
    for (const std::uint8_t fill : {0xFF, 0x00})
      if (device.board.image == digest_at(image, place, device.image, fill)) return true;
  }
  return false;
}

std::string misfit(const FirmwareImage& image, const FlashRange& range) {
  if (range.size == 0) return "the device cannot read its firmware back";
  if (image.extent() <= range.size) return {};
  return "the file fills " + std::to_string(image.extent()) + " bytes from " +
         hex_address(image.segments.empty() ? 0 : image.segments.front().address) +
         " on, the device reads back " + std::to_string(range.size) + " from " + hex_address(range.base) +
         " on";
}

// One place in the device's range, segment by segment. The address of the first bytes that differ, or
// nothing.
asio::awaitable<Result<std::optional<std::uint64_t>>> first_difference(const FirmwareImage& image,
                                                                       std::uint64_t place, AskSegment ask) {
  for (const FlashSegment& segment : image.segments) {
    const std::uint64_t begin = place + (segment.address - image.segments.front().address);
    for (std::size_t at = 0; at < segment.bytes.size(); at += kPartMax) {
      const std::size_t size = std::min<std::size_t>(kPartMax, segment.bytes.size() - at);
      Result<Digest> read =
          co_await ask(static_cast<std::uint32_t>(begin + at), static_cast<std::uint32_t>(size));
      if (!read) co_return read.error();
      if (*read != sha256(std::span(segment.bytes).subspan(at, size))) co_return segment.address + at;
    }
  }
  co_return std::nullopt;
}

}  // namespace

asio::awaitable<Result<ImageMatch>> match_image(const FirmwareImage& image, const DeviceIdentity& device,
                                                AskSegment ask) {
  ImageMatch match;
  const std::vector<std::uint64_t> places = places_in(image, device.image);
  match.is_same = is_same_at_once(image, device, places);
  if (match.is_same) co_return match;
  match.difference = misfit(image, device.image);
  if (!has_gaps(image, device.image)) co_return match;
  for (const std::uint64_t place : places) {
    Result<std::optional<std::uint64_t>> different = co_await first_difference(image, place, ask);
    if (!different) co_return different.error();
    match.is_same = !different->has_value();
    if (match.is_same) co_return ImageMatch{true, {}};
    match.difference = "they differ from " + hex_address(**different) + " on";
  }
  co_return match;
}

}  // namespace tinyhil::campaign
