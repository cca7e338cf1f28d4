/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window.h: a filter window sliding along one axis of an image, for convolution and pooling. Padding is never
 * materialised: a window is cut to the taps that fall inside the image.
 * Sizes: https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 */
#ifndef THIL_REFERENCE_WINDOW_H
#define THIL_REFERENCE_WINDOW_H

#include "op.h"

typedef struct thil_window {
  int32_t in, out, taps; /* lengths of input, output, filter */
  int32_t stride, dilation;
  int32_t pad; /* positions before the input's first */
} thil_window;

/* Taps [first, first + count) of the window of one output position; the first reads input position `from`. */
typedef struct thil_span {
  int32_t first, count, from;
} thil_span;

typedef struct thil_window_pair {
  thil_window y, x;
} thil_window_pair;

/* Where an options table keeps its fields, and how large the filter is. */
typedef struct thil_window_fields {
  uint32_t padding, stride_x, stride_y;
  uint32_t dilation_x, dilation_y; /* 0: has none, as field 0 is the padding */
  int32_t taps_x, taps_y;
} thil_window_fields;

/* Both axes of an NHWC operator. Refuses steps out of range and an output of another shape. */
thil_engine_status thil_window_make(const thil_op_load* load, const thil_window_fields* fields,
                                    thil_window_pair* pair);

static inline thil_span thil_window_span(const thil_window* window, int32_t position) {
  int32_t start = position * window->stride - window->pad;
  int32_t step = window->dilation;
  int32_t first = start < 0 ? (-start + step - 1) / step : 0;
  int32_t room = window->in - start; /* taps at 0, step, 2 step ... below room are inside */
  int32_t end = room > 0 ? (room + step - 1) / step : 0;
  if (end > window->taps) {
    end = window->taps;
  }
  thil_span none = {0, 0, 0};
  thil_span span = {first, end - first, start + first * step};
  return end > first ? span : none;
}

#endif
