/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "port.h"

enum { BYTES_A_TURN = 2 * THIL_FRAME_LINE_MAX }; /* a babbling line must not keep a run from going on */

static uint8_t thil_buffer_received[THIL_FRAME_RAW_MAX];
static uint8_t thil_buffer_payload[THIL_MTU_MAX];
static uint8_t thil_buffer_line[THIL_FRAME_LINE_MAX];

void thil_link_start(thil_link* link, uint32_t receive_size) {
  const thil_link fresh = {0};
  uint32_t frames = receive_size / THIL_FRAME_LINE_MAX;
  *link = fresh;
  link->window = (uint8_t)(frames < 1 ? 1 : frames > UINT8_MAX ? UINT8_MAX : frames);
  thil_decoder_init(&link->decoder, thil_buffer_received, sizeof thil_buffer_received);
}

bool thil_link_pending(thil_link* link) {
  if (link->chunk_at == link->chunk_size) {
    link->chunk_at = 0;
    link->chunk_size = (uint8_t)thil_port_read(link->chunk, sizeof link->chunk);
  }
  return link->chunk_at < link->chunk_size;
}

/* Replies are dropped too: on a line that echoes they are our own, and answering them would never end. */
static bool is_request(const thil_link* link, const thil_frame_header* header) {
  if (header->type >= 0x80 || (header->flags & THIL_FRAME_REPLY) != 0) return false;
  return header->type == THIL_ID_hello || header->epoch == link->epoch;
}

bool thil_link_receive(thil_link* link, thil_frame* request) {
  for (size_t i = 0; i < BYTES_A_TURN && thil_link_pending(link); ++i) {
    bool complete = thil_decoder_push(&link->decoder, link->chunk[link->chunk_at++], request);
    if (complete && is_request(link, &request->header)) {
      link->expected_seq = (uint16_t)(request->header.seq + 1);
      return true;
    }
  }
  return false;
}

thil_writer thil_link_payload(void) {
  const thil_writer payload = {thil_buffer_payload, sizeof thil_buffer_payload, false};
  return payload;
}

void thil_link_send(thil_link* link, const thil_envelope* envelope, const thil_writer* payload) {
  const thil_frame_header header = {envelope->type,   envelope->flags,  envelope->epoch,
                                    envelope->credit, link->next_seq++, envelope->ack};
  const thil_bytes content = {thil_buffer_payload, sizeof thil_buffer_payload - payload->left};
  thil_port_write(thil_buffer_line,
                  thil_frame_encode(&header, content, thil_buffer_line, sizeof thil_buffer_line));
}
