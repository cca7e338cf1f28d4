// SPDX-License-Identifier: Apache-2.0
#include "firmware_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arm_elf.hpp"
#include "complaint.hpp"
#include "elf_builder.hpp"
#include "test_folder.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kInRam = SHF_ALLOC | SHF_WRITE;

std::vector<std::uint8_t> firmware() {
  return ElfBuilder(
             {{0x08000010, "data", 4, PF_R | PF_W}, {0x08000000, "code and text", 13}, {0x20000000, "", 64}},
             {{".text", SHT_PROGBITS, SHF_ALLOC, 13},
              {".data", SHT_PROGBITS, kInRam, 4},
              {".bss", SHT_NOBITS, kInRam, 64},
              {".slots", SHT_NOBITS, kInRam, 65536},
              {".slots.model", SHT_NOBITS, kInRam, 65536},
              {".debug_info", SHT_PROGBITS, 0, 5000}})
      .build();
}

std::string write(const TestFolder& folder, const std::vector<std::uint8_t>& content) {
  return folder.write("agent.elf", {reinterpret_cast<const char*>(content.data()), content.size()}).string();
}

std::string complaint_about(const std::vector<std::uint8_t>& content) {
  return complaint([&] { parse_arm_elf(content, "agent.elf"); });
}

TEST(FirmwareImage, OfAnArmElfIsWhatLiesInFlashByPhysicalAddressWithGapsAsZero) {
  const TestFolder folder;
  const FirmwareImage image = load_firmware_image(write(folder, firmware()));
  EXPECT_EQ(image.digest, sha256(std::string_view("code and text\0\0\0data", 20)));
  EXPECT_EQ(image.flash_size, 20u);
}

TEST(FirmwareImage, CountsDataAndBssAsRamButNotTheSlots) {
  const TestFolder folder;
  EXPECT_EQ(load_firmware_image(write(folder, firmware())).ram_size, 68u);
}

TEST(FirmwareImage, WithoutSectionTableCountsWritableSegmentsAsRam) {
  const ArmElf elf =
      parse_arm_elf(ElfBuilder({{0, "code", 4}, {4, "data", 100, PF_R | PF_W}}, {}).build(), "a");
  EXPECT_EQ(elf.ram_size, 100u);
}

TEST(FirmwareImage, OfAnyOtherFileIsItsBytes) {
  const TestFolder folder;
  const FirmwareImage image = load_firmware_image(folder.write("agent.bin", "raw binary"));
  EXPECT_EQ(image.digest, sha256("raw binary"));
  EXPECT_EQ(image.flash_size, 10u);
  EXPECT_EQ(image.ram_size, 0u);
}

TEST(FirmwareImage, OfAnElfForAnotherMachineIsItsBytes) {
  const TestFolder folder;
  auto content = firmware();
  content[18] = EM_X86_64;
  EXPECT_EQ(load_firmware_image(write(folder, content)).digest, sha256(content));
}

TEST(FirmwareImage, IsRefusedWhenMissingOrEmpty) {
  const TestFolder folder;
  EXPECT_THAT(complaint([&] { load_firmware_image(folder.path() / "none.elf"); }),
              HasSubstr("there is no such firmware image"));
  EXPECT_THAT(complaint([&] { load_firmware_image(folder.write("empty.bin", "")); }), HasSubstr("is empty"));
}

TEST(ArmElf, RefusesSegmentsThatOverlapOrSpanTooMuch) {
  EXPECT_THAT(complaint_about(ElfBuilder({{0, "abcd", 4}, {3, "efgh", 4}}, {}).build()),
              HasSubstr("has segments that overlap"));
  EXPECT_THAT(complaint_about(ElfBuilder({{0, "abcd", 4}, {0x90000000, "efgh", 4}}, {}).build()),
              HasSubstr("spans more than 64 MiB of flash"));
}

TEST(ArmElf, RefusesAFileThatLoadsNothing) {
  EXPECT_THAT(complaint_about(ElfBuilder({{0x20000000, "", 64}}, {}).build()),
              HasSubstr("has nothing to load"));
  EXPECT_THAT(complaint_about(ElfBuilder({}, {}).build()), HasSubstr("has nothing to load"));
}

TEST(ArmElf, RefusesAFileCutOffAnywhere) {
  const auto whole = firmware();
  for (std::size_t size = sizeof(Elf32_Ehdr); size < whole.size(); ++size)
    EXPECT_THAT(complaint_about({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
                HasSubstr("the ELF file "))
        << size;
}

}  // namespace
}  // namespace tinyhil
