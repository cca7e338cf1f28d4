// SPDX-License-Identifier: Apache-2.0
#include "call_chain.hpp"

#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "flash_segment.hpp"

namespace tinyhil {

namespace {

constexpr std::size_t kFramesMost = 32;
constexpr std::size_t kToldMost = 24;  // calls in a sentence
constexpr unsigned kUnwoundRegisters = 16;
constexpr Dwarf_Addr kNoCode = 0xE0000000;  // what a core returns to out of an exception, or after a reset
constexpr pid_t kOnlyThread = 1;            // a core has one

struct EndDwfl {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};

// What libdw is shown, and what it finds.
struct Walk {
  const CoreDump& dump;
  const SourceLines& lines;
  std::vector<CallFrame> chain = {};
};

bool word_at(const CoreDump& dump, Dwarf_Addr address, Dwarf_Word* result) {
  for (const MemoryPiece& piece : dump.memory) {
    if (address < piece.address || address - piece.address + 4 > piece.bytes.size()) continue;
    const std::uint8_t* const at = piece.bytes.data() + (address - piece.address);
    *result = at[0] | at[1] << 8 | at[2] << 16 | static_cast<Dwarf_Word>(at[3]) << 24;
    return true;
  }
  return false;
}

pid_t next_thread(Dwfl*, void* walk, void** thread) {
  if (*thread != nullptr) return 0;
  *thread = walk;
  return kOnlyThread;
}

bool read_memory(Dwfl*, Dwarf_Addr address, Dwarf_Word* result, void* walk) {
  return word_at(static_cast<Walk*>(walk)->dump, address, result);
}

bool set_registers(Dwfl_Thread* thread, void* walk) {
  const CoreDump& dump = static_cast<Walk*>(walk)->dump;
  Dwarf_Word words[kUnwoundRegisters];
  for (unsigned i = 0; i < kUnwoundRegisters; ++i) words[i] = dump.registers[i];
  words[CoreDump::kPc] &= ~Dwarf_Word{1};
  return dwfl_thread_state_registers(thread, 0, kUnwoundRegisters, words);
}

// A return address is behind its call.
int take_frame(Dwfl_Frame* frame, void* into) {
  Walk& walk = *static_cast<Walk*>(into);
  Dwarf_Addr pc = 0;
  bool is_activation = false;
  if (!dwfl_frame_pc(frame, &pc, &is_activation)) return DWARF_CB_ABORT;
  pc &= ~Dwarf_Addr{1};
  if (pc == 0 || pc >= kNoCode) return DWARF_CB_ABORT;
  const bool is_first = walk.chain.empty();
  walk.chain.push_back({static_cast<std::uint32_t>(pc), walk.lines.calls_at(is_first ? pc : pc - 2)});
  return walk.chain.size() < kFramesMost ? DWARF_CB_OK : DWARF_CB_ABORT;
}

constexpr Dwfl_Thread_Callbacks kThreads = {next_thread,   nullptr, read_memory,
                                            set_registers, nullptr, nullptr};

void walk_stack(const std::filesystem::path& elf, Walk& walk) {
  static char* no_debug_path = nullptr;  // nothing but the file itself
  static const Dwfl_Callbacks files = {dwfl_build_id_find_elf, dwfl_standard_find_debuginfo, nullptr,
                                       &no_debug_path};
  const std::unique_ptr<Dwfl, EndDwfl> dwfl(dwfl_begin(&files));
  if (!dwfl) return;
  const int descriptor = ::open(elf.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  Dwfl_Module* const module = dwfl_report_elf(dwfl.get(), "firmware", elf.c_str(), descriptor, 0, false);
  if (module == nullptr) {
    ::close(descriptor);  // else it is dwfl's
    return;
  }
  dwfl_report_end(dwfl.get(), nullptr, nullptr);
  GElf_Addr bias = 0;
  Elf* const content = dwfl_module_getelf(module, &bias);
  if (content == nullptr || !dwfl_attach_state(dwfl.get(), content, kOnlyThread, &kThreads, &walk)) return;
  dwfl_getthread_frames(dwfl.get(), kOnlyThread, take_frame, &walk);
}

}  // namespace

std::vector<CallFrame> call_chain(const std::filesystem::path& elf, const CoreDump& dump) {
  const SourceLines lines(elf);
  Walk walk{dump, lines};
  walk_stack(elf, walk);
  if (walk.chain.empty()) walk.chain.push_back({dump.pc() & ~1U, lines.calls_at(dump.pc() & ~1U)});
  return std::move(walk.chain);
}

std::string describe(const std::vector<CallFrame>& chain) {
  std::string text;
  std::size_t calls = 0;
  const auto add = [&](const std::string& call) {
    if (++calls <= kToldMost) text += (text.empty() ? "" : ", called from ") + call;
  };
  for (const CallFrame& frame : chain) {
    if (frame.lines.empty()) add(hex_address(frame.pc));
    for (const SourceLine& line : frame.lines) add(line.describe());
  }
  if (calls > kToldMost) text += ", and " + std::to_string(calls - kToldMost) + " calls more";
  return text;
}

}  // namespace tinyhil
