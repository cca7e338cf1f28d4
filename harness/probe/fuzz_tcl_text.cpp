// SPDX-License-Identifier: Apache-2.0
// Any bytes as OpenOCD's answers, and any words as a control block in the target's memory.
#include <cstdlib>
#include <cstring>

#include "internal/rtt_block.hpp"
#include "internal/tcl_text.hpp"

namespace {

using namespace tinyhil::probe;

void expect(bool holds) {
  if (!holds) std::abort();
}

void read_memory(std::span<const std::uint32_t> words) {
  const std::optional<RttBlock> block = rtt_block(words);
  if (!block) return;
  expect(block->words <= kRttWordsMax && block->up.room() < block->up.size);
  const std::vector<std::uint8_t> bytes(300, 1);
  const RingPush push = push_of(block->down, bytes);
  expect(push.offset < block->down.size && tcl_list(push.writes, 18));
  const auto come = pulled(block->up, block->up.write, words);
  expect(!come || come->size() < block->up.size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto list = tcl_list(text, 8);
  expect(!list || list->size() <= 8);
  tcl_reply(text);
  const auto numbers = tcl_numbers(text, 100);
  expect(!numbers || numbers->size() <= 100);
  const auto again = tcl_list(tcl_word(text), 2);
  expect(again && again->size() == 1 && again->front() == text);
  std::vector<std::uint32_t> words(size / 4);
  if (!words.empty()) std::memcpy(words.data(), bytes, words.size() * 4);
  read_memory(words);
  return 0;
}
