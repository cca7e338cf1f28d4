/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.h: thil_engine_load (engine.h) without the question of where the image comes from. pushed.c takes
 * it from the host; engines/fixed has it in flash.
 */
#ifndef THIL_REFERENCE_H
#define THIL_REFERENCE_H

#include "thil/engine.h"

thil_engine_status thil_reference_load(const uint8_t* image, size_t size, uint8_t* arena, size_t arena_size,
                                       thil_engine_model** model, thil_engine_report* report);

#endif
