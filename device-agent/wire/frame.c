/* SPDX-License-Identifier: Apache-2.0 */
#include "cobs.h"
#include "cursor.h"

/* The header as a message: its `type` is the byte before the fields. */
static const uint8_t header_fields[] = {THIL_TYPE_u8,  THIL_TYPE_u8,  THIL_TYPE_u8,
                                        THIL_TYPE_u16, THIL_TYPE_u16, THIL_TYPE_end};

/* ---- encoding ---- */

size_t thil_frame_encode(const thil_frame_header* header, thil_bytes payload, uint8_t* line,
                         size_t line_size) {
  if (payload.size > THIL_MTU_MAX) return 0;
  uint8_t head[THIL_FRAME_HEADER_SIZE];
  uint8_t tail[THIL_FRAME_CRC_SIZE];
  thil_writer to = {head, sizeof head, false};
  thil_u8_put(&to, &header->type);
  thil_message_write(&to, header_fields, header);
  uint32_t crc = thil_crc32c(thil_crc32c(0, head, sizeof head), payload.bytes, payload.size);
  thil_writer end = {tail, sizeof tail, false};
  thil_u32_put(&end, &crc);

  thil_cobs out = {line, line_size, 1, 0};
  thil_cobs_put(&out, head, sizeof head);
  thil_cobs_put(&out, payload.bytes, payload.size);
  thil_cobs_put(&out, tail, sizeof tail);
  thil_cobs_close(&out);
  if (out.size >= line_size) return 0;
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

static bool decoder_intact(const thil_decoder* decoder) {
  if (decoder->run_left != 0 || decoder->overflowed) return false;
  if (decoder->size < THIL_FRAME_HEADER_SIZE + THIL_FRAME_CRC_SIZE) return false;
  size_t covered = decoder->size - THIL_FRAME_CRC_SIZE;
  thil_reader from = {decoder->memory + covered, THIL_FRAME_CRC_SIZE, false};
  uint32_t crc = 0;
  thil_u32_get(&from, &crc);
  return crc == thil_crc32c(0, decoder->memory, covered);
}

static void frame_read(const thil_decoder* decoder, thil_frame* frame) {
  thil_reader from = {decoder->memory, decoder->size - THIL_FRAME_CRC_SIZE, false};
  thil_u8_get(&from, &frame->header.type);
  thil_message_read(&from, header_fields, &frame->header);
  thil_bytes_get(&from, &frame->payload);
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
