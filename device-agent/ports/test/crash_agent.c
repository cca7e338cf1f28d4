/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An agent that does nothing but crash, on every port: crash_test.py drives it. At each start it sends what
 * it was left ('!' and a thil_fault_record), then obeys commands of one byte.
 */
#include "thil/agent.h"
#include "thil/fault.h"
#include "thil/port.h"

/* Of no fixed depth to the compiler, which would make a loop of it, or refuse it. */
static uint8_t overflow(const volatile uint8_t* above) {
  volatile uint8_t here[64];
  here[0] = *above;
  return here[0] != 0 ? (uint8_t)(overflow(here) + here[0]) : 0;
}

static void lose_the_stack(void) {
#ifdef __arm__
  __asm volatile("mov r0, #15\n lsl r0, r0, #28\n mov sp, r0\n udf #0" ::: "r0", "memory");
#endif
}

/* The record's frame is longer when the floating-point unit is in use. */
static void trap_after_arithmetic(uint8_t seed) {
  volatile float number = seed;
  number = number * 1.5f;
  __builtin_trap();
}

static void send(const void* bytes, size_t size) {
  const uint8_t* at = bytes;
  for (size_t taken = 0; size > 0; at += taken, size -= taken) taken = thil_port_write(at, size);
}

static void send_record(void) {
  send("!", 1);
  send(thil_fault_last(), sizeof(thil_fault_record));
}

static void try_rates(void) {
  static const uint32_t rates[] = {0, 9600, 115200, 921600, 1562500, 1562501, UINT32_MAX};
  send("!", 1);
  for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
    const uint8_t taken = thil_port_rate(rates[i]) ? 1 : 0;
    send(&taken, 1);
  }
}

static void obey(uint8_t command) {
  switch (command) {
    case 'i':
      thil_fault_enter(42, 1, 700, 3);
      break;
    case 'l':
      thil_fault_leave();
      break;
    case 'c':
      thil_fault_clear();
      break;
    case 's':
      try_rates();
      break;
    case 'r':
      thil_port_reset();
      break;
    case 'u':
      __builtin_trap();
    case 'f':
      trap_after_arithmetic(command);
      break;
    case 'b': /* nothing answers at the highest address */
      *(volatile uint32_t*)(UINTPTR_MAX - 3) = 1;
      break;
    case 'o':
      (void)overflow(&command);
      break;
    case 'w':
      lose_the_stack();
      break;
    case 'h':
      for (;;) {
      }
    default:
      break;
  }
}

void thil_agent_run(void) {
  thil_port_start();
  thil_fault_start();
  send_record();
  for (;;) {
    uint8_t command;
    if (thil_port_read(&command, 1) != 0) {
      obey(command);
    } else {
      thil_port_idle();
    }
  }
}
