/* SPDX-License-Identifier: Apache-2.0 */
#include "cobs.h"
#include "thil/cursor.h"

static void header_write(const thil_frame_header* header, uint8_t to[THIL_FRAME_HEADER_SIZE]) {
  to[0] = header->type;
  to[1] = header->flags;
  to[2] = header->epoch;
  to[3] = header->credit;
  to[4] = (uint8_t)header->seq;
  to[5] = (uint8_t)(header->seq >> 8);
  to[6] = (uint8_t)header->ack;
  to[7] = (uint8_t)(header->ack >> 8);
}

static void header_read(const uint8_t from[THIL_FRAME_HEADER_SIZE], thil_frame_header* header) {
  header->type = from[0];
  header->flags = from[1];
  header->epoch = from[2];
  header->credit = from[3];
  header->seq = (uint16_t)(from[4] | from[5] << 8);
  header->ack = (uint16_t)(from[6] | from[7] << 8);
}

/* ---- encoding ---- */

size_t thil_frame_encode(const thil_frame_header* header, thil_bytes payload, uint8_t* line,
                         size_t line_size) {
  if (payload.size > THIL_MTU_MAX) return 0;
  uint8_t head[THIL_FRAME_HEADER_SIZE];
  uint8_t tail[THIL_FRAME_CRC_SIZE];
  header_write(header, head);
  uint32_t crc = thil_crc32c(thil_crc32c(0, head, sizeof head), payload.bytes, payload.size);
  for (size_t i = 0; i < sizeof tail; ++i, crc >>= 8) tail[i] = (uint8_t)crc;

  thil_cobs out = {line, line_size, 2, 1};
  thil_cobs_put(&out, head, sizeof head);
  thil_cobs_put(&out, payload.bytes, payload.size);
  thil_cobs_put(&out, tail, sizeof tail);
  thil_cobs_close(&out);
  if (out.size >= line_size) return 0;
  line[0] = 0;
  line[out.size++] = 0;
  return out.size;
}

/* ---- decoding ---- */

void thil_decoder_init(thil_decoder* decoder, uint8_t* memory, size_t capacity) {
  const thil_decoder fresh = {0};
  *decoder = fresh;
  decoder->memory = memory;
  decoder->capacity = capacity < THIL_FRAME_RAW_MAX ? capacity : THIL_FRAME_RAW_MAX;
}

static void decoder_append(thil_decoder* decoder, uint8_t byte) {
  if (decoder->size == decoder->capacity) {
    decoder->overflowed = true;
    return;
  }
  decoder->memory[decoder->size++] = byte;
}

/* The CRC-32C of anything that its own CRC-32C follows. */
#define CRC_OF_WHAT_IS_INTACT 0x48674BC7u

static bool decoder_intact(const thil_decoder* decoder) {
  return decoder->run_left == 0 && !decoder->overflowed &&
         decoder->size >= THIL_FRAME_HEADER_SIZE + THIL_FRAME_CRC_SIZE &&
         thil_crc32c(0, decoder->memory, decoder->size) == CRC_OF_WHAT_IS_INTACT;
}

static void frame_read(const thil_decoder* decoder, thil_frame* frame) {
  header_read(decoder->memory, &frame->header);
  frame->payload.bytes = decoder->memory + THIL_FRAME_HEADER_SIZE;
  frame->payload.size = decoder->size - THIL_FRAME_HEADER_SIZE - THIL_FRAME_CRC_SIZE;
}

static bool decoder_finish(thil_decoder* decoder, thil_frame* frame) {
  bool empty = decoder->size == 0 && decoder->run_left == 0 && !decoder->zero_due && !decoder->overflowed;
  bool intact = decoder_intact(decoder);
  if (intact) {
    frame_read(decoder, frame);
    decoder->good++;
  } else if (!empty) {
    decoder->bad++;
  }
  decoder->size = 0;
  decoder->run_left = 0;
  decoder->zero_due = false;
  decoder->overflowed = false;
  return intact;
}

bool thil_decoder_push(thil_decoder* decoder, uint8_t byte, thil_frame* frame) {
  if (byte == 0) return decoder_finish(decoder, frame);
  if (decoder->run_left > 0) {
    decoder_append(decoder, byte);
    decoder->run_left--;
    return false;
  }
  if (decoder->zero_due) decoder_append(decoder, 0);
  decoder->run_left = (uint8_t)(byte - 1);
  decoder->zero_due = byte != THIL_COBS_RUN_MAX + 1;
  return false;
}
