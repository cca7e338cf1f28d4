// SPDX-License-Identifier: Apache-2.0
#include "elf_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/complaint.hpp"
#include "testing/elf_builder.hpp"

namespace tinyhil {
namespace {

using testing::HasSubstr;

std::string complaint_about_elf(const std::vector<std::uint8_t>& content) {
  return test::complaint([&] { parse_elf(content, "agent.elf"); });
}

TEST(ElfImage, WithoutSectionTableCountsWritableSegmentsAsRam) {
  const ElfImage elf =
      parse_elf(test::ElfBuilder({{0, "code", 4}, {4, "data", 100, PF_R | PF_W}}, {}).build(), "a");
  EXPECT_EQ(elf.ram_size, 100u);
  ASSERT_EQ(elf.flash.size(), 1u) << "neighbours are one segment";
  EXPECT_EQ(elf.flash[0].bytes.size(), 8u);
}

TEST(ElfImage, BlankMemoryIsWhatHasNoContentAndIsWritten) {
  const auto content =
      test::ElfBuilder({{0, "code", 4}}, {{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 4, 0},
                                          {".init_array", SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE, 8, 0x100},
                                          {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 16, 0x20000000},
                                          {".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 64, 0x20000010},
                                          {".empty", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 0, 0x20000050},
                                          {".rom", SHT_NOBITS, SHF_ALLOC, 32, 0x08000000},
                                          {".slots", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 256, 0x60000000},
                                          {".wraps", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 0x20, 0xfffffff0}})
          .build();
  const std::vector<MemoryRange> blank = blank_memory(content, "a");
  ASSERT_EQ(blank.size(), 3u);
  EXPECT_EQ(blank[0].begin, 0x20000010u);
  EXPECT_EQ(blank[0].size, 64u);
  EXPECT_EQ(blank[1].begin, 0x60000000u);
  EXPECT_TRUE(blank[1].covers(0x60000000, 256));
  EXPECT_FALSE(blank[1].covers(0x60000001, 256));
  EXPECT_FALSE(blank[1].covers(0x5fffffff, 1));
  EXPECT_FALSE(blank[2].covers(0xfffffffffffffff0, 0x20)) << "an address of 64 bits may be near the end";
  EXPECT_TRUE(blank_memory(test::ElfBuilder({{0, "code", 4}}, {}).build(), "a").empty());
}

TEST(ElfImage, RefusesSegmentsThatOverlap) {
  EXPECT_THAT(complaint_about_elf(test::ElfBuilder({{0, "abcd", 4}, {3, "efgh", 4}}, {}).build()),
              HasSubstr("puts two contents at address 0x00000003"));
}

TEST(ElfImage, RefusesAFileThatLoadsNothing) {
  EXPECT_THAT(complaint_about_elf(test::ElfBuilder({{0x20000000, "", 64}}, {}).build()),
              HasSubstr("has nothing to load"));
  EXPECT_THAT(complaint_about_elf(test::ElfBuilder({}, {}).build()), HasSubstr("has nothing to load"));
}

TEST(ElfImage, RefusesWhatIsNotLinked) {
  auto content = test::ElfBuilder({{0, "code", 4}}, {}).build();
  content[offsetof(Elf32_Ehdr, e_type)] = ET_REL;
  EXPECT_THAT(complaint_about_elf(content), HasSubstr("is not linked to an executable"));
}

TEST(ElfImage, RefusesAnUnknownWordLengthOrByteOrder) {
  auto content = test::ElfBuilder({{0, "code", 4}}, {}).build();
  content[EI_CLASS] = 3;
  EXPECT_THAT(complaint_about_elf(content), HasSubstr("neither of 32 nor of 64 bit"));
  content[EI_CLASS] = ELFCLASS32;
  content[EI_DATA] = 0;
  EXPECT_THAT(complaint_about_elf(content), HasSubstr("has no known byte order"));
}

TEST(ElfImage, RefusesAFileCutOffAnywhere) {
  const auto whole =
      test::ElfBuilder({{0x08000010, "data", 4, PF_R | PF_W}, {0x08000000, "code and text", 13}},
                       {{".text", SHT_PROGBITS, SHF_ALLOC, 13}})
          .build();
  for (std::size_t size = SELFMAG; size < whole.size(); ++size)
    EXPECT_THAT(complaint_about_elf({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
                HasSubstr("the ELF file "))
        << size;
}

TEST(ElfImage, OfAProgramOfTheHostIsToldByItsInterpreter) {
  auto content = test::ElfBuilder({{0, "code", 4}}, {}).build();
  EXPECT_FALSE(is_program(content, "a"));
  content[sizeof(Elf32_Ehdr)] = PT_INTERP;
  EXPECT_TRUE(is_program(content, "a"));
}

}  // namespace
}  // namespace tinyhil
