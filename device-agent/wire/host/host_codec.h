/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_codec.h: inside of the host's build. Where a host has a faster way than the firmware, the firmware's
 * is compiled too, under a second name: for the rare cases, and for the tests to hold the two against each
 * other.
 */
#ifndef THIL_HOST_CODEC_H
#define THIL_HOST_CODEC_H

#include <string.h>

#include "cobs.h"

#ifdef __cplusplus
extern "C" {
#endif

uint32_t thil_crc32c_small(uint32_t previous, const uint8_t* bytes, size_t size);
void thil_cobs_put_small(thil_cobs* to, const uint8_t* bytes, size_t size);

/* What thil_crc32c is on a processor that has no instruction for it. */
uint32_t thil_crc32c_sliced(uint32_t previous, const uint8_t* bytes, size_t size);

/* Eight bytes, the first one lowest. */
static inline uint64_t thil_word_at(const uint8_t* bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

#ifdef __cplusplus
}
#endif
#endif
