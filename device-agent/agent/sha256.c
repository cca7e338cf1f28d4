/* SPDX-License-Identifier: Apache-2.0 */
#include "sha256.h"

#include <string.h>

enum { BLOCK = 64, LENGTH = 8 };

static const uint32_t round_constants[64] = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
};

static uint32_t rotate(uint32_t x, unsigned by) { return (x >> by) | (x << (32 - by)); }

/* The schedule is a ring of 16 words: a quarter of the textbook's stack. */
static uint32_t schedule(uint32_t w[16], size_t t, const uint8_t* block) {
  if (t < 16) {
    const uint8_t* at = block + 4 * t;
    w[t] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return w[t];
  }
  uint32_t w15 = w[(t - 15) & 15];
  uint32_t w2 = w[(t - 2) & 15];
  uint32_t s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >> 3);
  uint32_t s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >> 10);
  w[t & 15] += s0 + w[(t - 7) & 15] + s1;
  return w[t & 15];
}

static void compress(uint32_t state[8], const uint8_t* block) {
  uint32_t w[16];
  uint32_t v[8];
  memcpy(v, state, sizeof v);
  for (size_t t = 0; t < 64; ++t) {
    uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
    uint32_t t1 = v[7] + s1 + choice + round_constants[t] + schedule(w, t, block);
    uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    for (size_t i = 7; i > 0; --i) v[i] = v[i - 1];
    v[4] += t1;
    v[0] = t1 + s0 + majority;
  }
  for (size_t i = 0; i < 8; ++i) state[i] += v[i];
}

/* The block at `at` of the message: bytes, then 0x80, then zeros, at the very end the length in bits. */
static void block_at(const uint8_t* bytes, size_t size, size_t at, uint8_t block[BLOCK]) {
  size_t left = at < size ? size - at : 0;
  memset(block, 0, BLOCK);
  if (left != 0) memcpy(block, bytes + at, left < BLOCK ? left : BLOCK);
  if (left < BLOCK && at <= size) block[left] = 0x80;
  if (left >= BLOCK - LENGTH) return;
  uint64_t bits = (uint64_t)size * 8;
  for (size_t i = 1; i <= LENGTH; ++i, bits >>= 8) block[BLOCK - i] = (uint8_t)bits;
}

void thil_sha256_begin(thil_sha256* hash, const uint8_t* bytes, size_t size) {
  static const thil_sha256 fresh = {
      NULL,
      0,
      0,
      {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19}};
  *hash = fresh;
  hash->bytes = bytes;
  hash->size = size;
}

bool thil_sha256_take(thil_sha256* hash, size_t blocks) {
  uint8_t block[BLOCK];
  for (; blocks > 0 && hash->at < hash->size + 1 + LENGTH; --blocks, hash->at += BLOCK) {
    block_at(hash->bytes, hash->size, hash->at, block);
    compress(hash->state, block);
  }
  return hash->at >= hash->size + 1 + LENGTH;
}

void thil_sha256_end(const thil_sha256* hash, thil_digest* digest) {
  for (size_t i = 0; i < THIL_DIGEST_SIZE; ++i) {
    digest->bytes[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
  }
}

void thil_sha256_digest(const uint8_t* bytes, size_t size, thil_digest* digest) {
  thil_sha256 hash;
  thil_sha256_begin(&hash, bytes, size);
  (void)thil_sha256_take(&hash, SIZE_MAX);
  thil_sha256_end(&hash, digest);
}
