/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to the agent, and what a hard fault leaves behind. */
#include <stdint.h>
#include <string.h>

#include "microbit.h"
#include "thil/agent.h"
#include "thil/fault.h"
#include "thil/port.h"

extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_load[];

void reset_handler(void);
void fault_explain(const uint32_t* frame);

void reset_handler(void) {
  memcpy(data_start, data_load, (uintptr_t)data_end - (uintptr_t)data_start);
  memset(bss_start, 0, (uintptr_t)bss_end - (uintptr_t)bss_start);
  uint32_t* here = __builtin_frame_address(0);
  for (uint32_t* at = stack_limit; at < here - 16; ++at) *at = STACK_PAINT;
  thil_agent_run();
}

/* A Cortex-M0 has no CFSR: the cause is not known, the place is. */
void fault_explain(const uint32_t* frame) {
  int on_stack = frame >= stack_limit && frame + 8 <= stack_top;
  thil_fault_save(THIL_FAULT_PROCESSOR, 0, on_stack ? frame[6] : 0, on_stack ? frame[5] : 0, (uint32_t)frame);
  thil_port_reset();
}

__attribute__((naked)) static void fault_handler(void) {
  __asm volatile("mov r0, sp\n ldr r1, =stack_top\n mov sp, r1\n ldr r1, =fault_explain\n bx r1\n .ltorg\n");
}

#define FAULT fault_handler
__attribute__((section(".vectors"), used)) static const struct {
  const uint32_t* stack;
  void (*handlers[15 + UART0_IRQ + 1])(void);
} vectors = {
    stack_top,
    {reset_handler, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT, FAULT,
     FAULT, FAULT, FAULT, uart_receive_handler},
};
