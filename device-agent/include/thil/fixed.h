/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixed.h: the model of engines/fixed, which runs one .tflite file that is compiled into the firmware. It is
 * read where it lies, in flash; RAM is needed for the arena only. With CMake, tinyhil_model_in_flash(firmware
 * model.tflite) defines both from a file. Without it, of the numbers that `xxd -i < model.tflite` prints:
 *
 *   const uint8_t thil_fixed_model[] __attribute__((aligned(4))) = {0x1c, 0x00, ...};
 *   const size_t thil_fixed_model_size = sizeof thil_fixed_model;
 */
#ifndef THIL_FIXED_H
#define THIL_FIXED_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

extern const uint8_t thil_fixed_model[]; /* 4-byte aligned */
extern const size_t thil_fixed_model_size;

#ifdef __cplusplus
}
#endif
#endif
