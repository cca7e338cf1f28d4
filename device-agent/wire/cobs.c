/* SPDX-License-Identifier: Apache-2.0 */
#include "cobs.h"

static void store(thil_cobs* to, size_t at, uint8_t byte) {
  if (at < to->capacity) to->line[at] = byte;
}

void thil_cobs_close(thil_cobs* to) { store(to, to->code_at, (uint8_t)(to->size - to->code_at)); }

static void next_block(thil_cobs* to) {
  thil_cobs_close(to);
  to->code_at = to->size++;
}

void thil_cobs_put(thil_cobs* to, const uint8_t* bytes, size_t size) {
  for (; size > 0; --size, ++bytes) {
    if (to->size - to->code_at > THIL_COBS_RUN_MAX) next_block(to);
    if (*bytes == 0) {
      next_block(to);
    } else {
      store(to, to->size++, *bytes);
    }
  }
}
