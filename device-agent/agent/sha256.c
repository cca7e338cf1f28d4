/* SPDX-License-Identifier: Apache-2.0 */
#include "sha256.h"

#include <string.h>

enum { BLOCK = 64, LENGTH = 8 };

static const uint32_t first_state[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                        0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

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

/* Of round t; makes that of round t + 16 in its place: a quarter of the textbook's stack. */
static uint32_t next_word(uint32_t w[16], size_t t) {
  uint32_t* word = &w[t & 15];
  uint32_t now = *word;
  uint32_t w1 = w[(t + 1) & 15];
  uint32_t w14 = w[(t + 14) & 15];
  uint32_t s0 = rotate(w1, 7) ^ rotate(w1, 18) ^ (w1 >> 3);
  uint32_t s1 = rotate(w14, 17) ^ rotate(w14, 19) ^ (w14 >> 10);
  *word += s0 + w[(t + 9) & 15] + s1;
  return now;
}

static void compress(thil_sha256* hash) {
  uint32_t v[8];
  for (size_t i = 0; i < 8; ++i) v[i] = hash->state[i];
  for (size_t t = 0; t < 64; ++t) {
    uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
    uint32_t choice = v[6] ^ (v[4] & (v[5] ^ v[6]));
    uint32_t t1 = v[7] + s1 + choice + round_constants[t] + next_word(hash->words, t);
    uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
    uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
    for (size_t i = 7; i > 0; --i) v[i] = v[i - 1];
    v[4] += t1;
    v[0] = t1 + s0 + majority;
  }
  for (size_t i = 0; i < 8; ++i) hash->state[i] += v[i];
}

void thil_sha256_begin(thil_sha256* hash) {
  memset(hash, 0, sizeof *hash);
  memcpy(hash->state, first_state, sizeof first_state);
}

static void add_byte(thil_sha256* hash, uint8_t byte) {
  uint32_t* word = &hash->words[hash->size % BLOCK / 4];
  *word = *word << 8 | byte;
  if (++hash->size % BLOCK == 0) compress(hash);
}

void thil_sha256_add(thil_sha256* hash, const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) add_byte(hash, bytes[i]);
}

/* 0x80, then zeros, at the very end the length in bits. */
void thil_sha256_end(thil_sha256* hash, thil_digest* digest) {
  size_t size = hash->size;
  add_byte(hash, 0x80);
  while (hash->size % BLOCK != BLOCK - LENGTH) add_byte(hash, 0);
  hash->words[14] = (uint32_t)((uint64_t)size >> 29);
  hash->words[15] = (uint32_t)(size << 3);
  compress(hash);
  for (size_t i = 0; i < THIL_DIGEST_SIZE; ++i) {
    digest->bytes[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
  }
}

void thil_sha256_digest(const uint8_t* bytes, size_t size, thil_digest* digest) {
  thil_sha256 hash;
  thil_sha256_begin(&hash);
  thil_sha256_add(&hash, bytes, size);
  thil_sha256_end(&hash, digest);
}
