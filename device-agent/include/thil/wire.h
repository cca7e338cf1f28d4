/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h: the link's frames and messages, shared by firmware, host and Python.
 *
 * docs/formats/frame.md defines a frame byte by byte, docs/formats/messages.md a message's payload and when
 * THIL_WIRE_VERSION rises, both with worked examples; docs/protocol.md says how host and device use them.
 *
 * Memory is the caller's. No function blocks, allocates or keeps a pointer beyond its documented life.
 */
#ifndef THIL_WIRE_H
#define THIL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  THIL_WIRE_VERSION = 3, /* when it rises: docs/formats/messages.md */
  THIL_FRAME_HEADER_SIZE = 8,
  THIL_FRAME_CRC_SIZE = 4,
  THIL_MTU_MAX = 1024, /* largest payload of any frame */
  /* Header, payload, CRC, one COBS byte a started 254, and both delimiters. */
  THIL_FRAME_RAW_MAX = THIL_FRAME_HEADER_SIZE + THIL_MTU_MAX + THIL_FRAME_CRC_SIZE,
  THIL_FRAME_LINE_MAX = THIL_FRAME_RAW_MAX + THIL_FRAME_RAW_MAX / 254 + 3,
  THIL_DIGEST_SIZE = 32,
  THIL_SHORT_DIGEST_SIZE = 8,
  THIL_WINDOW_MAX = (1 << 22) - 1, /* invokes of a window, or ms of its length or rest: 70 minutes */
};

typedef enum thil_frame_flags {
  THIL_FRAME_REPLY = 0x01, /* ack names the request this answers */
  THIL_FRAME_ASK = 0x02,   /* answer with `received` at once */
} thil_frame_flags;

typedef enum thil_slot_kind { THIL_SLOT_MODEL = 1, THIL_SLOT_VECTORS = 2 } thil_slot_kind;

typedef enum thil_run_mode {
  THIL_RUN_MEASURE = 1,    /* the bus is quiet during an invoke; ticks are fit for a gate */
  THIL_RUN_THROUGHPUT = 2, /* transfer and inference overlap; ticks are not */
} thil_run_mode;

typedef enum thil_result_form {
  THIL_RESULT_FULL = 1,   /* the whole output: the bytes of its tensors, one after the other */
  THIL_RESULT_TOP_K = 2,  /* of one output the k largest elements, largest first: u16 index and element */
  THIL_RESULT_DIGEST = 3, /* the first THIL_SHORT_DIGEST_SIZE bytes of the whole output's SHA-256 */
} thil_result_form;

typedef enum thil_provenance {
  THIL_PROVENANCE_REAL = 1,     /* a microcontroller */
  THIL_PROVENANCE_EMULATED = 2, /* firmware on an instruction-set emulator */
  THIL_PROVENANCE_PROCESS = 3,  /* the agent as a process of a workstation */
} thil_provenance;

typedef enum thil_capability {
  THIL_CAN_LOAD_MODELS = 0x01,
  THIL_CAN_UNPACK = 0x02,      /* push_packed */
  THIL_CAN_CHANGE_RATE = 0x04, /* rate */
  THIL_CHECKS_MODELS = 0x08,   /* a malformed model is refused; without it, it may crash the device */
  THIL_CAN_RUN_WINDOWS = 0x10, /* window, of inferences and idle */
  THIL_CAN_SLEEP = 0x20,       /* window, of sleep */
  THIL_TELLS_LAYERS = 0x40,    /* window, with THIL_WINDOW_LAYERS */
  THIL_TELLS_PLACES = 0x80,    /* place */
} thil_capability;

typedef enum thil_result_status {
  THIL_RESULT_OK = 0,
  THIL_RESULT_INVOKE_FAILED = 1,
  THIL_RESULT_CLOCK_SUSPECT = 2, /* the output counts, the latency does not: clock and timer disagree */
  THIL_RESULT_DISTURBED = 3,   /* likewise: bytes arrived, or something else ran, during a measured invoke */
  THIL_RESULT_IN_PARTS = 0x80, /* added to one of these: the output comes in `part` messages */
} thil_result_status;

typedef enum thil_window_kind {
  THIL_WINDOW_INFERENCE = 1,
  THIL_WINDOW_IDLE = 2,  /* awake, waiting for an interrupt */
  THIL_WINDOW_SLEEP = 3, /* the deepest sleep that the product uses */
} thil_window_kind;

/* Tell when the layers of the last inference ended. */
typedef enum thil_window_flags { THIL_WINDOW_LAYERS = 0x01 } thil_window_flags;

