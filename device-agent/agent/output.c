/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <string.h>

#include "sha256.h"
#include "thil/cursor.h"

static uint32_t elements_wanted(const thil_model* model, const thil_run* run) {
  uint32_t elements = model->output_size / model->element_size;
  return run->top_k < elements ? run->top_k : elements;
}

static uint8_t form_in_row(const thil_model* model, const thil_run* run) {
  bool in_parts = run->form == THIL_RESULT_FULL && model->output_size > THIL_OUTPUT_MAX;
  return in_parts ? THIL_RESULT_DIGEST : run->form;
}

bool thil_output_in_parts(const thil_model* model, const thil_run* run) {
  return form_in_row(model, run) != run->form;
}

uint32_t thil_output_size(const thil_model* model, const thil_run* run) {
  if (form_in_row(model, run) == THIL_RESULT_DIGEST) return THIL_SHORT_DIGEST_SIZE;
  if (run->form == THIL_RESULT_TOP_K) return elements_wanted(model, run) * (2 + model->element_size);
  return model->output_size;
}

/* A number that orders as the element does. A negative float's bits order backwards. */
static int32_t rank_of(const thil_model* model, const uint8_t* element) {
  uint32_t bits = 0;
  for (uint32_t i = model->element_size; i > 0; --i) bits = bits << 8 | element[i - 1];
  if (model->output_dtype == THIL_DTYPE_INT8) return (int8_t)bits;
  if (model->output_dtype == THIL_DTYPE_INT16) return (int16_t)bits;
  int32_t rank = (int32_t)bits;
  return model->output_dtype == THIL_DTYPE_FLOAT32 && rank < 0 ? rank ^ INT32_MAX : rank;
}

/* The largest element after the one taken last: smaller, or as large and further on. */
static void put_top_k(thil_writer* row, const thil_model* model, uint32_t wanted) {
  const uint8_t* output = thil_engine_output(model->engine);
  uint32_t size = model->element_size;
  int32_t bound = INT32_MAX;
  uint32_t next = 0; /* of those as large as the last one */
  for (; wanted > 0; --wanted) {
    int32_t most = INT32_MIN;
    uint32_t best = 0;
    for (uint32_t i = model->output_size / size; i-- > 0;) {
      int32_t rank = rank_of(model, output + i * size);
      bool is_left = rank < bound || (rank == bound && i >= next);
      if (!is_left || rank < most) continue;
      most = rank;
      best = i;
    }
    bound = most;
    next = best + 1;
    uint16_t index = (uint16_t)best;
    const thil_bytes element = {output + best * size, size};
    thil_u16_put(row, &index);
    thil_bytes_put(row, &element);
  }
}

void thil_output_put(thil_writer* row, const thil_model* model, const thil_run* run) {
  thil_bytes output = {thil_engine_output(model->engine), model->output_size};
  if (run->form == THIL_RESULT_TOP_K) {
    put_top_k(row, model, elements_wanted(model, run));
    return;
  }
  thil_digest digest;
  if (form_in_row(model, run) == THIL_RESULT_DIGEST) {
    thil_sha256_digest(output.bytes, output.size, &digest);
    const thil_bytes head = {digest.bytes, THIL_SHORT_DIGEST_SIZE};
    output = head;
  }
  thil_bytes_put(row, &output);
}
