// SPDX-License-Identifier: Apache-2.0
#include "core_reader.hpp"

#include <algorithm>

namespace tinyhil::probe {

namespace {

using Registers = std::array<std::uint32_t, 17>;

constexpr const char* kRegisterNames[] = {"r0", "r1",  "r2",  "r3",  "r4", "r5", "r6", "r7",  "r8",
                                          "r9", "r10", "r11", "r12", "sp", "lr", "pc", "xPSR"};
constexpr std::uint32_t kSystemControl = 0xE000ED00, kSystemControlSize = 64;  // VTOR to BFAR
constexpr std::uint32_t kVectorTable = 0xE000ED08;
constexpr std::uint32_t kStackPiece = 1024;               // of a stack, read at once
constexpr std::uint32_t kExceptionNumber = 0x1FF;         // in xPSR
constexpr std::uint32_t kFirstFault = 3, kLastFault = 7;  // exception numbers: HardFault to SecureFault
constexpr std::uint32_t kNotStacked = 1 << 4 | 1 << 12;   // CFSR: MSTKERR, STKERR
constexpr std::uint32_t kOnProcessStack = 1 << 2, kNoFloats = 1 << 4;  // EXC_RETURN
constexpr std::uint32_t kAligned = 1 << 9;                             // of a stacked xPSR

std::uint32_t word_of(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 4; i-- > 0;) word = word << 8 | bytes[at + i];
  return word;
}

asio::awaitable<Result<std::uint32_t>> read_word(Target& target, std::uint32_t address) {
  const Result<std::vector<std::uint8_t>> bytes = co_await target.read(address, 4);
  if (!bytes) co_return bytes.error();
  co_return word_of(*bytes, 0);
}

Registers registers_of(const CoreState& state) {
  Registers registers{};
  for (std::size_t i = 0; i < registers.size(); ++i) {
    const auto found = std::ranges::find(state.core, std::string(kRegisterNames[i]),
                                         &std::pair<std::string, std::uint32_t>::first);
    if (found != state.core.end()) registers[i] = found->second;
  }
  return registers;
}

// A core without a VTOR reads it as zero.
asio::awaitable<std::uint32_t> vector_table(Target& target) {
  const Result<std::uint32_t> table = co_await read_word(target, kVectorTable);
  co_return table ? *table : 0;
}

// Whether the core stands at the first instruction of a fault's handler.
asio::awaitable<bool> is_at_handler(Target& target, const Registers& registers) {
  const std::uint32_t number = registers[CoreDump::kStatus] & kExceptionNumber;
  if (number < kFirstFault || number > kLastFault) co_return false;
  const std::uint32_t table = co_await vector_table(target);
  const Result<std::uint32_t> entry = co_await read_word(target, table + 4 * number);
  co_return entry && (*entry & ~1U) == registers[CoreDump::kPc];
}

// Nothing where the stack that was in use is not known, or cannot be read.
asio::awaitable<std::optional<Registers>> interrupted(Target& target, const Registers& in_handler) {
  std::uint32_t frame = in_handler[CoreDump::kSp];
  if ((in_handler[CoreDump::kLr] & kOnProcessStack) != 0) {
    const Result<std::uint32_t> process = co_await target.read_register("psp");
    if (process && *process != 0) frame = *process;
  }
  const Result<std::vector<std::uint8_t>> bytes = co_await target.read(frame, 32);
  if (!bytes) co_return std::nullopt;
  std::array<std::uint32_t, 8> stacked{};
  for (std::size_t i = 0; i < stacked.size(); ++i) stacked[i] = word_of(*bytes, 4 * i);
  co_return before_exception(in_handler, frame, stacked);
}

// Where a stack that has grown out of its memory can be read again: memory begins at a round address.
asio::awaitable<std::uint32_t> first_readable(Target& target, std::uint32_t sp) {
  const Result<std::uint32_t> there = co_await read_word(target, sp);
  co_return there ? sp : (sp | (kStackPiece - 1)) + 1;
}

// The main stack's top is the first word of the vector table; another stack's is not known, and what lies
// behind it does no harm.
asio::awaitable<std::uint32_t> stack_size(Target& target, std::uint32_t sp) {
  const std::uint32_t table = co_await vector_table(target);
  const Result<std::uint32_t> top = co_await read_word(target, table);
  const bool is_known = top && *top > sp && *top - sp <= kStackMost;
  co_return is_known ? *top - sp : kStackMost;
}

asio::awaitable<MemoryPiece> read_stack(Target& target, std::uint32_t sp) {
  MemoryPiece stack;
  stack.address = co_await first_readable(target, sp & ~3U);
  const std::uint32_t size = co_await stack_size(target, stack.address);
  while (stack.bytes.size() < size) {
    const auto done = static_cast<std::uint32_t>(stack.bytes.size());
    const Result<std::vector<std::uint8_t>> more =
        co_await target.read(stack.address + done, std::min(kStackPiece, size - done));
    if (!more) break;  // the end of this memory
    stack.bytes.insert(stack.bytes.end(), more->begin(), more->end());
  }
  co_return stack;
}

asio::awaitable<void> add_memory(Target& target, CoreDump& dump) {
  MemoryPiece stack = co_await read_stack(target, dump.sp());
  if (!stack.bytes.empty()) dump.memory.push_back(std::move(stack));
  Result<std::vector<std::uint8_t>> control = co_await target.read(kSystemControl, kSystemControlSize);
  if (control) dump.memory.push_back({kSystemControl, std::move(*control)});
}

}  // namespace

Registers before_exception(Registers in_handler, std::uint32_t frame,
                           const std::array<std::uint32_t, 8>& stacked) {
  const bool has_floats = (in_handler[CoreDump::kLr] & kNoFloats) == 0;
  Registers before = in_handler;
  std::copy_n(stacked.begin(), 4, before.begin());
  before[12] = stacked[4];
  before[CoreDump::kLr] = stacked[5];
  before[CoreDump::kPc] = stacked[6];
  before[CoreDump::kStatus] = stacked[7];
  before[CoreDump::kSp] = frame + (has_floats ? 104 : 32) + ((stacked[7] & kAligned) != 0 ? 4 : 0);
  return before;
}

asio::awaitable<Result<CoreDump>> read_core(Target& target) {
  const Result<CoreState> state = co_await target.state();
  if (!state) co_return state.error();
  if (state->core.empty()) co_return Fault{FaultKind::refused, "the core is not halted: " + state->word, {}};
  CoreDump dump;
  dump.registers = registers_of(*state);
  dump.words = describe(state->faults);
  dump.is_fault = co_await is_at_handler(target, dump.registers);
  if (dump.is_fault && (state->faults.cfsr & kNotStacked) == 0) {
    const std::optional<Registers> before = co_await interrupted(target, dump.registers);
    if (before) dump.registers = *before;
  }
  co_await add_memory(target, dump);
  co_return dump;
}

asio::awaitable<Result<CoreDump>> halt_and_read_core(Target& target) {
  const Result<CoreState> state = co_await target.state();
  if (!state) co_return state.error();
  const bool runs = state->word == "running";
  if (runs) {
    const Result<void> halted = co_await target.halt();
    if (!halted) co_return halted.error();
  }
  Result<CoreDump> dump = co_await read_core(target);
  const bool goes_on = runs || (dump && dump->is_fault);
  if (goes_on) {
    const Result<void> resumed = co_await target.resume();
    if (!resumed && dump) co_return resumed.error();
  }
  co_return dump;
}

}  // namespace tinyhil::probe