typedef enum thil_window_status {
  THIL_WINDOW_WHOLE = 0,
  THIL_WINDOW_INVOKE_FAILED = 1, /* it ended with an inference that the engine called bad */
  THIL_WINDOW_DISTURBED = 2, /* a byte arrived, which ended it, or something else ran: no current counts */
} thil_window_status;

/* What a crash record's `cause` says (fault.h). */
typedef enum thil_fault_cause {
  THIL_FAULT_NONE = 0,
  THIL_FAULT_PROCESSOR = 1, /* a hard fault; on a workstation a signal */
  THIL_FAULT_WATCHDOG = 2,
  THIL_FAULT_STACK = 3, /* the stack was full */
} thil_fault_cause;

typedef enum thil_log_level {
  THIL_LOG_ERROR = 1,
  THIL_LOG_WARNING = 2,
  THIL_LOG_INFO = 3,
  THIL_LOG_DEBUG = 4,
} thil_log_level;

typedef enum thil_refusal {
  THIL_REFUSED_MALFORMED = 1, /* a request that is cut short or holds a value outside its range */
  THIL_REFUSED_UNKNOWN,       /* no such request */
  THIL_REFUSED_NO_SLOT,       /* value: number of slots */
  THIL_REFUSED_TOO_LARGE,     /* value: bytes that would fit */
  THIL_REFUSED_NOT_PUSHING,   /* a chunk, an end or a place of a slot that is not open */
  THIL_REFUSED_DIGEST,        /* content does not match its digest */
  THIL_REFUSED_EMPTY_SLOT,
  THIL_REFUSED_MODEL_MALFORMED,
  THIL_REFUSED_MODEL_UNSUPPORTED, /* detail: the operator */
  THIL_REFUSED_ARENA,             /* value: bytes of arena needed */
  THIL_REFUSED_NOT_LOADED,
  THIL_REFUSED_RANGE, /* vectors beyond the slot's content; value: vectors it holds. Bytes beyond the firmware
                       */
  THIL_REFUSED_FIXED_MODEL, /* the engine's model is compiled in */
  THIL_REFUSED_LOAD,        /* the engine cannot tell why */
  THIL_REFUSED_OUTPUTS,     /* top_k of a model with several outputs */
  THIL_REFUSED_REST,        /* the board has no such power state */
} thil_refusal;

/* ---- cursors: bounded reading and writing with a sticky error ---- */

typedef struct thil_writer {
  uint8_t* at;
  size_t left;
  bool failed; /* something did not fit; nothing was written since */
} thil_writer;

typedef struct thil_reader {
  const uint8_t* at;
  size_t left;
  bool failed; /* something was missing; every value read since is zero */
} thil_reader;

/* Views into the payload they were read from; valid as long as it is. */
typedef struct thil_text {
  const char* chars; /* no NUL at the end */
  uint8_t size;
} thil_text;

typedef struct thil_bytes {
  const uint8_t* bytes;
  size_t size;
} thil_bytes;

/* What a crash left behind; fault.h says what the numbers mean. */
typedef struct thil_crash {
  uint32_t cause; /* thil_fault_cause */
  uint32_t status;
  uint32_t pc;
  uint32_t lr;
  uint32_t sp;
  uint32_t run;    /* 0: it was not in an inference, and the rest says nothing */
  uint32_t vector; /* the run's `ordinal` and on */
  uint32_t model;  /* slot */
  uint32_t repeat;
} thil_crash;

typedef struct thil_digest {
  uint8_t bytes[THIL_DIGEST_SIZE];
} thil_digest;

/* ---- messages: struct thil_<name>, THIL_ID_<name>, thil_<name>_write, thil_<name>_read ---- */

typedef uint8_t thil_type_u8;
typedef uint16_t thil_type_u16;
typedef uint32_t thil_type_u32;
typedef int32_t thil_type_i32;
typedef float thil_type_f32;
typedef thil_crash thil_type_crash;
typedef thil_digest thil_type_digest;
typedef thil_text thil_type_text;
typedef thil_bytes thil_type_bytes;

/* C forbids an empty struct; the leading byte also makes `{0}` a valid initialiser of each. */
#define THIL_MESSAGE(name, id)    \
  enum { THIL_ID_##name = (id) }; \
  typedef struct thil_##name {    \
    uint8_t unused;
#define THIL_FIELD(type, name) thil_type_##type name;
#define THIL_END(name) \
  }                    \
  thil_##name;
#include "messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

/* A message is described by the types of its fields, as thil_<name>_fields lists them up to THIL_TYPE_end.
   Where they lie in the struct follows: in order, each at the next multiple of its unit. */
