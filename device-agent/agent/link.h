/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.h: frames of the current session to and from the port. Owns the frame buffers; their symbols begin
 * with thil_buffer_ so that tools/agent_size.py can tell them from state.
 *
 * The host may have a whole window of frames under way. Which of them came is kept as the newest number and a
 * bit for each of the 32 up to it; `received` tells the host, which sends again only what is missing.
 */
#ifndef THIL_LINK_H
#define THIL_LINK_H

#include "thil/wire.h"

typedef struct thil_link {
  thil_decoder decoder;
  uint8_t chunk_size;
  uint8_t chunk_at;
  uint8_t epoch;  /* 0: no session */
  uint8_t window; /* frames the receive ring holds */
  uint16_t next_seq;
  uint16_t expected_seq; /* one more than the newest that came */
  uint16_t answered_seq; /* likewise, of those whose answers are sent: what `ack` says unasked */
  uint32_t seen;         /* bit i: frame expected_seq-1-i came */
  bool report_due;       /* a gap was found, or the host asked */
  bool rate_changed;
  uint16_t noise;      /* bytes since the last good frame */
  thil_writer payload; /* of the frame that is sent next */
  thil_bytes unsent;   /* what the port has not taken of the last one */
  uint8_t chunk[32];   /* read from the port and not yet decoded */
} thil_link;

/* Of a link that is all zero. */
void thil_link_start(thil_link* link, uint32_t receive_size);

/* Takes the epoch of a hello, whose number is the session's first. */
void thil_link_open(thil_link* link, const thil_frame_header* hello);

/* The next request that did not come before: a frame of this session, or a hello of any. Looks at a bounded
   number of bytes. The frame's payload is valid until the next call. */
bool thil_link_receive(thil_link* link, thil_frame* request);

/* True when bytes have arrived that were not looked at yet. */
bool thil_link_pending(thil_link* link);

/* Empties the one payload buffer and gives the writer over it. */
thil_writer* thil_link_begin(thil_link* link);

/* Hands what is left of the last frame to the port; true when all of it has gone. */
bool thil_link_sent(thil_link* link);

/* Until it has. Bounded by the port. */
void thil_link_finish(thil_link* link);

/* Sends what was written since, after the end of the frame before. The port may take it over several steps.
   The link knows the header's epoch and seq itself. */
void thil_link_send(thil_link* link, thil_frame_header header);

#endif
