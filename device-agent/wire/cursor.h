/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.h: one put and one get for each field type of messages.def. A put that does not fit and a get that
 * finds too little set `failed`; from then on puts do nothing and gets give zero.
 */
#ifndef THIL_CURSOR_H
#define THIL_CURSOR_H

#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

void thil_u8_put(thil_writer* to, const uint8_t* value);
void thil_u16_put(thil_writer* to, const uint16_t* value);
void thil_u32_put(thil_writer* to, const uint32_t* value);
void thil_i32_put(thil_writer* to, const int32_t* value);
void thil_f32_put(thil_writer* to, const float* value);
void thil_digest_put(thil_writer* to, const thil_digest* value);
void thil_tensor_put(thil_writer* to, const thil_tensor* value);
void thil_crash_put(thil_writer* to, const thil_crash* value);
void thil_text_put(thil_writer* to, const thil_text* value);
void thil_bytes_put(thil_writer* to, const thil_bytes* value);

void thil_u8_get(thil_reader* from, uint8_t* value);
void thil_u16_get(thil_reader* from, uint16_t* value);
void thil_u32_get(thil_reader* from, uint32_t* value);
void thil_i32_get(thil_reader* from, int32_t* value);
void thil_f32_get(thil_reader* from, float* value);
void thil_digest_get(thil_reader* from, thil_digest* value);
void thil_tensor_get(thil_reader* from, thil_tensor* value);
void thil_crash_get(thil_reader* from, thil_crash* value);
void thil_text_get(thil_reader* from, thil_text* value);   /* a view into the payload */
void thil_bytes_get(thil_reader* from, thil_bytes* value); /* a view of everything that is left */

#ifdef __cplusplus
}
#endif
#endif
