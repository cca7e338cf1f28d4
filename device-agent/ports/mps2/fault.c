/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/fault.h"

#include "registers.h"
#include "startup.h"
#include "thil/port.h"

/* What the processor puts on the stack on its way to a handler (DDI0403, B1.5.6). */
typedef struct exception_frame {
  uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
} exception_frame;

/* Nearer to the end than one push of every register: that push is what failed. */
enum { STACK_END = 64 };

void thil_fault_explain(uintptr_t sp);

/* A frame outside the stack was not written, and a look at it could be a fault in the fault handler, which
   stops the processor for good. Without a debugger a fault of any kind ends here: MemManage, BusFault and
   UsageFault are not enabled. status 0: an exception nobody asked for. */
void thil_fault_explain(uintptr_t sp) {
  const uintptr_t limit = (uintptr_t)thil_stack_limit;
  bool on_stack = sp >= limit && sp <= (uintptr_t)thil_stack_top - sizeof(exception_frame);
  uint32_t cause = sp < limit + STACK_END ? THIL_FAULT_STACK : THIL_FAULT_PROCESSOR;
  uint32_t pc = 0;
  uint32_t lr = 0;
  if (on_stack) {
    pc = ((const exception_frame*)sp)->pc;
    lr = ((const exception_frame*)sp)->lr;
  }
  thil_fault_save(cause, SCB_CFSR, pc, lr, sp);
  thil_port_reset();
}

/* The stack may be what failed, so it begins anew. Nothing runs on the process stack here; an RTOS does. */
__attribute__((naked)) void thil_fault_handler(void) {
  __asm volatile(
      "mov r0, sp\n"
      "ldr r1, =thil_stack_top\n"
      "mov sp, r1\n"
      "b thil_fault_explain\n"
      ".ltorg\n");
}
