// SPDX-License-Identifier: Apache-2.0
#include "image_match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "formats/flash_segment.hpp"

namespace tinyhil::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::uint32_t kBase = 0x08000000;

// A flash that answers for parts of itself.
struct FakeFlash {
  std::string content;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> asked = {};

  DeviceIdentity identity(std::uint64_t base = kBase) const {
    DeviceIdentity device;
    device.board.image = sha256(content);
    device.image = {base, content.size()};
    return device;
  }

  asio::awaitable<Result<Digest>> segment(std::uint32_t offset, std::uint32_t size) {
    asked.emplace_back(offset, size);
    co_return sha256(std::string_view(content).substr(offset, size));
  }
};

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

FirmwareImage image_of(std::vector<FlashSegment> segments, bool has_addresses = true) {
  FirmwareImage image;
  image.raw = sha256("the file");
  image.segments = std::move(segments);
  image.has_addresses = has_addresses;
  for (const FlashSegment& segment : image.segments) image.flash_size += segment.bytes.size();
  return image;
}

FirmwareImage gapped() { return image_of({{kBase, bytes("code")}, {kBase + 8, bytes("data")}}); }

Result<ImageMatch> match(const FirmwareImage& image, FakeFlash& flash, std::uint64_t base = kBase) {
  asio::io_context io(1);
  const DeviceIdentity device = flash.identity(base);
  const AskSegment ask = [&flash](std::uint32_t offset, std::uint32_t size) {
    return flash.segment(offset, size);
  };
  std::optional<Result<ImageMatch>> result;
  asio::co_spawn(io, match_image(image, device, ask),
                 [&](std::exception_ptr, Result<ImageMatch> done) { result = done; });
  io.run();
  return *result;
}

TEST(ImageMatch, TakesGapsAsErasedOrAsZeroWithoutAsking) {
  for (const char fill : {'\xFF', '\0'}) {
    FakeFlash flash{"code" + std::string(4, fill) + "data"};
    EXPECT_TRUE(match(gapped(), flash)->is_same);
    EXPECT_THAT(flash.asked, IsEmpty());
  }
}

TEST(ImageMatch, AsksForSegmentsWhereGapsHoldAnythingElse) {
  FakeFlash flash{"codewhatdata"};
  EXPECT_TRUE(match(gapped(), flash)->is_same);
  EXPECT_THAT(flash.asked, ElementsAre(Pair(0, 4), Pair(8, 4)));
}

TEST(ImageMatch, NamesTheAddressOfTheFirstDifference) {
  FakeFlash flash{"codewhatDATA"};
  const Result<ImageMatch> different = match(gapped(), flash);
  EXPECT_FALSE(different->is_same);
  EXPECT_EQ(different->difference, "they differ from 0x08000008 on");
}

TEST(ImageMatch, AsksForPartsThatASlowDeviceDigestsInTime) {
  const std::string large(150'000, 'c');
  FakeFlash flash{large + "~"};
  EXPECT_TRUE(match(image_of({{kBase, bytes(large)}}), flash)->is_same);
  EXPECT_THAT(flash.asked, ElementsAre(Pair(0, 65536), Pair(65536, 65536), Pair(131072, 18928)));
}

TEST(ImageMatch, FindsAnImageBehindABootloader) {
  FakeFlash flash{"bootcodewhatdata"};
  EXPECT_TRUE(match(gapped(), flash, kBase - 4)->is_same);
  EXPECT_FALSE(match(gapped(), flash, kBase)->is_same);
}

TEST(ImageMatch, FindsAnImageInAnotherAliasOfItsFlash) {
  FakeFlash flash{"codewhatdata"};
  EXPECT_TRUE(match(gapped(), flash, 0)->is_same);
}

TEST(ImageMatch, OfRawBytesIsNoMatterOfParts) {
  FakeFlash padded{"code\xFF\xFF"};
  EXPECT_TRUE(match(image_of({{0, bytes("code")}}, false), padded)->is_same);
  FakeFlash longer{"codemore"};
  EXPECT_FALSE(match(image_of({{0, bytes("code")}}, false), longer)->is_same);
  EXPECT_THAT(longer.asked, IsEmpty());
}

TEST(ImageMatch, SaysWhatTheDeviceDoesNotReadBack) {
  FakeFlash shorter{"codewhat"};
  EXPECT_THAT(
      match(gapped(), shorter)->difference,
      HasSubstr("the file fills 12 bytes from 0x08000000 on, the device reads back 8 from 0x08000000 on"));
  FakeFlash blind{""};
  EXPECT_EQ(match(gapped(), blind)->difference, "the device cannot read its firmware back");
}

TEST(ImageMatch, OfAnImageWithoutGapsIsOneDigest) {
  FakeFlash other{"CODE"};
  EXPECT_FALSE(match(image_of({{kBase, bytes("code")}}), other)->is_same);
  EXPECT_THAT(other.asked, IsEmpty());
}

TEST(ImageMatch, OfAProgramIsItsFile) {
  FirmwareImage program;
  program.raw = sha256("program");
  program.flash_size = 7;
  FakeFlash same{"program"};
  EXPECT_TRUE(match(program, same)->is_same);
  FakeFlash other{"another"};
  EXPECT_FALSE(match(program, other)->is_same);
}

}  // namespace
}  // namespace tinyhil::campaign
