/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/cursor.h"

#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { SWAPPED = 1 };
#else
enum { SWAPPED = 0 };
#endif

/* Room for `size` more bytes; NULL when there is none. Where nothing is asked for there may be no address to
   begin with, which must not be added to. */
static uint8_t* claim(thil_writer* to, size_t size) {
  if (to->failed || size > to->left) {
    to->failed = true;
    return NULL;
  }
  uint8_t* claimed = to->at;
  if (size == 0) return claimed;
  to->at += size;
  to->left -= size;
  return claimed;
}

static const uint8_t* take(thil_reader* from, size_t size) {
  if (from->failed || size > from->left) {
    from->failed = true;
    return NULL;
  }
  const uint8_t* taken = from->at;
  if (size == 0) return taken;
  from->at += size;
  from->left -= size;
  return taken;
}

static void put(thil_writer* to, const void* bytes, size_t size) {
  uint8_t* at = claim(to, size);
  if (at != NULL && size != 0) memcpy(at, bytes, size); /* an empty view may have no address either */
}

/* Where byte i of the wire lies in a struct. */
static size_t place(size_t i, const thil_layout* is) { return SWAPPED ? i ^ (is->unit - 1u) : i; }

static void put_plain(thil_writer* to, const thil_layout* is, const uint8_t* value) {
  uint8_t* at = claim(to, is->size);
  for (size_t i = 0; at != NULL && i < is->size; ++i) at[i] = value[place(i, is)];
}

static void get_plain(thil_reader* from, const thil_layout* is, uint8_t* value) {
  const uint8_t* at = take(from, is->size);
  for (size_t i = 0; i < is->size; ++i) value[place(i, is)] = at != NULL ? at[i] : 0;
}

void thil_field_put(thil_writer* to, thil_field_type type, const void* value) {
  if (type == THIL_TYPE_text) {
    const thil_text* text = value;
    thil_u8_put(to, &text->size);
    put(to, text->chars, text->size);
  } else if (type == THIL_TYPE_bytes) {
    const thil_bytes* bytes = value;
    put(to, bytes->bytes, bytes->size);
  } else {
    put_plain(to, &thil_layouts[type], value);
  }
}

void thil_field_get(thil_reader* from, thil_field_type type, void* value) {
  if (type == THIL_TYPE_text) {
    thil_text* text = value;
    thil_u8_get(from, &text->size);
    text->chars = (const char*)take(from, text->size);
    if (text->chars == NULL) text->size = 0;
  } else if (type == THIL_TYPE_bytes) {
    thil_bytes* bytes = value;
    bytes->size = from->failed ? 0 : from->left;
    bytes->bytes = take(from, bytes->size);
  } else {
    get_plain(from, &thil_layouts[type], value);
  }
}
