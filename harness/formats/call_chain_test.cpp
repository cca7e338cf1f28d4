// SPDX-License-Identifier: Apache-2.0
// With a stack laid out by hand for a program that the cross compiler has made.
#include "call_chain.hpp"

#include <elf.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>

#include "base/file_content.hpp"
#include "base/temporary_folder.hpp"
#include "elf_image.hpp"

namespace tinyhil {
namespace {

// Frames of known size: `crash` keeps nothing on the stack, `middle` keeps lr and a word.
constexpr const char* kProgram = R"(
  .syntax unified
  .thumb
  .cfi_sections .debug_frame
  .global crash, middle, outer, after
  .type crash, %function
crash:
  .cfi_startproc
  nop
  udf #0
  .cfi_endproc
  .type middle, %function
middle:
  .cfi_startproc
  push {r3, lr}
  .cfi_def_cfa_offset 8
  .cfi_offset 14, -4
  bl crash
after:
  pop {r3, pc}
  .cfi_endproc
  .type outer, %function
outer:
  .cfi_startproc
  push {r3, lr}
  .cfi_def_cfa_offset 8
  .cfi_offset 14, -4
  bl middle
  .global behind
behind:
  pop {r3, pc}
  .cfi_endproc
)";

MemoryPiece words(std::uint32_t address, const std::vector<std::uint32_t>& values) {
  MemoryPiece piece{address, std::vector<std::uint8_t>(4 * values.size())};
  std::memcpy(piece.bytes.data(), values.data(), piece.bytes.size());
  return piece;
}

struct OnAStack : testing::Test {
  OnAStack() {
    folder.write("a.s", kProgram);
    const std::string at = folder.path().string();
    const std::string build =
        "arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -g -nostdlib -Wl,-Ttext=0x100 -Wl,-e,outer " + at +
        "/a.s -o " + elf.string() + " 2>" + at + "/log";
    is_built = std::system(build.c_str()) == 0;
  }
  std::uint32_t address(const char* name) const {
    const auto found = find_elf_symbol(read_file(elf, 1 << 20, "program"), name, elf.string());
    return static_cast<std::uint32_t>(found.value_or(0)) & ~1U;
  }
  CoreDump crashed() const {
    CoreDump dump;
    dump.registers[CoreDump::kPc] = address("crash") + 2;
    dump.registers[CoreDump::kLr] = address("after") | 1;
    dump.registers[CoreDump::kSp] = 0x20000000;
    dump.memory.push_back(words(0x20000000, {0, address("behind") | 1, 0, 0}));
    return dump;
  }

  const TemporaryFolder folder;
  const std::filesystem::path elf = folder.path() / "a.elf";
  bool is_built = false;
};

TEST_F(OnAStack, EachReturnAddressIsFoundByTheFramesOfTheFile) {
  if (!is_built) GTEST_SKIP() << "needs arm-none-eabi-gcc";
  const std::vector<CallFrame> chain = call_chain(elf, crashed());
  ASSERT_EQ(chain.size(), 3u);
  EXPECT_EQ(chain[0].pc, address("crash") + 2);
  EXPECT_EQ(chain[1].pc, address("after"));
  EXPECT_EQ(chain[2].pc, address("behind"));
  ASSERT_EQ(chain[1].lines.size(), 1u);
  EXPECT_TRUE(chain[1].lines[0].file.ends_with("a.s"));
  EXPECT_EQ(chain[1].lines[0].line, 18) << "the call, not what follows it";
}

TEST_F(OnAStack, TheChainEndsWhereTheDumpEnds) {
  if (!is_built) GTEST_SKIP() << "needs arm-none-eabi-gcc";
  CoreDump dump = crashed();
  dump.memory.front().bytes.resize(4);
  EXPECT_EQ(call_chain(elf, dump).size(), 2u);
}

TEST(CallChain, WithoutFramesIsThePcAlone) {
  CoreDump dump;
  dump.registers[CoreDump::kPc] = 0x1235;
  const auto chain = call_chain("/nowhere", dump);
  ASSERT_EQ(chain.size(), 1u);
  EXPECT_EQ(describe(chain), "0x00001234");
}

TEST(CallChain, IsToldWithTheInnermostFirst) {
  const std::vector<CallFrame> chain = {{0x100, {{"dot", "dot.h", 3}, {"conv", "conv.c", 8}}}, {0x200, {}}};
  EXPECT_EQ(describe(chain), "dot (dot.h:3), called from conv (conv.c:8), called from 0x00000200");
}

TEST(CallChain, OfManyCallsTellsTheInnermost) {
  const std::string text = describe(std::vector<CallFrame>(30, CallFrame{0x200, {}}));
  EXPECT_TRUE(text.ends_with("called from 0x00000200, and 6 calls more")) << text;
}

TEST(ElfCore, HasTheRegistersAndEachPieceOfMemory) {
  CoreDump dump;
  for (std::uint32_t i = 0; i < dump.registers.size(); ++i) dump.registers[i] = 100 + i;
  dump.memory.push_back(words(0x20000000, {7, 8}));
  dump.memory.push_back(words(0xE000ED00, {9}));
  const std::vector<std::uint8_t> file = elf_core(dump);
  Elf32_Ehdr header{};
  std::memcpy(&header, file.data(), sizeof header);
  EXPECT_EQ(header.e_type, ET_CORE);
  EXPECT_EQ(header.e_machine, EM_ARM);
  ASSERT_EQ(header.e_phnum, 3u);
  std::vector<Elf32_Phdr> segments(3);
  std::memcpy(segments.data(), file.data() + header.e_phoff, 3 * sizeof(Elf32_Phdr));
  EXPECT_EQ(segments[2].p_vaddr, 0xE000ED00u);
  std::uint32_t value = 0;
  std::memcpy(&value, file.data() + segments[1].p_offset + 4, 4);
  EXPECT_EQ(value, 8u);
  std::memcpy(&value, file.data() + segments[2].p_offset, 4);
  EXPECT_EQ(value, 9u);
  EXPECT_EQ(segments[2].p_offset + 4, file.size());
  const std::size_t registers = segments[0].p_offset + sizeof(Elf32_Nhdr) + 8 + 72;
  std::memcpy(&value, file.data() + registers + 4 * 15, 4);
  EXPECT_EQ(value, 115u) << "pc";
}

}  // namespace
}  // namespace tinyhil
