/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <string.h>

#include "sha256.h"
#include "thil/cursor.h"

static uint32_t elements_wanted(const thil_model* model, const thil_run* run) {
  uint32_t elements = model->sizes[THIL_OUTPUT] / model->element_size;
  return run->top_k < elements ? run->top_k : elements;
}

static uint8_t form_in_row(const thil_model* model, const thil_run* run) {
  bool in_parts = run->form == THIL_RESULT_FULL && model->sizes[THIL_OUTPUT] > THIL_OUTPUT_MAX;
  return in_parts ? THIL_RESULT_DIGEST : run->form;
}

bool thil_output_in_parts(const thil_model* model, const thil_run* run) {
  return form_in_row(model, run) != run->form;
}

uint32_t thil_output_size(const thil_model* model, const thil_run* run) {
  if (form_in_row(model, run) == THIL_RESULT_DIGEST) return THIL_SHORT_DIGEST_SIZE;
  if (run->form == THIL_RESULT_TOP_K) return elements_wanted(model, run) * (2 + model->element_size);
  return model->sizes[THIL_OUTPUT];
}

/* A number that orders as the element does. A negative float's bits order backwards. */
static int32_t rank_of(const thil_model* model, const uint8_t* element) {
  uint8_t dtype = model->output_dtype;
  uint32_t bits = 0;
  for (uint32_t i = model->element_size; i > 0; --i) bits = bits << 8 | element[i - 1];
  if (dtype == THIL_DTYPE_INT8) return (int8_t)bits;
  if (dtype == THIL_DTYPE_INT16) return (int16_t)bits;
  int32_t rank = (int32_t)bits;
  return dtype == THIL_DTYPE_FLOAT32 && rank < 0 ? rank ^ INT32_MAX : rank;
}

thil_bytes thil_output_from(const thil_model* model, uint32_t at) {
  thil_tensor_info tensor;
  thil_bytes piece = {NULL, 0};
  for (uint32_t i = 0; piece.size == 0; ++i) {
    piece.bytes = thil_engine_tensor(model->engine, THIL_OUTPUT, i, &tensor);
    if (piece.bytes == NULL) break;
    if (at >= tensor.bytes) {
      at -= tensor.bytes;
    } else {
      piece.bytes += at;
      piece.size = tensor.bytes - at;
    }
  }
  return piece;
}

/* The largest element after the one taken last: smaller, or as large and further on. */
static void put_top_k(thil_writer* row, const thil_model* model, uint32_t wanted) {
  const thil_bytes output = thil_output_from(model, 0);
  uint32_t size = model->element_size;
  int32_t bound = INT32_MAX;
  uint32_t next = 0; /* of those as large as the last one */
  for (; wanted > 0; --wanted) {
    int32_t most = INT32_MIN;
    uint32_t best = 0;
    for (uint32_t i = (uint32_t)output.size / size; i-- > 0;) {
      int32_t rank = rank_of(model, output.bytes + i * size);
      bool is_left = rank < bound || (rank == bound && i >= next);
      if (!is_left || rank < most) continue;
      most = rank;
      best = i;
    }
    bound = most;
    next = best + 1;
    uint16_t index = (uint16_t)best;
    const thil_bytes element = {output.bytes + best * size, size};
    thil_u16_put(row, &index);
    thil_bytes_put(row, &element);
  }
}

void thil_output_gather(const thil_model* model, thil_writer* to, thil_digest* digest) {
  thil_sha256 hash;
  thil_bytes piece;
  thil_sha256_begin(&hash);
  for (uint32_t at = 0; (piece = thil_output_from(model, at)).size != 0; at += (uint32_t)piece.size) {
    if (to == NULL) {
      thil_sha256_add(&hash, piece.bytes, piece.size);
    } else {
      thil_bytes_put(to, &piece);
    }
  }
  if (to == NULL) thil_sha256_end(&hash, digest);
}

void thil_output_put(thil_writer* row, const thil_model* model, const thil_run* run) {
  uint8_t form = form_in_row(model, run);
  if (form == THIL_RESULT_TOP_K) {
    put_top_k(row, model, elements_wanted(model, run));
    return;
  }
  thil_digest digest;
  thil_output_gather(model, form == THIL_RESULT_DIGEST ? NULL : row, &digest);
  if (form != THIL_RESULT_DIGEST) return;
  const thil_bytes head = {digest.bytes, THIL_SHORT_DIGEST_SIZE};
  thil_bytes_put(row, &head);
}
