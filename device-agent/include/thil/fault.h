/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h: what a crash leaves behind for the host. The agent notes each inference before it begins; the
 * port's fault handler adds what the processor saved, then resets; the next start finds the record in the
 * memory that a reset leaves as it is (thil_port_retained). On a board without such memory there is never a
 * record.
 */
#ifndef THIL_FAULT_H
#define THIL_FAULT_H

#include <stdint.h>

#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Its `cause` is a thil_fault_cause (wire.h); `status` what the processor says: CFSR on a Cortex-M, the
   signal's number in a process. pc, lr and sp are 0 where they are not known; on a workstation they are the
   low 32 bits. */
typedef thil_crash thil_fault_record;

/* Before and after each invoke: what a record will name. */
void thil_fault_enter(uint32_t run, uint16_t model_slot, uint32_t vector, uint16_t repeat);
void thil_fault_leave(void);

/* For a port's fault handler, which resets next; safe in any context. A port that was reset by its watchdog
   calls it in thil_port_start, before thil_fault_start: the note of the inference is still there. */
void thil_fault_save(uint32_t cause, uint32_t status, uint32_t pc, uint32_t lr, uint32_t sp);

/* Once, after thil_port_start: keeps an intact record and drops whatever else the memory holds, which after a
   power cut is anything. */
void thil_fault_start(void);

/* Never NULL; cause THIL_FAULT_NONE when there is no record. It outlives further resets until it is cleared.
 */
const thil_fault_record* thil_fault_last(void);

/* When the host has it: forgets the record. */
void thil_fault_clear(void);

#ifdef __cplusplus
}
#endif
#endif
