/* SPDX-License-Identifier: Apache-2.0 */
#include "op.h"

#include "detail.h"

enum {
#define THIL_BUILTIN(name) BUILTIN_##name,
#include "builtin.def"
#undef THIL_BUILTIN
};

static const thil_op_kind kKinds[] = {
#define THIL_OP(name, options, prefix) \
  {thil_##prefix##_prepare, thil_##prefix##_eval, BUILTIN_##name, options},
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

thil_engine_status thil_op_activation(const thil_op_load* load, uint32_t field, thil_range* range) {
  uint8_t activation = thil_fb_u8(load->fb, &load->options, field, 0);
  if (!thil_range_make(activation, thil_tensor_scale(load->out, 0), load->out->zero_point, range)) {
    return thil_op_refuse(load, "activation", "unknown");
  }
  return THIL_ENGINE_OK;
}
