/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h: FIPS 180-4, of bytes that are handed in one piece or in many. */
#ifndef THIL_SHA256_H
#define THIL_SHA256_H

#include "thil/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thil_sha256 {
  uint32_t state[8];
  uint32_t words[16]; /* of the block at hand, big-endian; its schedule while it is compressed */
  size_t size;        /* bytes taken */
} thil_sha256;

void thil_sha256_begin(thil_sha256* hash);
void thil_sha256_add(thil_sha256* hash, const uint8_t* bytes, size_t size);
void thil_sha256_end(thil_sha256* hash, thil_digest* digest);

void thil_sha256_digest(const uint8_t* bytes, size_t size, thil_digest* digest);

#ifdef __cplusplus
}
#endif
#endif
