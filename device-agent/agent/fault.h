#pragma once
#include <stdbool.h>
#include <stdint.h>
typedef struct thil_fault_record {
  uint32_t cause, status, pc, lr, sp, run, vector;
  uint16_t model, repeat;
  bool in_invoke;
} thil_fault_record;
void thil_fault_enter(uint32_t run, uint16_t model_slot, uint32_t vector, uint16_t repeat);
void thil_fault_leave(void);
void thil_fault_start(void);
const thil_fault_record* thil_fault_last(void);
void thil_fault_clear(void);
