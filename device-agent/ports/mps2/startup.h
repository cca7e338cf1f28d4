/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THIL_MPS2_STARTUP_H
#define THIL_MPS2_STARTUP_H

#include <stddef.h>
#include <stdint.h>

#define THIL_STACK_PAINT 0x57ACC0DEu

/* From the linker script. */
extern uint32_t thil_stack_limit[], thil_stack_top[];
extern const uint8_t thil_image_end[];

/* Where the vector table sends every fault and every exception that nobody asked for. */
void thil_fault_handler(void);

#endif
