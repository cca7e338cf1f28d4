/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <string.h>

#include "cursor.h"
#include "sha256.h"

static uint32_t element_size(const thil_model* model) { return thil_dtype_size(model->output_dtype); }

static uint32_t elements_wanted(const thil_model* model, const thil_run* run) {
  uint32_t elements = model->output_size / element_size(model);
  return run->top_k < elements ? run->top_k : elements;
}

uint32_t thil_output_size(const thil_model* model, const thil_run* run) {
  if (run->form == THIL_RESULT_DIGEST) return THIL_SHORT_DIGEST_SIZE;
  if (run->form == THIL_RESULT_TOP_K) return elements_wanted(model, run) * (2 + element_size(model));
  return model->output_size;
}

/* A number that orders as the element does. A negative float's bits order backwards. */
static int32_t rank_of(const thil_model* model, const uint8_t* element) {
  uint32_t bits = 0;
  for (uint32_t i = element_size(model); i > 0; --i) bits = bits << 8 | element[i - 1];
  if (model->output_dtype == THIL_DTYPE_INT8) return (int8_t)bits;
  if (model->output_dtype == THIL_DTYPE_INT16) return (int16_t)bits;
  int32_t rank = (int32_t)bits;
  return model->output_dtype == THIL_DTYPE_FLOAT32 && rank < 0 ? rank ^ INT32_MAX : rank;
}

/* The largest element after the one taken last: smaller, or as large and further on. */
static void put_top_k(thil_writer* row, const thil_model* model, uint32_t wanted) {
  const uint8_t* output = thil_engine_output(model->engine);
  uint32_t size = element_size(model);
  uint32_t elements = model->output_size / size;
  uint32_t last = 0;
  for (uint32_t taken = 0; taken < wanted; ++taken) {
    uint32_t best = elements;
    for (uint32_t i = 0; i < elements; ++i) {
      int32_t rank = rank_of(model, output + i * size);
      int32_t bound = rank_of(model, output + last * size);
      bool is_left = taken == 0 || rank < bound || (rank == bound && i > last);
      if (is_left && (best == elements || rank > rank_of(model, output + best * size))) best = i;
    }
    last = best;
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
  if (run->form == THIL_RESULT_DIGEST) {
    thil_sha256_digest(output.bytes, output.size, &digest);
    const thil_bytes head = {digest.bytes, THIL_SHORT_DIGEST_SIZE};
    output = head;
  }
  thil_bytes_put(row, &output);
}
