/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "thil/port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "thil/wire.h"

enum { NS = 1000000000, STALL_MS = 5000, SAFE_WRITE = 4096 /* PIPE_BUF: poll promises that much */ };

static char** command_line;
static thil_port_memory memory;
static thil_port_info info;
static uint64_t clock_zero;

static uint8_t received[65536];
static size_t received_size;
static size_t received_at;

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static void* slots(size_t count, size_t size) {
  size_t bytes = count * size;
  if (bytes == 0) return NULL;
  void* at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) fail("thil-agent-host: memory for slots");
  return at;
}

void thil_host_prepare(const thil_options* options, char** arguments) {
  command_line = arguments;
  thil_host_catch_crashes();
  info.serial = options->serial;
  memory.model_slots = options->model_slots;
  memory.model_slot_size = options->model_slot_size;
  memory.models = slots(options->model_slots, options->model_slot_size);
  memory.arena_size = options->arena_size;
  memory.arenas = slots(options->model_slots, options->arena_size);
  memory.vector_slots = options->vector_slots;
  memory.vector_slot_size = options->vector_slot_size;
  memory.vectors = slots(options->vector_slots, options->vector_slot_size);
}

static void map_own_image(void) {
  struct stat status;
  int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  if (fstat(file, &status) == 0 && status.st_size > 0) {
    void* at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at != MAP_FAILED) {
      info.image = at;
      info.image_size = (size_t)status.st_size;
    }
  }
  close(file);
}

void thil_port_start(void) {
  signal(SIGPIPE, SIG_DFL); /* a host that is gone ends the process */
  info.board = "host";
  info.clock = "clock-monotonic";
  info.clock_hz = NS;
  info.timer_hz = 0; /* every clock of a workstation comes from one counter */
  info.provenance = THIL_PROVENANCE_PROCESS;
  info.receive_size = sizeof received;
  map_own_image();
}

const thil_port_info* thil_port_info_get(void) { return &info; }
const thil_port_memory* thil_port_memory_get(void) { return &memory; }

static bool ready(int file, short events, int limit_ms) {
  struct pollfd poll_one = {file, events, 0};
  return poll(&poll_one, 1, limit_ms) > 0;
}

/* A closed stdin is the power being cut. */
static void refill(void) {
  if (!ready(STDIN_FILENO, POLLIN, 0)) return;
  ssize_t count = read(STDIN_FILENO, received, sizeof received);
  if (count == 0) exit(0);
  if (count < 0 && errno != EINTR && errno != EAGAIN) fail("thil-agent-host: stdin");
  received_at = 0;
  received_size = count > 0 ? (size_t)count : 0;
}

size_t thil_port_read(uint8_t* bytes, size_t size) {
  if (received_at == received_size) refill();
  size_t left = received_size - received_at;
  size_t taken = left < size ? left : size;
  memcpy(bytes, received + received_at, taken);
  received_at += taken;
  return taken;
}

uint32_t thil_port_bytes_lost(void) { return 0; }

size_t thil_port_write(const uint8_t* bytes, size_t size) {
  size_t at = 0;
  while (at < size) {
    if (!ready(STDOUT_FILENO, POLLOUT, STALL_MS)) return size;
    size_t part = size - at < SAFE_WRITE ? size - at : SAFE_WRITE;
    ssize_t count = write(STDOUT_FILENO, bytes + at, part);
    if (count < 0 && errno != EINTR && errno != EAGAIN) fail("thil-agent-host: stdout");
    if (count > 0) at += (size_t)count;
  }
  return size;
}

void thil_port_idle(void) {
  if (received_at == received_size) (void)ready(STDIN_FILENO, POLLIN, -1);
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS + (uint64_t)now.tv_nsec;
}

/* A process is idle as long as it is not scheduled; there is nothing deeper. A byte ends it early. */
bool thil_port_rest(thil_rest_kind kind, uint32_t ms) {
  if (kind != THIL_REST_IDLE) return false;
  const uint64_t end = now_ns() + (uint64_t)ms * (NS / 1000);
  for (uint64_t now = now_ns(); now < end && received_at == received_size; now = now_ns()) {
    if (ready(STDIN_FILENO, POLLIN, (int)((end - now) / (NS / 1000)))) break;
  }
  return true;
}

void thil_port_clock_restart(void) { clock_zero = now_ns(); }
uint32_t thil_port_clock(void) { return (uint32_t)(now_ns() - clock_zero); }
uint32_t thil_port_timer(void) { return 0; }

void thil_port_trigger(bool high) { (void)high; }
void thil_port_quiet_begin(void) {}
bool thil_port_quiet_end(void) { return true; } /* on a workstation nobody can tell */
void thil_port_alive(void) {}
uint32_t thil_port_stack_free(void) { return 0; }

/* As on a board: memory is gone, the line stays. Called by signal handlers too. A crash must not be blocked
   in the new process; the reset button is, until there is a handler again that it could press. */
void thil_port_reset(void) {
  static const char complaint[] = "thil-agent-host: cannot start anew\n";
  sigset_t button;
  sigemptyset(&button);
  sigaddset(&button, SIGUSR1);
  thil_host_restore_rate();
  sigprocmask(SIG_SETMASK, &button, NULL);
  execv("/proc/self/exe", command_line);
  (void)!write(STDERR_FILENO, complaint, sizeof complaint - 1);
  _exit(1);
}
