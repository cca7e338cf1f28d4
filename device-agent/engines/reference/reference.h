/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.h: where the image comes from that thil_engine_load (engine.h) loads. pushed.c takes it from the
 * host; engines/fixed has it in flash.
 */
#ifndef THIL_REFERENCE_H
#define THIL_REFERENCE_H

#include "thil/engine.h"

typedef struct thil_image {
  const uint8_t* bytes;
  size_t size;
} thil_image;

/* The one to be loaded; `pushed` is what the agent was given. */
thil_image thil_reference_image(thil_image pushed);

#endif
