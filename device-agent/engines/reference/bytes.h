/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes.h: little-endian reads at any alignment. The caller has checked the bounds.
 */
#ifndef THIL_REFERENCE_BYTES_H
#define THIL_REFERENCE_BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint16_t thil_bytes_u16(const uint8_t* at) {
  return (uint16_t)(at[0] | (uint16_t)(at[1] << 8));
}

static inline uint32_t thil_bytes_u32(const uint8_t* at) {
  return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline int32_t thil_bytes_i32(const uint8_t* at) { return (int32_t)thil_bytes_u32(at); }

static inline int64_t thil_bytes_i64(const uint8_t* at) {
  return (int64_t)(thil_bytes_u32(at) | (uint64_t)thil_bytes_u32(at + 4) << 32);
}

static inline float thil_bytes_f32(const uint8_t* at) {
  uint32_t bits = thil_bytes_u32(at);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

#endif
