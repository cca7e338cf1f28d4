/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include "bytes.h"

#include <string.h>

uint32_t thil_number_width(uint8_t type) {
  switch (type) {
    case THIL_TYPE_INT8:
    case THIL_TYPE_UINT8:
      return 1;
    case THIL_TYPE_INT16:
      return 2;
    case THIL_TYPE_INT32:
    case THIL_TYPE_FLOAT32:
      return 4;
    default:
      return 0;
  }
}

thil_range thil_number_range(uint8_t type) {
  switch (type) {
    case THIL_TYPE_INT8:
      return (thil_range){INT8_MIN, INT8_MAX};
    case THIL_TYPE_UINT8:
      return (thil_range){0, UINT8_MAX};
    case THIL_TYPE_INT16:
      return (thil_range){INT16_MIN, INT16_MAX};
    default:
      return (thil_range){INT32_MIN, INT32_MAX};
  }
}

int32_t thil_number_integer(const uint8_t* elements, uint8_t type, uint32_t i) {
  switch (type) {
    case THIL_TYPE_INT8:
      return (int8_t)elements[i];
    case THIL_TYPE_UINT8:
      return elements[i];
    case THIL_TYPE_INT16:
      return (int16_t)thil_bytes_u16(elements + 2 * i);
    default:
      return thil_bytes_i32(elements + 4 * i);
  }
}

void thil_number_put(uint8_t* elements, uint8_t type, uint32_t i, int32_t value) {
  const uint32_t bits = (uint32_t)value, width = thil_number_width(type);
  const uint8_t bytes[4] = {(uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16),
                            (uint8_t)(bits >> 24)};
  memcpy(elements + width * i, bytes, width);
}
