/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "thil/port.h"

enum {
  BYTES_A_TURN = 2 * THIL_FRAME_LINE_MAX, /* a babbling line must not keep a run from going on */
  NOISE_MAX = THIL_FRAME_LINE_MAX + 64,   /* more than any frame: the host speaks at another rate */
  SEEN_BITS = 32,
};

static uint8_t thil_buffer_received[THIL_FRAME_RAW_MAX];
static uint8_t thil_buffer_payload[THIL_MTU_MAX];
static uint8_t thil_buffer_line[THIL_FRAME_LINE_MAX];

void thil_link_start(thil_link* link, uint32_t receive_size) {
  uint32_t frames = receive_size / THIL_FRAME_LINE_MAX;
  link->window = (uint8_t)(frames < 1 ? 1 : frames > UINT8_MAX ? UINT8_MAX : frames);
  thil_decoder_init(&link->decoder, thil_buffer_received, sizeof thil_buffer_received);
}

void thil_link_open(thil_link* link, const thil_frame_header* hello) {
  link->epoch = hello->epoch;
  link->next_seq = 0;
  link->expected_seq = (uint16_t)(hello->seq + 1);
  link->answered_seq = link->expected_seq;
  link->seen = UINT32_MAX; /* nothing before it is missed */
  link->report_due = false;
}

bool thil_link_pending(thil_link* link) {
  if (link->chunk_at == link->chunk_size) {
    link->chunk_at = 0;
    link->chunk_size = (uint8_t)thil_port_read(link->chunk, sizeof link->chunk);
  }
  return link->chunk_at < link->chunk_size;
}

/* False for a second copy, and for what is too old to tell. */
static bool is_new(thil_link* link, uint16_t seq) {
  uint16_t ahead = (uint16_t)(seq - link->expected_seq);
  if (ahead > INT16_MAX) {
    uint16_t behind = (uint16_t)(UINT16_MAX - ahead); /* 0: the newest itself */
    if (behind >= SEEN_BITS || (link->seen >> behind & 1u) != 0) return false;
    link->seen |= (uint32_t)1 << behind;
    return true;
  }
  link->seen = ahead + 1u < SEEN_BITS ? link->seen << (ahead + 1u) | 1u : 1u;
  link->expected_seq = (uint16_t)(seq + 1);
  if (ahead > 0) link->report_due = true;
  return true;
}

/* Replies are dropped too: on a line that echoes they are our own, and answering them would never end. */
static bool is_request(thil_link* link, const thil_frame_header* header) {
  if (header->type >= 0x80 || (header->flags & THIL_FRAME_REPLY) != 0) return false;
  if (header->type == THIL_ID_hello) return true;
  if (header->epoch != link->epoch || !is_new(link, header->seq)) return link->epoch == 0;
  if ((header->flags & THIL_FRAME_ASK) != 0) link->report_due = true;
  return true;
}

static void hear(thil_link* link, bool complete) {
  link->noise = complete ? 0 : (uint16_t)(link->noise + 1);
  if (link->noise < NOISE_MAX) return;
  link->noise = 0;
  if (link->rate_changed) link->rate_changed = !thil_port_rate(0);
}

bool thil_link_receive(thil_link* link, thil_frame* request) {
  for (size_t i = 0; i < BYTES_A_TURN && thil_link_pending(link); ++i) {
    bool complete = thil_decoder_push(&link->decoder, link->chunk[link->chunk_at++], request);
    hear(link, complete);
    if (complete && is_request(link, &request->header)) return true;
  }
  return false;
}

thil_writer* thil_link_begin(thil_link* link) {
  const thil_writer empty = {thil_buffer_payload, sizeof thil_buffer_payload, false};
  link->payload = empty;
  return &link->payload;
}

bool thil_link_sent(thil_link* link) {
  if (link->unsent.size != 0) {
    size_t taken = thil_port_write(link->unsent.bytes, link->unsent.size);
    link->unsent.bytes += taken;
    link->unsent.size -= taken;
  }
  return link->unsent.size == 0;
}

void thil_link_finish(thil_link* link) {
  while (!thil_link_sent(link)) {
  }
}

void thil_link_send(thil_link* link, thil_frame_header header) {
  const thil_bytes payload = {thil_buffer_payload, (size_t)(link->payload.at - thil_buffer_payload)};
  header.epoch = link->epoch;
  header.seq = link->next_seq++;
  thil_link_finish(link);
  link->unsent.bytes = thil_buffer_line;
  link->unsent.size = thil_frame_encode(&header, payload, thil_buffer_line, sizeof thil_buffer_line);
  (void)thil_link_sent(link);
}
