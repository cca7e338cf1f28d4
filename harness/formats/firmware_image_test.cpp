// SPDX-License-Identifier: Apache-2.0
#include "firmware_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "testing/complaint.hpp"
#include "testing/elf_builder.hpp"
#include "testing/folder.hpp"

namespace tinyhil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint32_t kInRam = SHF_ALLOC | SHF_WRITE;

std::vector<std::uint8_t> firmware() {
  return test::ElfBuilder(
             {{0x08000010, "data", 4, PF_R | PF_W}, {0x08000000, "code and text", 13}, {0x20000000, "", 64}},
             {{".text", SHT_PROGBITS, SHF_ALLOC, 13},
              {".data", SHT_PROGBITS, kInRam, 4},
              {".bss", SHT_NOBITS, kInRam, 64},
              {".slots", SHT_NOBITS, kInRam, 65536},
              {".slots.model", SHT_NOBITS, kInRam, 65536},
              {".debug_info", SHT_PROGBITS, 0, 5000}})
      .build();
}

std::string write(const test::TestFolder& folder, const std::vector<std::uint8_t>& content) {
  return folder.write("agent.elf", {reinterpret_cast<const char*>(content.data()), content.size()}).string();
}

TEST(FirmwareImage, OfAnArmElfIsWhatLiesInFlashByPhysicalAddressWithGapsAsZero) {
  const test::TestFolder folder;
  const FirmwareImage image = load_firmware_image(write(folder, firmware()));
  EXPECT_EQ(image.digest, sha256(std::string_view("code and text\0\0\0data", 20)));
  EXPECT_EQ(image.flash_size, 17u) << "without the gap";
}

TEST(FirmwareImage, CountsDataAndBssAsRamButNotTheSlots) {
  const test::TestFolder folder;
  EXPECT_EQ(load_firmware_image(write(folder, firmware())).ram_size, 68u);
}

TEST(FirmwareImage, OfAnyOtherFileIsItsBytes) {
  const test::TestFolder folder;
  const FirmwareImage image = load_firmware_image(folder.write("agent.bin", "raw binary"));
  EXPECT_EQ(image.digest, sha256("raw binary"));
  EXPECT_EQ(image.flash_size, 10u);
  EXPECT_EQ(image.ram_size, 0u);
}

TEST(FirmwareImage, OfAProgramOfTheHostIsItsBytes) {
  const test::TestFolder folder;
  auto content = firmware();
  content[sizeof(Elf32_Ehdr)] = PT_INTERP;
  const FirmwareImage image = load_firmware_image(write(folder, content));
  EXPECT_EQ(image.digest, sha256(content));
  EXPECT_TRUE(image.segments.empty());
}

TEST(FirmwareImage, IsRefusedWhenMissingOrEmpty) {
  const test::TestFolder folder;
  EXPECT_THAT(test::complaint([&] { load_firmware_image(folder.path() / "none.elf"); }),
              HasSubstr("there is no such firmware image"));
  EXPECT_THAT(test::complaint([&] { load_firmware_image(folder.write("empty.bin", "")); }),
              HasSubstr("is empty"));
}

constexpr std::uint32_t kBase = 0x08000000;

FirmwareImage made(const std::string& name) {
  return load_firmware_image(std::filesystem::path(TINYHIL_SOURCE_DIR) / "harness/formats/testdata/firmware" /
                             name);
}

std::string text_of(const std::string& name) {
  std::ifstream file(std::filesystem::path(TINYHIL_SOURCE_DIR) / "harness/formats/testdata/firmware" / name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// gcc and objcopy of each chip; all but AVR's have a gap inside a segment.
TEST(FirmwareImage, OfAnyChipIsWhatObjcopyMakesOfIt) {
  for (const std::string chip : {"rv32", "rv64", "xtensa", "armeb", "arm", "avr"}) {
    EXPECT_EQ(made(chip + ".elf").digest, made(chip + ".bin").digest) << chip;
    EXPECT_EQ(made(chip + ".elf").ram_size, chip == "avr" ? 42u : 68u) << chip;
  }
}

TEST(FirmwareImage, IsTheSameInEveryFormat) {
  for (const std::string format : {"hex", "srec", "bin"})
    EXPECT_EQ(made("arm." + format).digest, made("arm.elf").digest) << format;
  EXPECT_EQ(made("avr.hex").digest, made("avr.elf").digest);
  EXPECT_EQ(made("arm.uf2").digest, made("arm-ff.bin").digest) << "uf2conv.py fills pages with 0xFF";
}

TEST(FirmwareImage, LeavesPaddingBetweenSectionsOut) {
  for (const std::string format : {"elf", "hex", "srec"}) {
    const FirmwareImage image = made("arm." + format);
    ASSERT_EQ(image.segments.size(), 2u) << format;
    EXPECT_EQ(image.segments[0].address, kBase);
    EXPECT_EQ(image.segments[1].address, kBase + 0x100);
    EXPECT_EQ(image.extent(), 0x10Cu);
  }
}

TEST(FirmwareImage, IsFoundAtItsAddressOrAtTheStartOfTheRange) {
  const FirmwareImage image = made("arm.hex");
  EXPECT_THAT(places_in(image, {kBase, 0x10C}), ElementsAre(0u));
  EXPECT_THAT(places_in(image, {kBase - 0x4000, 0x8000}), ElementsAre(0x4000u, 0u)) << "after a bootloader";
  EXPECT_THAT(places_in(image, {0, 0x10C}), ElementsAre(0u)) << "another alias of the same flash";
  EXPECT_TRUE(places_in(image, {kBase, 0x10B}).empty());
}

TEST(FirmwareImage, IsDigestedWithItsGapsAsTheFlashToolLeavesThem) {
  const FirmwareImage image = made("arm.elf");
  EXPECT_EQ(digest_at(image, 0, {kBase, 0x10C}, 0xFF), made("arm-ff.bin").digest);
  const FirmwareImage raw = made("avr.bin");
  EXPECT_EQ(digest_at(raw, 0, {0, 44}, 0xFF), sha256(text_of("avr.bin") + "\xFF\xFF\xFF\xFF"));
  EXPECT_EQ(digest_at(made("avr.hex"), 2, {0, 44}, 0),
            sha256(std::string(2, '\0') + text_of("avr.bin") + std::string(2, '\0')));
}

TEST(FirmwareImage, HasGapsWhereTheDeviceReadsMoreThanTheFileTells) {
  EXPECT_TRUE(has_gaps(made("arm.elf"), {kBase, 0x10C}));
  EXPECT_FALSE(has_gaps(made("avr.elf"), {0, 40}));
  EXPECT_TRUE(has_gaps(made("avr.elf"), {0, 41}));
  EXPECT_FALSE(has_gaps(made("avr.bin"), {0, 41})) << "a part of a firmware is not the firmware";
}

TEST(FirmwareImage, IsRefusedWhenItSpansMemoriesFarApart) {
  const test::TestFolder folder;
  const auto elf = test::ElfBuilder({{0x08000000, "abcd", 4}, {0x90000000, "efgh", 4}}, {}).build();
  EXPECT_THAT(test::complaint([&] { load_firmware_image(write(folder, elf)); }),
              HasSubstr("spans more than 64 MiB, from 0x08000000 to 0x90000004; leave out"));
}

}  // namespace
}  // namespace tinyhil
