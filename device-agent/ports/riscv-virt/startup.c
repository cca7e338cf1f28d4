/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to the agent, interrupts, and what an exception leaves behind. */
#include <string.h>

#include "thil/agent.h"
#include "thil/fault.h"
#include "thil/port.h"
#include "virt.h"

extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_load[];

void reset_handler(void);
void start(void);
void exception(void);
void explain(uint32_t cause, uint32_t pc, uint32_t lr, uint32_t sp);

/* mstatus: FPU on. An exception goes on with a stack of its own, since the stack may be what failed. */
__attribute__((naked, section(".reset"))) void reset_handler(void) {
  __asm volatile(
      "la sp, stack_top\n"
      "li t0, 0x6000\n"
      "csrs mstatus, t0\n"
      "j start\n");
}

__attribute__((naked)) void exception(void) {
  __asm volatile(
      "csrr a0, mcause\n"
      "csrr a1, mepc\n"
      "mv a2, ra\n"
      "mv a3, sp\n"
      "la sp, stack_top\n"
      "j explain\n");
}

void explain(uint32_t cause, uint32_t pc, uint32_t lr, uint32_t sp) {
  thil_fault_save(THIL_FAULT_PROCESSOR, cause, pc, lr, sp);
  thil_port_reset();
}

__attribute__((interrupt("machine"), aligned(4))) static void external_interrupt(void) {
  uint32_t source = PLIC_CLAIM;
  if (source == PLIC_UART) uart_receive();
  PLIC_CLAIM = source;
}

/* Vectored, so that no exception is taken for an interrupt. */
__attribute__((naked, aligned(256))) static void vectors(void) {
  __asm volatile(
      ".option push\n .option norvc\n"
      "j exception\n"
      ".rept 10\n j exception\n .endr\n"
      "j %0\n"
      ".option pop\n" ::"i"(external_interrupt));
}

void start(void) {
  memcpy(data_start, data_load, (uintptr_t)data_end - (uintptr_t)data_start);
  memset(bss_start, 0, (uintptr_t)bss_end - (uintptr_t)bss_start);
  uint32_t* here = __builtin_frame_address(0);
  for (uint32_t* at = stack_limit; at < here - 16; ++at) *at = STACK_PAINT;
  __asm volatile("csrw mtvec, %0" ::"r"((uintptr_t)vectors + 1));
  thil_agent_run();
}
