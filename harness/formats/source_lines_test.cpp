// SPDX-License-Identifier: Apache-2.0
// Against the debug information of this very program.
#include "source_lines.hpp"

#include <gtest/gtest.h>
#include <link.h>

namespace tinyhil {
namespace {

int landmark(int value) { return value * 3 + 1; }
constexpr int kLandmark = __LINE__ - 1;

// As the file has it: without where the loader put the program.
std::uint64_t address_of(const void* there) {
  std::uintptr_t base = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* program, std::size_t, void* into) {
        *static_cast<std::uintptr_t*>(into) = program->dlpi_addr;
        return 1;  // the first is the program itself
      },
      &base);
  return reinterpret_cast<std::uintptr_t>(there) - base;
}

TEST(SourceLines, AnAddressHasItsFunctionFileAndLine) {
  int (*volatile const function)(int) = landmark;
  const SourceLines lines("/proc/self/exe");
  const auto found = lines.at(address_of(reinterpret_cast<const void*>(function)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->function, "landmark");
  EXPECT_TRUE(found->file.ends_with("source_lines_test.cpp")) << found->file;
  EXPECT_EQ(found->line, kLandmark);
  EXPECT_TRUE(found->describe().starts_with("landmark (")) << found->describe();
}

TEST(SourceLines, AnAddressOutsideOfTheProgramHasNone) {
  EXPECT_FALSE(SourceLines("/proc/self/exe").at(0xFFFF'FFFF'FFFF'0000));
}

TEST(SourceLines, AFileThatIsNoElfHasNone) {
  EXPECT_FALSE(SourceLines("/proc/self/cmdline").at(0));
  EXPECT_FALSE(SourceLines("/nowhere").at(0));
}

}  // namespace
}  // namespace tinyhil
