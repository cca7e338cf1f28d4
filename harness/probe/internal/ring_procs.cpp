// SPDX-License-Identifier: Apache-2.0
#include "ring_procs.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "base/visible.hpp"
#include "tcl_text.hpp"

namespace tinyhil::probe {

namespace {

constexpr std::size_t kWordsMost = (64 * 1024 + 8) / 4;  // of a whole ring

Fault nonsense(const std::string& text) {
  return {FaultKind::corrupt, "OpenOCD answered what is no answer", visible_line(text.substr(0, 200))};
}

}  // namespace

// A word of the block is `block + 4 * index`; ours to the host begins at index 6. The write offset of a ring
// comes after its bytes when they are pushed, and the read offset after they were pulled: the device goes by
// them. The answer: {} without a block, else {pushed old_read new_read head words}.
const char* const kRingProcs = R"(
proc thil_exchange {block count down expected offset writes} {
  set head [read_memory $block 32 $count]
  if {[lindex $head 0] != 0x47474553 || [lindex $head 1] != 0x52205245 ||
      [lindex $head 2] != 0x5454 || [lindex $head 3] != 0} {return {}}
  set pushed 0
  foreach is [lrange $head [expr {$down + 1}] [expr {$down + 3}]] was $expected {
    if {$is != $was} {set offset -1}
  }
  if {$offset >= 0} {
    foreach {address width values} $writes {write_memory $address $width $values}
    write_memory [expr {$block + 4 * ($down + 3)}] 32 $offset
    set head [lreplace $head [expr {$down + 3}] [expr {$down + 3}] $offset]
    set pushed 1
  }
  lassign [lrange $head 7 10] bytes size write read
  set old $read
  set words {}
  if {$write != $read && $write < $size && $read < $size} {
    set most [expr {$read + 8192}]
    set end [expr {$write > $read ? $write : $size}]
    if {$end > $most} {set end $most}
    set from [expr {$read & ~3}]
    set words [read_memory [expr {$bytes + $from}] 32 [expr {($end - $from + 3) / 4}]]
    set read [expr {$end % $size}]
    if {$read == 0 && $write < $old && $write > 0} {
      append words " " [read_memory $bytes 32 [expr {($write + 3) / 4}]]
      set read $write
    }
    write_memory [expr {$block + 40}] 32 $read
  }
  list $pushed $old $read $head $words
}
)";

RingCall ring_call(std::uint32_t address, const RttBlock& known, std::span<const std::uint8_t> bytes) {
  RingCall call;
  call.pushes = std::min<std::size_t>(bytes.size(), known.down.room());
  const RingPush push = push_of(known.down, bytes.first(call.pushes));
  call.command = "thil_exchange " + hexadecimal(address) + " " + std::to_string(known.words) + " " +
                 std::to_string(known.down_index) + " {" + std::to_string(known.down.bytes) + " " +
                 std::to_string(known.down.size) + " " + std::to_string(known.down.write) + "} " +
                 (call.pushes > 0 ? std::to_string(push.offset) : "-1") + " {" + push.writes + "}";
  return call;
}

Result<RingAnswer> ring_answer(const std::string& text) {
  RingAnswer answer;
  const auto parts = tcl_list(text, 5);
  if (!parts) return nonsense(text);
  if (parts->empty()) return answer;
  if (parts->size() != 5) return nonsense(text);
  const auto marks = tcl_numbers((*parts)[0] + " " + (*parts)[1] + " " + (*parts)[2], 3);
  const auto head = tcl_numbers((*parts)[3], kRttWordsMax);
  const auto words = tcl_numbers((*parts)[4], kWordsMost);
  if (!marks || marks->size() != 3 || !head || !words) return nonsense(text);
  const std::optional<RttBlock> block = rtt_block(*head);
  if (!block) return answer;
  answer.is_there = true;
  answer.is_pushed = (*marks)[0] == 1;
  answer.block = *block;
  RttRing old = block->up;
  old.read = (*marks)[1];
  auto bytes = pulled(old, (*marks)[2], *words);
  if (!bytes) return nonsense(text);
  answer.bytes = std::move(*bytes);
  answer.block.up.read = (*marks)[2];
  return answer;
}

}  // namespace tinyhil::probe
