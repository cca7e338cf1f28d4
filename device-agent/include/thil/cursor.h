/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.h: one put and one get for each field type of messages.def. A put that does not fit and a get that
 * finds too little set `failed`; from then on puts do nothing and gets give zero.
 */
#ifndef THIL_CURSOR_H
#define THIL_CURSOR_H

#include "engine.h"
#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `value` is what the field's type is in a message's struct: of THIL_TYPE_u16 a uint16_t. */
void thil_field_put(thil_writer* to, thil_field_type type, const void* value);
void thil_field_get(thil_reader* from, thil_field_type type, void* value);

static inline void thil_u8_put(thil_writer* to, const uint8_t* value) {
  thil_field_put(to, THIL_TYPE_u8, value);
}
static inline void thil_u16_put(thil_writer* to, const uint16_t* value) {
  thil_field_put(to, THIL_TYPE_u16, value);
}
static inline void thil_u32_put(thil_writer* to, const uint32_t* value) {
  thil_field_put(to, THIL_TYPE_u32, value);
}
static inline void thil_digest_put(thil_writer* to, const thil_digest* value) {
  thil_field_put(to, THIL_TYPE_digest, value);
}
static inline void thil_bytes_put(thil_writer* to, const thil_bytes* value) {
  thil_field_put(to, THIL_TYPE_bytes, value);
}

/* A tensor, which is no field of its own: of `loaded` there are as many as the model has. */
static inline void thil_tensor_put(thil_writer* to, const thil_tensor_info* value) {
  thil_field_put(to, THIL_TYPE_tensor_kind, &value->dtype);
  thil_field_put(to, THIL_TYPE_tensor_rest, value->dims);
}

static inline void thil_u8_get(thil_reader* from, uint8_t* value) {
  thil_field_get(from, THIL_TYPE_u8, value);
}
static inline void thil_u16_get(thil_reader* from, uint16_t* value) {
  thil_field_get(from, THIL_TYPE_u16, value);
}
static inline void thil_u32_get(thil_reader* from, uint32_t* value) {
  thil_field_get(from, THIL_TYPE_u32, value);
}
static inline void thil_digest_get(thil_reader* from, thil_digest* value) {
  thil_field_get(from, THIL_TYPE_digest, value);
}
/* All but `bytes`. */
static inline void thil_tensor_get(thil_reader* from, thil_tensor_info* value) {
  thil_field_get(from, THIL_TYPE_tensor_kind, &value->dtype);
  thil_field_get(from, THIL_TYPE_tensor_rest, value->dims);
}
/* A view of everything that is left. */
static inline void thil_bytes_get(thil_reader* from, thil_bytes* value) {
  thil_field_get(from, THIL_TYPE_bytes, value);
}

#ifdef __cplusplus
}
#endif
#endif
