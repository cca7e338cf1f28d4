/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h: FIPS 180-4, of bytes that lie in one piece, at once or a part at a time. */
#ifndef THIL_SHA256_H
#define THIL_SHA256_H

#include "thil/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thil_sha256 {
  const uint8_t* bytes; /* stay as they are until all are taken */
  size_t size;
  size_t at; /* of the next block */
  uint32_t state[8];
} thil_sha256;

void thil_sha256_begin(thil_sha256* hash, const uint8_t* bytes, size_t size);

/* Takes at most this many blocks of 64 bytes; true when all are taken, after which it must not be called. */
bool thil_sha256_take(thil_sha256* hash, size_t blocks);

/* When all are taken. */
void thil_sha256_end(const thil_sha256* hash, thil_digest* digest);

void thil_sha256_digest(const uint8_t* bytes, size_t size, thil_digest* digest);

#ifdef __cplusplus
}
#endif
#endif
