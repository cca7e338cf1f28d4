/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include <stdint.h>

#define configCPU_CLOCK_HZ 25000000
#define configTICK_RATE_HZ 1000
#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES 3
#define configMINIMAL_STACK_SIZE 256
#define configUSE_PREEMPTION 1
#define configUSE_TIME_SLICING 1
#define configUSE_IDLE_HOOK 0
#define configUSE_TICK_HOOK 0
#define configSUPPORT_STATIC_ALLOCATION 1
#define configSUPPORT_DYNAMIC_ALLOCATION 0
#define configKERNEL_PROVIDED_STATIC_MEMORY 1
#define configMAX_SYSCALL_INTERRUPT_PRIORITY 0x20
#define configKERNEL_INTERRUPT_PRIORITY 0xF0
#define INCLUDE_vTaskDelay 1
#define configASSERT(condition)         \
  do {                                  \
    if (!(condition)) __builtin_trap(); \
  } while (0)

/* Where main.c learns that something else than the agent ran. */
extern void* agent_task;
extern volatile uint32_t other_tasks_ran;
#define traceTASK_SWITCHED_IN() (other_tasks_ran += (void*)pxCurrentTCB != agent_task)

#define vPortSVCHandler thil_freertos_svc
#define xPortPendSVHandler thil_freertos_pendsv
#define xPortSysTickHandler thil_freertos_systick

#endif
