/* SPDX-License-Identifier: Apache-2.0 */
#include "fault.h"

#include <string.h>

#include "port.h"
#include "wire.h"

/* Numbers no memory holds by chance. CHECK_BASE changes with the layout below: a new image may find what an
   older one left. */
#define CHECK_BASE 0x7F4A0001u
#define INVOKING 0x1D0C0DEDu

typedef struct __attribute__((may_alias)) kept {
  thil_fault_record record;
  uint32_t check;    /* CRC-32C of the record, chained to CHECK_BASE */
  uint32_t invoking; /* INVOKING: the note below is of an inference under way */
  uint32_t run;
  uint16_t model, vector, repeat;
} kept;

typedef char kept_fits[sizeof(kept) <= THIL_RETAINED_SIZE ? 1 : -1];

static kept* memory(void) {
  static kept lost_at_reset;
  uint8_t* retained = thil_port_retained();
  return retained != NULL ? (kept*)(void*)retained : &lost_at_reset;
}

static uint32_t check_of(const kept* in) {
  return thil_crc32c(CHECK_BASE, (const uint8_t*)&in->record, sizeof in->record);
}

void thil_fault_enter(uint32_t run, uint16_t model_slot, uint16_t vector, uint16_t repeat) {
  kept* to = memory();
  to->run = run;
  to->model = model_slot;
  to->vector = vector;
  to->repeat = repeat;
  to->invoking = INVOKING;
}

void thil_fault_leave(void) { memory()->invoking = 0; }

void thil_fault_save(uint32_t cause, uint32_t status, uint32_t pc, uint32_t lr, uint32_t sp) {
  kept* to = memory();
  to->record.cause = cause;
  to->record.status = status;
  to->record.pc = pc;
  to->record.lr = lr;
  to->record.sp = sp;
  to->record.run = to->run;
  to->record.model = to->model;
  to->record.vector = to->vector;
  to->record.repeat = to->repeat;
  to->record.in_invoke = to->invoking == INVOKING;
  to->check = check_of(to);
}

void thil_fault_start(void) {
  kept* in = memory();
  if (in->check != check_of(in)) thil_fault_clear();
  in->invoking = 0;
}

const thil_fault_record* thil_fault_last(void) { return &memory()->record; }

/* The check no longer fits: the next start finds nothing either. */
void thil_fault_clear(void) { memset(&memory()->record, 0, sizeof(thil_fault_record)); }
