/* SPDX-License-Identifier: Apache-2.0 */
#include "window.h"

enum { PADDING_SAME, PADDING_VALID };

static bool step_is_usable(int32_t step) { return step >= 1 && step <= THIL_OP_STEP_MAX; }

/* Sets out and pad from the rest. An output that would be empty comes out as 0 or less. */
static void place(thil_window* window, uint8_t padding) {
  int32_t extent = (window->taps - 1) * window->dilation + 1;
  int32_t covered = padding == PADDING_SAME ? window->in - 1 : window->in - extent;
  window->out = covered < 0 ? 0 : covered / window->stride + 1;
  int32_t missing = (window->out - 1) * window->stride + extent - window->in;
  window->pad = missing > 0 ? missing / 2 : 0;
}

thil_engine_status thil_window_make(const thil_op_load* load, const thil_window_fields* fields,
                                    thil_window_pair* pair) {
  thil_fb* fb = load->fb;
  const thil_fb_table* options = &load->options;
  uint8_t padding = thil_fb_u8(fb, options, fields->padding, PADDING_SAME);
  thil_window* y = &pair->y;
  thil_window* x = &pair->x;
  y->in = (int32_t)load->in[0]->dims[1];
  x->in = (int32_t)load->in[0]->dims[2];
  y->taps = fields->taps_y;
  x->taps = fields->taps_x;
  y->stride = thil_fb_i32(fb, options, fields->stride_y, 0);
  x->stride = thil_fb_i32(fb, options, fields->stride_x, 0);
  y->dilation = fields->dilation_y ? thil_fb_i32(fb, options, fields->dilation_y, 1) : 1;
  x->dilation = fields->dilation_x ? thil_fb_i32(fb, options, fields->dilation_x, 1) : 1;
  if (!step_is_usable(y->stride) || !step_is_usable(x->stride)) {
    return thil_op_refuse(load, "stride", "not in 1..1024");
  }
  if (!step_is_usable(y->dilation) || !step_is_usable(x->dilation)) {
    return thil_op_refuse(load, "dilation", "not in 1..1024");
  }
  if (padding > PADDING_VALID || y->taps < 1 || x->taps < 1) {
    return thil_op_refuse(load, "padding", "or filter unknown");
  }
  place(y, padding);
  place(x, padding);
  if (load->out->dims[1] != (uint32_t)y->out || load->out->dims[2] != (uint32_t)x->out ||
      load->out->dims[0] != load->in[0]->dims[0]) {
    return thil_op_refuse(load, "output", "has another shape");
  }
  return THIL_ENGINE_OK;
}
