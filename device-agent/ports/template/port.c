/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A port for no board at all: every function the agent asks for, and why. It compiles and does nothing;
 * replace each body by a few lines for your board. ports/mps2 is the same list filled in.
 */
#include "thil/port.h"

#include "thil/wire.h"

/* The agent reads a whole model and its vectors from here, so this is most of your RAM. Each size a multiple
   of 16; an arena as large as your largest model needs (a refused load names the number). 48 bytes of each
   slot are the agent's. */
enum {
  MODEL_SLOTS = 2, /* two, so that both versions are resident while they are compared */
  MODEL_SLOT_SIZE = 32 * 1024,
  ARENA_SIZE = 16 * 1024,
  VECTOR_SLOTS = 8,
  VECTOR_SLOT_SIZE = 4 * 1024,
  RECEIVE_RING =
      4 * 1024, /* at least one frame, 1043 bytes; line rate times the host's delay is the measure */
};

#define ALIGNED __attribute__((aligned(16)))
static ALIGNED uint8_t thil_buffer_models[MODEL_SLOTS * MODEL_SLOT_SIZE];
static ALIGNED uint8_t thil_buffer_arenas[MODEL_SLOTS * ARENA_SIZE];
static ALIGNED uint8_t thil_buffer_vectors[VECTOR_SLOTS * VECTOR_SLOT_SIZE];

/* Reasons to know your silicon by: the serial tells two boards of a farm apart (a unique-ID register as hex);
   the clock's name stands beside every latency; clock_hz and timer_hz are measured against each other, so
   they must be what the clock tree really gives. image is what the linker put into flash, so that the host
   can prove which firmware runs, and 0 where flash begins there; leave image_size 0 where reading flash is
   locked. */
static const thil_port_info info = {
    .board = "template",
    .serial = "",
    .clock = "none",
    .clock_hz = 0,
    .timer_hz = 0,
    .provenance = THIL_PROVENANCE_REAL,
    .image = 0,
    .image_size = 0,
    .receive_size = RECEIVE_RING,
};

static const thil_port_memory memory = {
    .models = thil_buffer_models,
    .model_slots = MODEL_SLOTS,
    .model_slot_size = MODEL_SLOT_SIZE,
    .arenas = thil_buffer_arenas,
    .arena_size = ARENA_SIZE,
    .vectors = thil_buffer_vectors,
    .vector_slots = VECTOR_SLOTS,
    .vector_slot_size = VECTOR_SLOT_SIZE,
};

/* Called first and once: raise the clock tree to the speed you ship with (a latency at another speed is no
   evidence), start the UART with its interrupt or DMA, start both counters, make the trigger pin an output.
 */
void thil_port_start(void) {}

const thil_port_info* thil_port_info_get(void) { return &info; }
const thil_port_memory* thil_port_memory_get(void) { return &memory; }

/* Empties the ring that the interrupt fills. Must not wait: the agent asks between two inferences. */
size_t thil_port_read(uint8_t* bytes, size_t size) {
  (void)bytes;
  (void)size;
  return 0;
}

/* Count what the ring had no room for and what the UART reports as overrun: it explains a bad frame. */
uint32_t thil_port_bytes_lost(void) { return 0; }

/* Either wait until the transmitter has taken all, the last byte included, and return `size`; or never wait:
   start a DMA over the bytes and return 0, when asked again return 0 while it runs and `size` when it is
   done. An inference may be timed next, and a DMA still running would slow it. Give up after a bound with
   `size`; the host repeats what it did not hear. */
size_t thil_port_write(const uint8_t* bytes, size_t size) {
  (void)bytes;
  return size;
}

/* WFI with interrupts masked around the look at the ring, so that a byte in between still wakes. An empty
   body is correct too, and costs power. */
void thil_port_idle(void) {}

/* For energy windows: let a timer wake the processor after `ms`, from WFI for THIL_REST_IDLE, from the
   deepest sleep that your product uses for THIL_REST_SLEEP (on wake, set the clock tree up again). Whatever
   thil_port_timer counts must count on: in a sleep that stops it, add what the timer that woke you says has
   passed. WFI in a loop until the time is over, or a byte has come; both states with interrupts masked around
   the look at the ring, as in thil_port_idle. With 0 ms only say whether there is such a state. */
bool thil_port_rest(thil_rest_kind kind, uint32_t ms) {
  (void)kind;
  (void)ms;
  return false;
}

/* A cycle counter is best (DWT_CYCCNT = 0). A timer with a prescaler must be restarted, prescaler included,
   or equal work gives ticks that differ by one. */
void thil_port_clock_restart(void) {}
uint32_t thil_port_clock(void) { return 0; }

/* Another oscillator if you have one (an RTC at 32768 Hz will do): it is what finds out a wrong clock_hz.
   Without one set timer_hz to 0 rather than deriving it from the same counter. */
uint32_t thil_port_timer(void) { return 0; }

/* A GPIO wired to the current meter's digital input (docs/porting.md) gives each inference its energy; else
   leave it empty. */
void thil_port_trigger(bool high) { (void)high; }

/* Feed the watchdog, if it runs. */
void thil_port_alive(void) {}

/* With an RTOS: suspend the scheduler for one inference, or count the context switches and say that there
   were some. Interrupts that must go on may; what they take is in the latency. */
void thil_port_quiet_begin(void) {}
bool thil_port_quiet_end(void) { return true; }

/* Paint the stack in the startup code and count what is left of the paint. */
uint32_t thil_port_stack_free(void) { return 0; }

/* NVIC_SystemReset() on a Cortex-M. */
void thil_port_reset(void) {
  for (;;) {
  }
}

/* So that a crash is explained and not only noticed: 64 bytes that neither the startup code nor a bootloader
   clears, at an address that stays when the image changes: the linker script ends RAM 64 bytes early, and
   says `retained = ORIGIN(RAM) + LENGTH(RAM);`

     extern uint8_t retained[THIL_RETAINED_SIZE];

   With a data cache, clean it before a reset. The other half is HardFault_Handler (ports/mps2/fault.c): take
   the stack pointer (MSP; PSP where bit 2 of LR is set, as with an RTOS), move SP to the top of the stack,
   then

     thil_fault_save(THIL_FAULT_PROCESSOR, SCB->CFSR, frame[6], frame[5], (uint32_t)frame);
     thil_port_reset();

   but read the frame only where it lies in RAM. After a watchdog's reset (RCC_CSR and the like say so), call
   thil_fault_save(THIL_FAULT_WATCHDOG, the reset's cause, 0, 0, 0) in thil_port_start. */
uint8_t* thil_port_retained(void) { return 0; }

/* Optional: models travel faster than at the rate that every adapter knows. Wait until the shift register is
   empty (the UART's "transmission complete" flag), then

     UART->BRR = (CLOCK_HZ + baud / 2) / baud;
     return true;

   and answer false above what the UART reaches, which is its clock by 16 or by 8. */
bool thil_port_rate(uint32_t baud) {
  (void)baud;
  return false;
}
