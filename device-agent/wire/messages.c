/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message is the list of its fields' types, and one function walks it: a quarter of the code that a call
 * for each field would take.
 */
#include "thil/cursor.h"

const thil_layout thil_layouts[] = {
    [THIL_TYPE_end] = {0, 1},
    [THIL_TYPE_u8] = {1, 1},
    [THIL_TYPE_u16] = {2, 2},
    [THIL_TYPE_u32] = {4, 4},
    [THIL_TYPE_digest] = {THIL_DIGEST_SIZE, 1},
    [THIL_TYPE_crash] = {sizeof(thil_crash), 4},
    [THIL_TYPE_tensor_kind] = {2, 1},
    [THIL_TYPE_tensor_rest] = {6 * 4, 4},
    [THIL_TYPE_text] = {sizeof(thil_text), sizeof(void*)},
    [THIL_TYPE_bytes] = {sizeof(thil_bytes), sizeof(void*)},
};

/* `align` computes where a field lies, which is right where each type is aligned as its line above says. A
   compiler that lays structs out otherwise (for 8 and 16 bit processors, or with -fpack-struct) would garble
   every message, so this file does not compile there. */
#define THIL_CHECK_LAYOUT(type, bytes, unit)    \
  typedef struct thil_##type##_in_struct {      \
    char before;                                \
    thil_type_##type field;                     \
  } thil_##type##_in_struct;                    \
  typedef char thil_##type##_has_another_layout \
      [sizeof(thil_type_##type) == (bytes) && offsetof(thil_##type##_in_struct, field) == (unit) ? 1 : -1]

THIL_CHECK_LAYOUT(u8, 1, 1);
THIL_CHECK_LAYOUT(u16, 2, 2);
THIL_CHECK_LAYOUT(u32, 4, 4);
THIL_CHECK_LAYOUT(i32, 4, 4);
THIL_CHECK_LAYOUT(f32, 4, 4);
THIL_CHECK_LAYOUT(digest, THIL_DIGEST_SIZE, 1);
THIL_CHECK_LAYOUT(crash, 9 * 4, 4);
THIL_CHECK_LAYOUT(text, 2 * sizeof(void*), sizeof(void*));
THIL_CHECK_LAYOUT(bytes, 2 * sizeof(void*), sizeof(void*));

typedef char thil_tensor_info_has_another_layout[offsetof(thil_tensor_info, rank) == 1 &&
                                                         offsetof(thil_tensor_info, dims) == 4 &&
                                                         offsetof(thil_tensor_info, bytes) == 28
                                                     ? 1
                                                     : -1];

/* Where the field that follows `at` lies in a struct. */
static size_t align(size_t at, uint8_t type) {
  size_t unit = thil_layouts[type].unit;
  return (at + unit - 1) & ~(unit - 1);
}

typedef void visit(void* cursor, thil_field_type type, void* value);

static void put(void* to, thil_field_type type, void* value) { thil_field_put(to, type, value); }

static void get(void* from, thil_field_type type, void* value) { thil_field_get(from, type, value); }

static void walk(visit* each, void* cursor, const uint8_t* types, uint8_t* message) {
  for (size_t at = 1; *types != THIL_TYPE_end; at += thil_layouts[*types++].size) {
    at = align(at, *types);
    each(cursor, (thil_field_type)*types, message + at);
  }
}

/* Nothing is written to the message, whose const is only lost on the way. */
void thil_message_write(thil_writer* to, const uint8_t* types, const void* message) {
  walk(put, to, types, (uint8_t*)(uintptr_t)message);
}

bool thil_message_read(thil_reader* from, const uint8_t* types, void* message) {
  walk(get, from, types, message);
  return !from->failed && from->left == 0;
}

#define THIL_MESSAGE(name, id) const uint8_t thil_##name##_fields[] = {
#define THIL_FIELD(type, name) THIL_TYPE_##type,
#define THIL_END(name) \
  THIL_TYPE_end        \
  }                    \
  ;
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

const char* thil_message_name(uint8_t id) {
  switch (id) {
#define THIL_MESSAGE(name, id) \
  case (id):                   \
    return #name;
#define THIL_FIELD(type, name)
#define THIL_END(name)
#include "thil/messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END
    default:
      return "?";
  }
}
