/* SPDX-License-Identifier: Apache-2.0 */
#include "host_codec.h"

static void append(thil_decoder* decoder, const uint8_t* bytes, size_t size) {
  const size_t room = decoder->capacity - decoder->size;
  if (size > room) {
    decoder->overflowed = true;
    size = room;
  }
  if (size == 0) return; /* there may be no memory at all, which memcpy does not allow */
  memcpy(decoder->memory + decoder->size, bytes, size);
  decoder->size += size;
}

/* `bytes` hold no zero, so a run of theirs is the frame's as it stands. */
static void take(thil_decoder* decoder, const uint8_t* bytes, size_t size, thil_frame* frame) {
  while (size > 0) {
    size_t run = size < decoder->run_left ? size : decoder->run_left;
    append(decoder, bytes, run);
    decoder->run_left = (uint8_t)(decoder->run_left - run);
    if (run < size) thil_decoder_push(decoder, bytes[run++], frame);
    bytes += run;
    size -= run;
  }
}

thil_fed thil_decoder_feed(thil_decoder* decoder, const uint8_t* bytes, size_t size, thil_frame* frame) {
  thil_fed fed = {0, false};
  while (fed.taken < size && !fed.complete) {
    const size_t at = fed.taken;
    const uint8_t* delimiter = memchr(bytes + at, 0, size - at);
    const size_t end = delimiter == NULL ? size : (size_t)(delimiter - bytes);
    take(decoder, bytes + at, end - at, frame);
    if (delimiter != NULL) fed.complete = thil_decoder_push(decoder, 0, frame);
    fed.taken = delimiter == NULL ? size : end + 1;
  }
  return fed;
}
