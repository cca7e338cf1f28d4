/* SPDX-License-Identifier: Apache-2.0 */
#include "cursor.h"

#include <string.h>

static void put(thil_writer* to, const void* bytes, size_t size) {
  if (to->failed || size > to->left) {
    to->failed = true;
    return;
  }
  if (size == 0) return; /* an empty view may have no address, which memcpy does not allow */
  memcpy(to->at, bytes, size);
  to->at += size;
  to->left -= size;
}

static const uint8_t* take(thil_reader* from, size_t size) {
  if (from->failed || size > from->left) {
    from->failed = true;
    return NULL;
  }
  const uint8_t* taken = from->at;
  from->at += size;
  from->left -= size;
  return taken;
}

static void put_number(thil_writer* to, uint32_t value, size_t size) {
  uint8_t bytes[4];
  for (size_t i = 0; i < size; ++i) bytes[i] = (uint8_t)(value >> (8 * i));
  put(to, bytes, size);
}

static uint32_t take_number(thil_reader* from, size_t size) {
  const uint8_t* bytes = take(from, size);
  uint32_t value = 0;
  for (size_t i = 0; bytes != NULL && i < size; ++i) value |= (uint32_t)bytes[i] << (8 * i);
  return value;
}

void thil_u8_put(thil_writer* to, const uint8_t* value) { put_number(to, *value, 1); }
void thil_u16_put(thil_writer* to, const uint16_t* value) { put_number(to, *value, 2); }
void thil_u32_put(thil_writer* to, const uint32_t* value) { put_number(to, *value, 4); }
void thil_i32_put(thil_writer* to, const int32_t* value) { put_number(to, (uint32_t)*value, 4); }

void thil_f32_put(thil_writer* to, const float* value) {
  uint32_t bits;
  memcpy(&bits, value, sizeof bits);
  put_number(to, bits, 4);
}

void thil_digest_put(thil_writer* to, const thil_digest* value) { put(to, value->bytes, THIL_DIGEST_SIZE); }
void thil_bytes_put(thil_writer* to, const thil_bytes* value) { put(to, value->bytes, value->size); }

void thil_tensor_put(thil_writer* to, const thil_tensor* value) {
  thil_u8_put(to, &value->dtype);
  thil_u8_put(to, &value->rank);
  for (size_t i = 0; i < 4; ++i) thil_u32_put(to, &value->dims[i]);
  thil_f32_put(to, &value->scale);
  thil_i32_put(to, &value->zero_point);
}

/* Nothing but u32, in the order of the struct. */
enum { CRASH_NUMBERS = sizeof(thil_crash) / sizeof(uint32_t) };

void thil_crash_put(thil_writer* to, const thil_crash* value) {
  const uint32_t* number = &value->cause;
  for (size_t i = 0; i < CRASH_NUMBERS; ++i) thil_u32_put(to, number + i);
}

void thil_text_put(thil_writer* to, const thil_text* value) {
  thil_u8_put(to, &value->size);
  put(to, value->chars, value->size);
}

void thil_u8_get(thil_reader* from, uint8_t* value) { *value = (uint8_t)take_number(from, 1); }
void thil_u16_get(thil_reader* from, uint16_t* value) { *value = (uint16_t)take_number(from, 2); }
void thil_u32_get(thil_reader* from, uint32_t* value) { *value = take_number(from, 4); }
void thil_i32_get(thil_reader* from, int32_t* value) { *value = (int32_t)take_number(from, 4); }

void thil_f32_get(thil_reader* from, float* value) {
  uint32_t bits = take_number(from, 4);
  memcpy(value, &bits, sizeof bits);
}

void thil_digest_get(thil_reader* from, thil_digest* value) {
  const uint8_t* bytes = take(from, THIL_DIGEST_SIZE);
  memset(value->bytes, 0, THIL_DIGEST_SIZE);
  if (bytes != NULL) memcpy(value->bytes, bytes, THIL_DIGEST_SIZE);
}

void thil_tensor_get(thil_reader* from, thil_tensor* value) {
  thil_u8_get(from, &value->dtype);
  thil_u8_get(from, &value->rank);
  for (size_t i = 0; i < 4; ++i) thil_u32_get(from, &value->dims[i]);
  thil_f32_get(from, &value->scale);
  thil_i32_get(from, &value->zero_point);
}

void thil_crash_get(thil_reader* from, thil_crash* value) {
  uint32_t* number = &value->cause;
  for (size_t i = 0; i < CRASH_NUMBERS; ++i) thil_u32_get(from, number + i);
}

void thil_text_get(thil_reader* from, thil_text* value) {
  uint8_t size = 0;
  thil_u8_get(from, &size);
  value->chars = (const char*)take(from, size);
  value->size = value->chars != NULL ? size : 0;
}

void thil_bytes_get(thil_reader* from, thil_bytes* value) {
  size_t size = from->failed ? 0 : from->left;
  value->bytes = take(from, size);
  value->size = size;
}
