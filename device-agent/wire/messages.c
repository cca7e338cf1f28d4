/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message is a table of its fields, two bytes each, and one function walks it: a third of the code that a
 * call for each field would take.
 */
#include "cursor.h"

typedef enum field_type {
  TYPE_end,
  TYPE_u8,
  TYPE_u16,
  TYPE_u32,
  TYPE_i32,
  TYPE_f32,
  TYPE_digest,
  TYPE_text,
  TYPE_bytes,
} field_type;

typedef struct field {
  uint8_t type;   /* field_type */
  uint8_t offset; /* in the message's struct */
} field;

static void put_field(thil_writer* to, field_type type, const void* value) {
  switch (type) {
    case TYPE_u8:
      thil_u8_put(to, value);
      break;
    case TYPE_u16:
      thil_u16_put(to, value);
      break;
    case TYPE_u32:
    case TYPE_i32:
    case TYPE_f32:
      thil_u32_put(to, value);
      break;
    case TYPE_digest:
      thil_digest_put(to, value);
      break;
    case TYPE_text:
      thil_text_put(to, value);
      break;
    case TYPE_bytes:
      thil_bytes_put(to, value);
      break;
    case TYPE_end:
      break;
  }
}

static void get_field(thil_reader* from, field_type type, void* value) {
  switch (type) {
    case TYPE_u8:
      thil_u8_get(from, value);
      break;
    case TYPE_u16:
      thil_u16_get(from, value);
      break;
    case TYPE_u32:
    case TYPE_i32:
    case TYPE_f32:
      thil_u32_get(from, value);
      break;
    case TYPE_digest:
      thil_digest_get(from, value);
      break;
    case TYPE_text:
      thil_text_get(from, value);
      break;
    case TYPE_bytes:
      thil_bytes_get(from, value);
      break;
    case TYPE_end:
      break;
  }
}

static void write_fields(thil_writer* to, const field* each, const void* message) {
  for (; each->type != TYPE_end; ++each) {
    put_field(to, (field_type)each->type, (const uint8_t*)message + each->offset);
  }
}

static bool read_fields(thil_reader* from, const field* each, void* message) {
  for (; each->type != TYPE_end; ++each) {
    get_field(from, (field_type)each->type, (uint8_t*)message + each->offset);
  }
  return !from->failed && from->left == 0;
}

/* The table of one message; every offset in it must fit a byte. */
#define THIL_TABLE_BEGIN(name) \
  typedef thil_##name self;    \
  static const field fields[] = {
#define THIL_FIELD(type, name) {TYPE_##type, (uint8_t)offsetof(self, name)},
#define THIL_TABLE_END                                                     \
  {TYPE_end, 0},                                                           \
  }                                                                        \
  ;                                                                        \
  typedef char offsets_fit_a_byte[sizeof(self) <= UINT8_MAX + 1 ? 1 : -1]; \
  (void)sizeof(offsets_fit_a_byte);

#define THIL_MESSAGE(name, id)                                         \
  void thil_##name##_write(thil_writer* to, const thil_##name* from) { \
    THIL_TABLE_BEGIN(name)
#define THIL_END(name)            \
  THIL_TABLE_END                  \
  write_fields(to, fields, from); \
  }
#include "messages.def"
#undef THIL_MESSAGE
#undef THIL_END

#define THIL_MESSAGE(name, id)                                  \
  bool thil_##name##_read(thil_reader* from, thil_##name* to) { \
    THIL_TABLE_BEGIN(name)
#define THIL_END(name)                  \
  THIL_TABLE_END                        \
  to->unused = 0;                       \
  return read_fields(from, fields, to); \
  }
#include "messages.def"
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
#include "messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END
    default:
      return "?";
  }
}
