/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registers.h"
#include "startup.h"
#include "thil/port.h"
#include "uart.h"

extern uint32_t thil_data_start[], thil_data_end[], thil_bss_start[], thil_bss_end[];
extern const uint32_t thil_data_load[];

typedef struct vector_table {
  const uint32_t* stack;
  void (*handlers[15])(void);
  void (*interrupts[1])(void);
} vector_table;

int main(void);
void thil_reset_handler(void);

static void paint_stack(void) {
  uint32_t* here = __builtin_frame_address(0);
  for (uint32_t* at = thil_stack_limit; at < here - 16; ++at) *at = THIL_STACK_PAINT;
}

/* No access to what lies below the stack, so that a full one is a fault: QEMU takes writes there and forgets
 * them. */
static void guard_stack(void) {
  MPU_RBAR = 0x10000000u | MPU_FIRST_REGION;
  MPU_RASR = MPU_FORBID_256M;
  MPU_CTRL = MPU_ENABLE_WITH_DEFAULTS;
}

static size_t distance(const uint32_t* from, const uint32_t* to) {
  return (size_t)((uintptr_t)to - (uintptr_t)from);
}

void thil_reset_handler(void) {
#ifdef __ARM_FP
  SCB_CPACR |= 0xFu << 20;
  __asm volatile("dsb\n isb");
#endif
  memcpy(thil_data_start, thil_data_load, distance(thil_data_start, thil_data_end));
  memset(thil_bss_start, 0, distance(thil_bss_start, thil_bss_end));
  paint_stack();
  guard_stack();
  (void)main();
  thil_port_reset();
}

#define FAULT thil_fault_handler
__attribute__((section(".vectors"), used)) static const vector_table vectors = {
    thil_stack_top,
    {thil_reset_handler, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT,
     FAULT, FAULT},
    {thil_uart_receive_handler},
};
