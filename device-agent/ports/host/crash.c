/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "host.h"
#include "thil/fault.h"
#include "thil/port.h"

/* The memory is a file without a name; its descriptor survives exec, and this variable says which it is. */
#define VARIABLE "THIL_RETAINED_FD"

static uint8_t* retained;

uint8_t* thil_port_retained(void) { return retained; }

static int inherited(void) {
  const char* number = getenv(VARIABLE);
  struct stat status;
  if (number == NULL) return -1;
  int file = (int)strtol(number, NULL, 10);
  return fstat(file, &status) == 0 && status.st_size == THIL_RETAINED_SIZE ? file : -1;
}

static int created(void) {
  char number[12];
  int file = memfd_create("thil-retained", 0);
  if (file < 0 || ftruncate(file, THIL_RETAINED_SIZE) != 0) return -1;
  snprintf(number, sizeof number, "%d", file);
  setenv(VARIABLE, number, 1);
  return file;
}

static void map_retained(void) {
  int file = inherited();
  if (file < 0) file = created();
  void* at = mmap(NULL, THIL_RETAINED_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (at != MAP_FAILED) retained = at;
}

typedef struct registers {
  uint64_t pc, lr, sp;
} registers;

static registers registers_of(const ucontext_t* context) {
#if defined(__x86_64__)
  const greg_t* general = context->uc_mcontext.gregs;
  const registers found = {(uint64_t)general[REG_RIP], 0, (uint64_t)general[REG_RSP]};
#elif defined(__aarch64__)
  const mcontext_t* machine = &context->uc_mcontext;
  const registers found = {machine->pc, machine->regs[30], machine->sp};
#else
  const registers found = {0, 0, 0};
  (void)context;
#endif
  return found;
}

static void crashed(int number, siginfo_t* about, void* context) {
  (void)about;
  const registers at = registers_of(context);
  thil_fault_save(THIL_FAULT_PROCESSOR, (uint32_t)number, (uint32_t)at.pc, (uint32_t)at.lr, (uint32_t)at.sp);
  thil_port_reset();
}

static void reset_pressed(int number) {
  (void)number;
  thil_port_reset();
}

/* The stack may be what failed. All signals wait while a handler runs; the process that follows lets them in.
 */
void thil_host_catch_crashes(void) {
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
  static uint8_t handler_stack[64 * 1024];
  const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  map_retained();
  sigaltstack(&stack, NULL);
  sigfillset(&action.sa_mask);
  action.sa_sigaction = crashed;
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; ++i) sigaction(crashes[i], &action, NULL);
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = reset_pressed;
  sigaction(SIGUSR1, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}
