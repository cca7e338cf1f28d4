/* SPDX-License-Identifier: Apache-2.0 */
/* The agent in one task of FreeRTOS, and beside it, at the same priority, a task that never waits. */
#include "FreeRTOS.h"
#include "task.h"

#include "../mps2/registers.h"
#include "../mps2/startup.h"
#include "../mps2/uart.h"
#include "thil/agent.h"
#include "thil/port.h"

enum { AGENT_STACK = 1024, BUSY_STACK = 128, PRIORITY = 1 }; /* stacks in words */

#define SCB_VTOR THIL_REGISTER(0xE000ED08u)

void* agent_task;
volatile uint32_t other_tasks_ran;

static StackType_t agent_stack[AGENT_STACK];
static StackType_t busy_stack[BUSY_STACK];
static StaticTask_t agent_memory;
static StaticTask_t busy_memory;

#ifdef SUSPEND_WHILE_MEASURING
/* Nothing else runs, apart from interrupts; what the tick takes is in the latency. */
void thil_port_quiet_begin(void) { vTaskSuspendAll(); }
bool thil_port_quiet_end(void) {
  (void)xTaskResumeAll();
  return true;
}
#else
/* Others may run, and the host is told when they did. */
static uint32_t ran_before;
void thil_port_quiet_begin(void) { ran_before = other_tasks_ran; }
bool thil_port_quiet_end(void) { return other_tasks_ran == ran_before; }
#endif

static void serve_host(void* unused) {
  (void)unused;
  thil_agent_start();
  for (;;) {
    if (!thil_agent_step()) vTaskDelay(1);
  }
}

/* Uses the FPU, so that its registers are part of every switch. */
static void be_busy(void* unused) {
  (void)unused;
  volatile float turns = 0;
  for (;;) turns = turns * 0.5f + 1.0f;
}

void thil_freertos_svc(void);
void thil_freertos_pendsv(void);
void thil_freertos_systick(void);
void thil_reset_handler(void);

#define FAULT thil_fault_handler
__attribute__((aligned(128))) static void (*const vectors[])(void) = {
    (void (*)(void))thil_stack_top,
    thil_reset_handler,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    FAULT,
    thil_freertos_svc,
    FAULT,
    FAULT,
    thil_freertos_pendsv,
    thil_freertos_systick,
    thil_uart_receive_handler,
};

int main(void) {
  SCB_VTOR = (uint32_t)vectors;
  agent_task =
      xTaskCreateStatic(serve_host, "agent", AGENT_STACK, NULL, PRIORITY, agent_stack, &agent_memory);
  (void)xTaskCreateStatic(be_busy, "busy", BUSY_STACK, NULL, PRIORITY, busy_stack, &busy_memory);
  vTaskStartScheduler();
  return 0;
}
