/* SPDX-License-Identifier: Apache-2.0 */
#include "host_codec.h"

/* The top bit of each byte of `word` that is zero. */
static uint64_t zeros_of(uint64_t word) {
  const uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
  return ~(((word & low) + low) | word | low);
}

/* Within a block every byte goes to the line as it is, but for a zero: its place is the next block's length.
   So eight bytes are copied at once and their zeros then overwritten. Where the block or the line could fill
   up on the way, the byte-by-byte way takes over. */
void thil_cobs_put(thil_cobs* to, const uint8_t* bytes, size_t size) {
  const bool fits = to->size + size + size / THIL_COBS_RUN_MAX + 1 <= to->capacity;
  for (; fits && size >= 8; size -= 8, bytes += 8) {
    if (to->size - to->code_at + 8 > THIL_COBS_RUN_MAX + 1) {
      thil_cobs_put_small(to, bytes, 8);
      continue;
    }
    memcpy(to->line + to->size, bytes, 8);
    for (uint64_t zeros = zeros_of(thil_word_at(bytes)); zeros != 0; zeros &= zeros - 1) {
      const size_t zero_at = to->size + (size_t)__builtin_ctzll(zeros) / 8;
      to->line[to->code_at] = (uint8_t)(zero_at - to->code_at);
      to->code_at = zero_at;
    }
    to->size += 8;
  }
  thil_cobs_put_small(to, bytes, size);
}