typedef enum thil_field_type {
  THIL_TYPE_end,
  THIL_TYPE_u8,
  THIL_TYPE_u16,
  THIL_TYPE_u32,
  THIL_TYPE_i32 = THIL_TYPE_u32,
  THIL_TYPE_f32 = THIL_TYPE_u32,
  THIL_TYPE_digest = THIL_TYPE_u32 + 1,
  THIL_TYPE_crash,
  THIL_TYPE_tensor_kind, /* dtype and rank of a thil_tensor_info */
  THIL_TYPE_tensor_rest, /* what follows of it on the wire: 6 of 4 bytes */
  THIL_TYPE_text,
  THIL_TYPE_bytes,
} thil_field_type;

typedef struct thil_layout {
  uint8_t size; /* in the struct */
  uint8_t unit; /* bytes of each number in it; what the field is aligned to */
} thil_layout;

extern const thil_layout thil_layouts[]; /* by thil_field_type */

#define THIL_MESSAGE(name, id) extern const uint8_t thil_##name##_fields[];
#define THIL_FIELD(type, name)
#define THIL_END(name)
#include "messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

/* write: appends the payload. read: true when every field was there and nothing was left over. The first byte
   of the struct is not a field. */
void thil_message_write(thil_writer* to, const uint8_t* fields, const void* message);
bool thil_message_read(thil_reader* from, const uint8_t* fields, void* message);

#define THIL_MESSAGE(name, id)                                                       \
  static inline void thil_##name##_write(thil_writer* to, const thil_##name* from) { \
    thil_message_write(to, thil_##name##_fields, from);                              \
  }                                                                                  \
  static inline bool thil_##name##_read(thil_reader* from, thil_##name* to) {        \
    return thil_message_read(from, thil_##name##_fields, to);                        \
  }
#define THIL_FIELD(type, name)
#define THIL_END(name)
#include "messages.def"
#undef THIL_MESSAGE
#undef THIL_FIELD
#undef THIL_END

/* "push_chunk" for 0x04; "?" for an id that is not in messages.def. */
const char* thil_message_name(uint8_t id);

/* ---- frames ---- */

typedef struct thil_frame_header {
  uint8_t type;   /* message id, messages.def */
  uint8_t flags;  /* thil_frame_flags; unknown bits are ignored */
  uint8_t epoch;  /* of the session, chosen by the host in its hello; 0: there is none */
  uint8_t credit; /* frames that the sender is ready to receive beyond `ack` */
  uint16_t seq;   /* of this frame; the copy of a lost frame has a new one */
  uint16_t ack;   /* a reply: the seq of its request; else the next seq expected */
} thil_frame_header;

typedef struct thil_frame {
  thil_frame_header header;
  thil_bytes payload; /* in the decoder's memory, valid until the next push */
} thil_frame;

/* CRC-32C (Castagnoli, reflected 0x82F63B78); start with 0, chain with the previous value. */
uint32_t thil_crc32c(uint32_t previous, const uint8_t* bytes, size_t size);

/* Writes one frame as it goes on the line, a 0x00 at either end. Returns its size, or 0 when the payload is
   larger than THIL_MTU_MAX or `line` cannot hold it. */
size_t thil_frame_encode(const thil_frame_header* header, thil_bytes payload, uint8_t* line,
                         size_t line_size);

typedef struct thil_decoder {
  uint8_t* memory; /* lent by the caller: THIL_FRAME_RAW_MAX bytes take any frame */
  size_t capacity;
  size_t size;
  uint8_t run_left; /* COBS: bytes until the next code byte */
  bool zero_due;    /* COBS: the next code byte is preceded by a zero */
  bool overflowed;
  uint32_t good; /* frames accepted */
  uint32_t bad;  /* frames dropped; empty ones (two 0x00 in a row) are not counted */
} thil_decoder;

void thil_decoder_init(thil_decoder* decoder, uint8_t* memory, size_t capacity);

/* Takes one byte from the line. True when it completed a good frame, which *frame then describes. */
bool thil_decoder_push(thil_decoder* decoder, uint8_t byte, thil_frame* frame);

typedef struct thil_fed {
  size_t taken;  /* bytes; all of them when no frame was completed */
  bool complete; /* a good frame */
} thil_fed;

/* Host only: the same for many bytes, faster. Stops after the first good frame. */
thil_fed thil_decoder_feed(thil_decoder* decoder, const uint8_t* bytes, size_t size, thil_frame* frame);

#ifdef __cplusplus
}
#endif
#endif
