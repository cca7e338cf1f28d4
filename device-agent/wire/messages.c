/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message is a table of its fields, two bytes each, and one function walks it: a third of the code that a
 * call for each field would take.
 */
#include "cursor.h"

static void put_field(thil_writer* to, thil_field_type type, const void* value) {
  switch (type) {
    case THIL_TYPE_u8:
      thil_u8_put(to, value);
      break;
    case THIL_TYPE_u16:
      thil_u16_put(to, value);
      break;
    case THIL_TYPE_u32:
    case THIL_TYPE_i32:
    case THIL_TYPE_f32:
      thil_u32_put(to, value);
      break;
    case THIL_TYPE_digest:
      thil_digest_put(to, value);
      break;
    case THIL_TYPE_tensor:
      thil_tensor_put(to, value);
      break;
    case THIL_TYPE_crash:
      thil_crash_put(to, value);
      break;
    case THIL_TYPE_text:
      thil_text_put(to, value);
      break;
    case THIL_TYPE_bytes:
      thil_bytes_put(to, value);
      break;
    case THIL_TYPE_end:
      break;
  }
}

static void get_field(thil_reader* from, thil_field_type type, void* value) {
  switch (type) {
    case THIL_TYPE_u8:
      thil_u8_get(from, value);
      break;
    case THIL_TYPE_u16:
      thil_u16_get(from, value);
      break;
    case THIL_TYPE_u32:
    case THIL_TYPE_i32:
    case THIL_TYPE_f32:
      thil_u32_get(from, value);
      break;
    case THIL_TYPE_digest:
      thil_digest_get(from, value);
      break;
    case THIL_TYPE_tensor:
      thil_tensor_get(from, value);
      break;
    case THIL_TYPE_crash:
      thil_crash_get(from, value);
      break;
    case THIL_TYPE_text:
      thil_text_get(from, value);
      break;
    case THIL_TYPE_bytes:
      thil_bytes_get(from, value);
      break;
    case THIL_TYPE_end:
      break;
  }
}

void thil_message_write(thil_writer* to, const thil_field* each, const void* message) {
  for (; each->type != THIL_TYPE_end; ++each) {
    put_field(to, (thil_field_type)each->type, (const uint8_t*)message + each->offset);
  }
}

bool thil_message_read(thil_reader* from, const thil_field* each, void* message) {
  for (; each->type != THIL_TYPE_end; ++each) {
    get_field(from, (thil_field_type)each->type, (uint8_t*)message + each->offset);
  }
  return !from->failed && from->left == 0;
}

/* Every offset must fit a byte. */
#define THIL_MESSAGE(name, id)                   \
  const thil_field* thil_##name##_fields(void) { \
    typedef thil_##name self;                    \
    static const thil_field fields[] = {
#define THIL_FIELD(type, name) {THIL_TYPE_##type, (uint8_t)offsetof(self, name)},
#define THIL_END(name)                                                     \
  {THIL_TYPE_end, 0},                                                      \
  }                                                                        \
  ;                                                                        \
  typedef char offsets_fit_a_byte[sizeof(self) <= UINT8_MAX + 1 ? 1 : -1]; \
  (void)sizeof(offsets_fit_a_byte);                                        \
  return fields;                                                           \
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
