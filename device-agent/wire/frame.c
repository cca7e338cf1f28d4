/* SPDX-License-Identifier: Apache-2.0 */
#include "cursor.h"

enum { RUN_MAX = 254 }; /* the longest COBS block */

/* Half a byte a turn: 64 bytes of table is what a small part can spare. */
uint32_t thil_crc32c(uint32_t previous, const uint8_t* bytes, size_t size) {
  static const uint32_t table[16] = {
      0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
      0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
  };
  uint32_t crc = ~previous;
  for (size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    crc = (crc >> 4) ^ table[crc & 15];
    crc = (crc >> 4) ^ table[crc & 15];
  }
  return ~crc;
}

/* ---- encoding: `size` counts on past the end of the line, so that one look at the end tells ---- */

typedef struct sink {
  uint8_t* line;
  size_t capacity;
  size_t size;
  size_t code_at; /* where the open block's length goes */
} sink;

static void sink_store(sink* to, size_t at, uint8_t byte) {
  if (at < to->capacity) to->line[at] = byte;
}

static void sink_open_block(sink* to) { to->code_at = to->size++; }

static void sink_close_block(sink* to) { sink_store(to, to->code_at, (uint8_t)(to->size - to->code_at)); }

static void sink_put(sink* to, uint8_t byte) {
  if (to->size - to->code_at == RUN_MAX + 1) {
    sink_close_block(to);
    sink_open_block(to);
  }
  if (byte == 0) {
    sink_close_block(to);
    sink_open_block(to);
  } else {
    sink_store(to, to->size++, byte);
  }
}

static void sink_put_all(sink* to, const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) sink_put(to, bytes[i]);
}

static void header_write(const thil_frame_header* header, uint8_t bytes[THIL_FRAME_HEADER_SIZE]) {
  thil_writer to = {bytes, THIL_FRAME_HEADER_SIZE, false};
  thil_u8_put(&to, &header->type);
  thil_u8_put(&to, &header->flags);
  thil_u8_put(&to, &header->epoch);
  thil_u8_put(&to, &header->credit);
  thil_u16_put(&to, &header->seq);
  thil_u16_put(&to, &header->ack);
}

size_t thil_frame_encode(const thil_frame_header* header, thil_bytes payload, uint8_t* line,
                         size_t line_size) {
  if (payload.size > THIL_MTU_MAX) return 0;
  uint8_t head[THIL_FRAME_HEADER_SIZE];
  uint8_t tail[THIL_FRAME_CRC_SIZE];
  header_write(header, head);
  uint32_t crc = thil_crc32c(thil_crc32c(0, head, sizeof head), payload.bytes, payload.size);
  thil_writer to = {tail, sizeof tail, false};
  thil_u32_put(&to, &crc);

  sink out = {line, line_size, 0, 0};
  sink_open_block(&out);
  sink_put_all(&out, head, sizeof head);
  sink_put_all(&out, payload.bytes, payload.size);
  sink_put_all(&out, tail, sizeof tail);
  sink_close_block(&out);
  sink_store(&out, out.size++, 0);
  return out.size <= line_size ? out.size : 0;
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
  thil_u8_get(&from, &frame->header.flags);
  thil_u8_get(&from, &frame->header.epoch);
  thil_u8_get(&from, &frame->header.credit);
  thil_u16_get(&from, &frame->header.seq);
  thil_u16_get(&from, &frame->header.ack);
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
  decoder->zero_due = byte != RUN_MAX + 1;
  return false;
}
