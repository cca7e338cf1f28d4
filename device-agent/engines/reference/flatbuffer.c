/* SPDX-License-Identifier: Apache-2.0 */
#include "flatbuffer.h"

#include "bytes.h"

static bool inside(thil_fb* fb, uint64_t pos, uint64_t count) {
  bool fits = pos + count <= fb->size;
  if (!fits) {
    fb->broken = true;
  }
  return fits;
}

static thil_fb_table table_at(thil_fb* fb, uint64_t pos) {
  thil_fb_table table = {0, 0, 0, 0};
  if (!inside(fb, pos, 4)) {
    return table;
  }
  int64_t vtable = (int64_t)pos - thil_bytes_i32(fb->bytes + pos);
  if (vtable < 0 || !inside(fb, (uint64_t)vtable, 4)) {
    fb->broken = true;
    return table;
  }
  uint16_t vtable_bytes = thil_bytes_u16(fb->bytes + vtable);
  uint16_t bytes = thil_bytes_u16(fb->bytes + vtable + 2);
  if (vtable_bytes < 4 || bytes < 4 || !inside(fb, (uint64_t)vtable, vtable_bytes) ||
      !inside(fb, pos, bytes)) {
    fb->broken = true;
    return table;
  }
  table = (thil_fb_table){(uint32_t)pos, (uint32_t)vtable, vtable_bytes, bytes};
  return table;
}

/* Where a field's value is, or 0 when it is absent or does not fit its table. */
static uint32_t field_at(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint32_t width) {
  uint32_t slot = 4 + 2 * field;
  if (table->pos == 0 || slot + 2 > table->vtable_bytes) {
    return 0;
  }
  uint16_t offset = thil_bytes_u16(fb->bytes + table->vtable + slot);
  if (offset == 0) {
    return 0;
  }
  if (offset < 4 || offset + width > table->bytes) {
    fb->broken = true;
    return 0;
  }
  return table->pos + offset;
}

thil_fb_table thil_fb_root(thil_fb* fb, const char* identifier) {
  thil_fb_table none = {0, 0, 0, 0};
  if (!inside(fb, 0, 8) || memcmp(fb->bytes + 4, identifier, 4) != 0) {
    fb->broken = true;
    return none;
  }
  uint32_t pos = thil_bytes_u32(fb->bytes);
  if (pos < 8) {
    fb->broken = true;
    return none;
  }
  return table_at(fb, pos);
}

uint8_t thil_fb_u8(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint8_t absent) {
  uint32_t at = field_at(fb, table, field, 1);
  return at ? fb->bytes[at] : absent;
}

uint32_t thil_fb_u32(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint32_t absent) {
  uint32_t at = field_at(fb, table, field, 4);
  return at ? thil_bytes_u32(fb->bytes + at) : absent;
}

int32_t thil_fb_i32(thil_fb* fb, const thil_fb_table* table, uint32_t field, int32_t absent) {
  return (int32_t)thil_fb_u32(fb, table, field, (uint32_t)absent);
}

float thil_fb_f32(thil_fb* fb, const thil_fb_table* table, uint32_t field, float absent) {
  uint32_t at = field_at(fb, table, field, 4);
  return at ? thil_bytes_f32(fb->bytes + at) : absent;
}

bool thil_fb_has(thil_fb* fb, const thil_fb_table* table, uint32_t field) {
  return field_at(fb, table, field, 1) != 0;
}

thil_fb_table thil_fb_child(thil_fb* fb, const thil_fb_table* table, uint32_t field) {
  thil_fb_table none = {0, 0, 0, 0};
  uint32_t at = field_at(fb, table, field, 4);
  return at ? table_at(fb, (uint64_t)at + thil_bytes_u32(fb->bytes + at)) : none;
}

thil_fb_vector thil_fb_list(thil_fb* fb, const thil_fb_table* table, uint32_t field, uint32_t element_bytes) {
  thil_fb_vector list = {0, 0};
  uint32_t at = field_at(fb, table, field, 4);
  if (!at) {
    return list;
  }
  uint64_t pos = (uint64_t)at + thil_bytes_u32(fb->bytes + at);
  if (!inside(fb, pos, 4)) {
    return list;
  }
  uint32_t count = thil_bytes_u32(fb->bytes + pos);
  if (inside(fb, pos + 4, (uint64_t)count * element_bytes)) {
    list = (thil_fb_vector){(uint32_t)pos + 4, count};
  }
  return list;
}

thil_fb_table thil_fb_entry(thil_fb* fb, const thil_fb_vector* list, uint32_t index) {
  thil_fb_table none = {0, 0, 0, 0};
  if (index >= list->count) {
    fb->broken = true;
    return none;
  }
  uint32_t at = list->pos + 4 * index;
  return table_at(fb, (uint64_t)at + thil_bytes_u32(fb->bytes + at));
}

int32_t thil_fb_at_i32(const thil_fb* fb, const thil_fb_vector* list, uint32_t index, int32_t absent) {
  return index < list->count ? thil_bytes_i32(fb->bytes + list->pos + 4 * index) : absent;
}
