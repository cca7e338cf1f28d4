/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_HOST_OPTIONS_H
#define THIL_HOST_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct thil_options {
  const char* serial;
  uint16_t model_slots;
  uint32_t model_slot_size;
  uint32_t arena_size;
  uint16_t vector_slots;
  uint32_t vector_slot_size;
  uint32_t invoke_us;   /* of the fake engine only */
  uint32_t output_bias; /* of the fake engine only */
} thil_options;

/* The defaults changed by the command line; a bad option ends the process with status 2. */
thil_options thil_options_read(int count, char** arguments, bool engine_is_fake);

#endif
