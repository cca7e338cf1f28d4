/* SPDX-License-Identifier: Apache-2.0 */
#include "thil/fault.h"

#include <string.h>

#include "thil/port.h"
#include "thil/wire.h"

/* A number no memory holds by chance, which changes with the layout below: a new image may find what an
   older one left. */
#define CHECK_BASE 0x7F4A0002u
#define IN_INVOKE 0x1EAF5EEDu

typedef struct __attribute__((may_alias)) kept {
  thil_fault_record record;
  uint32_t check;     /* CRC-32C of the record, chained to CHECK_BASE */
  uint32_t in_invoke; /* IN_INVOKE while an inference is under way, which the rest names */
  uint32_t run;
  uint32_t vector;
  uint32_t model;
  uint32_t repeat;
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

void thil_fault_enter(uint32_t run, uint16_t model_slot, uint32_t vector, uint16_t repeat) {
  kept* to = memory();
  to->run = run;
  to->model = model_slot;
  to->vector = vector;
  to->repeat = repeat;
  to->in_invoke = IN_INVOKE;
}

void thil_fault_leave(void) { memory()->in_invoke = 0; }

void thil_fault_save(uint32_t cause, uint32_t status, uint32_t pc, uint32_t lr, uint32_t sp) {
  kept* to = memory();
  uint32_t run = to->in_invoke == IN_INVOKE ? to->run : 0;
  const thil_fault_record record = {cause, status, pc, lr, sp, run, to->vector, to->model, to->repeat};
  to->record = record;
  to->check = check_of(to);
}

void thil_fault_start(void) {
  kept* in = memory();
  if (in->check != check_of(in)) thil_fault_clear();
  in->in_invoke = 0;
}

const thil_fault_record* thil_fault_last(void) { return &memory()->record; }

/* The check no longer fits: the next start finds nothing either. */
void thil_fault_clear(void) { memset(&memory()->record, 0, sizeof(thil_fault_record)); }
