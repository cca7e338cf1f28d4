/* SPDX-License-Identifier: Apache-2.0 */
#include "cursor.h"

#define THIL_MESSAGE(name, id)                                         \
  void thil_##name##_write(thil_writer* to, const thil_##name* from) { \
    (void)to;                                                          \
    (void)from;
#define THIL_FIELD(type, name) thil_##type##_put(to, &from->name);
#define THIL_END(name) }
#include "messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

#define THIL_MESSAGE(name, id)                                  \
  bool thil_##name##_read(thil_reader* from, thil_##name* to) { \
    to->unused = 0;
#define THIL_FIELD(type, name) thil_##type##_get(from, &to->name);
#define THIL_END(name)                     \
  return !from->failed && from->left == 0; \
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
