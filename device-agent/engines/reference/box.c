/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"

#include <string.h>

static bool is_inside(const thil_box_range* range, uint32_t dim) {
  int64_t last = range->first + (int64_t)(range->count - 1) * range->step;
  return range->count >= 1 && range->first >= 0 && range->first < (int64_t)dim && last >= 0 &&
         last < (int64_t)dim;
}

thil_engine_status thil_box_make(thil_op_load* load, const thil_box_range* ranges, const uint32_t* order,
                                 void** state) {
  const thil_tensor* in = load->in[0];
  thil_box made = {
      .from = (const uint8_t*)thil_tensor_values(in), .to = load->out->data, .counts = {1, 1, 1, 1}};
  if (in->type != load->out->type || in->bytes == 0) {
    return thil_op_refuse(load, "types", "do not fit");
  }
  made.element = in->bytes / thil_tensor_elements(in);
  uint64_t bytes = made.element;
  int32_t offset = 0;
  for (uint32_t i = 0; i < in->rank; i++) {
    const thil_box_range* range = &ranges[order[i]];
    if (!is_inside(range, in->dims[order[i]])) {
      return thil_op_refuse(load, "range", "is outside of the input");
    }
    int32_t one = (int32_t)(made.element * thil_tensor_span(in, order[i] + 1, in->rank));
    uint32_t at = THIL_TENSOR_MAX_RANK - in->rank + i;
    made.counts[at] = (uint32_t)range->count;
    made.steps[at] = range->count > 1 ? range->step * one : 0;
    offset += range->first * one;
    bytes *= (uint32_t)range->count;
  }
  if (bytes != load->out->bytes) {
    return thil_op_refuse(load, "shapes", "do not fit");
  }
  made.from = made.from ? made.from + offset : NULL;
  load->work = load->out->bytes;
  *state = thil_op_keep(load, &made, sizeof made);
  return THIL_ENGINE_OK;
}

static uint8_t* copy_row(const thil_box* box, const uint8_t* from, uint8_t* to) {
  const uint32_t count = box->counts[3];
  if (count == 1 || box->steps[3] == (int32_t)box->element) {
    memcpy(to, from, count * box->element);
    return to + count * box->element;
  }
  for (uint32_t i = 0; i < count; i++) {
    memcpy(to, from + (int32_t)i * box->steps[3], box->element);
    to += box->element;
  }
  return to;
}

void thil_box_copy(const thil_box* box) {
  uint8_t* to = box->to;
  for (uint32_t i = 0; i < box->counts[0]; i++) {
    for (uint32_t j = 0; j < box->counts[1]; j++) {
      for (uint32_t k = 0; k < box->counts[2]; k++) {
        int32_t at = (int32_t)i * box->steps[0] + (int32_t)j * box->steps[1] + (int32_t)k * box->steps[2];
        to = copy_row(box, box->from + at, to);
      }
    }
  }
}
