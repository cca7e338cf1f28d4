/* SPDX-License-Identifier: Apache-2.0 */
#include "op.h"

#include "bytes.h"
#include "detail.h"

static const thil_op_kind kKinds[] = {
#define THIL_OP(name, options, prefix, inputs, outputs) \
  {thil_##prefix##_prepare, thil_##prefix##_eval, BUILTIN_##name, options, inputs, outputs},
#include "ops.def"
#undef THIL_OP
};

const thil_op_kind* thil_op_find(uint32_t code) {
  for (uint32_t i = 0; i < sizeof kKinds / sizeof *kKinds; i++) {
    if (kKinds[i].code == code) {
      return &kKinds[i];
    }
  }
  return NULL;
}

thil_engine_status thil_op_refuse(const thil_op_load* load, const char* what, const char* why) {
  thil_detail_clear(load->report);
  thil_detail_text(load->report, "operator ");
  thil_detail_builtin(load->report, load->code);
  thil_detail_text(load->report, " (node ");
  thil_detail_number(load->report, load->node);
  thil_detail_text(load->report, "): ");
  thil_detail_text(load->report, what);
  thil_detail_text(load->report, " ");
  thil_detail_text(load->report, why);
  return THIL_ENGINE_UNSUPPORTED;
}

static thil_engine_status refuse_type(const thil_op_load* load, const char* what, const thil_tensor* tensor) {
  thil_op_refuse(load, what, "is ");
  thil_detail_text(load->report, thil_tensor_type_name(tensor->type));
  return THIL_ENGINE_UNSUPPORTED;
}

thil_engine_status thil_op_want(const thil_op_load* load, const char* what, const thil_tensor* tensor,
                                unsigned wants) {
  if (!tensor) {
    return thil_op_refuse(load, what, "is missing");
  }
  bool int8 = (wants & (THIL_WANT_INT8 | THIL_WANT_WEIGHTS)) != 0;
  if ((int8 && tensor->type != THIL_TYPE_INT8) ||
      ((wants & THIL_WANT_INT32) && tensor->type != THIL_TYPE_INT32)) {
    return refuse_type(load, what, tensor);
  }
  if ((wants & THIL_WANT_INT8) && tensor->scale_count != 1) {
    return thil_op_refuse(load, what, "needs one scale");
  }
  if ((wants & (THIL_WANT_CONSTANT | THIL_WANT_WEIGHTS)) && !tensor->constant) {
    return thil_op_refuse(load, what, "is not constant");
  }
  if ((wants & THIL_WANT_RANK_4) && tensor->rank != 4) {
    return thil_op_refuse(load, what, "is not 4-D");
  }
  if ((wants & THIL_WANT_WEIGHTS) && (tensor->scale_count == 0 || tensor->zero_point != 0)) {
    return thil_op_refuse(load, what, "is not symmetric");
  }
  return THIL_ENGINE_OK;
}

thil_engine_status thil_op_want_int8_pair(const thil_op_load* load) {
  thil_engine_status status = thil_op_want(load, "input", load->in[0], THIL_WANT_INT8);
  return status ? status : thil_op_want(load, "output", load->out, THIL_WANT_INT8);
}

void* thil_op_keep(const thil_op_load* load, const void* made, uint32_t bytes) {
  void* kept = thil_arena_take(load->arena, bytes);
  if (kept) {
    memcpy(kept, made, bytes);
  }
  return kept;
}

bool thil_op_integers(const thil_tensor* tensor, uint32_t count, int32_t* values) {
  if (!tensor || !tensor->constant || tensor->type != THIL_TYPE_INT32 ||
      thil_tensor_elements(tensor) != count) {
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    values[i] = thil_bytes_i32(tensor->constant + 4 * i);
  }
  return true;
}

bool thil_op_axis(int32_t axis, uint32_t rank, uint32_t* index) {
  if (axis < -(int32_t)rank || axis >= (int32_t)rank) {
    return false;
  }
  *index = (uint32_t)(axis < 0 ? axis + (int32_t)rank : axis);
  return true;
}

thil_engine_status thil_op_activation(const thil_op_load* load, uint32_t field, thil_range* range) {
  uint8_t activation = thil_fb_u8(load->fb, &load->options, field, 0);
  if (!thil_range_make(activation, thil_tensor_scale(load->out, 0), load->out->zero_point, range)) {
    return thil_op_refuse(load, "activation", "unknown");
  }
  return THIL_ENGINE_OK;
}
