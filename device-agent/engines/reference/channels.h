/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channels.h: from a 32-bit accumulator of one output channel to int8: bias, factor, zero point, activation.
 * Shared by CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
 */
#ifndef THIL_REFERENCE_CHANNELS_H
#define THIL_REFERENCE_CHANNELS_H

#include "bytes.h"
#include "op.h"

typedef struct thil_channels {
  const int8_t* filter;
  uint32_t filter_bytes; /* a channel, where its weights lie together */
  int32_t input_offset;  /* added to each input value: its zero point, negated */
  const uint8_t* bias;   /* little-endian int32 a channel, in the image; NULL: none */
  int32_t* multipliers;
  int8_t* shifts;
  int32_t zero_point; /* of the output */
  thil_range range;
} thil_channels;

typedef struct thil_channels_plan {
  uint32_t count;            /* output channels */
  uint32_t activation_field; /* in the options */
  uint32_t scale_dimension;  /* the filter's dimension its scales belong to */
  bool float_product;        /* one scale: input scale * filter scale is rounded to float32, as LiteRT does */
} thil_channels_plan;

/* Checks input 1 (filter), input 2 (bias) and the output, takes the tables. Without room the tables are NULL.
 */
thil_engine_status thil_channels_make(const thil_op_load* load, const thil_channels_plan* plan,
                                      thil_channels* channels);

static inline int32_t thil_channels_bias(const thil_channels* channels, uint32_t channel) {
  return channels->bias ? thil_bytes_i32(channels->bias + 4 * channel) : 0;
}

static inline int8_t thil_channels_bound(const thil_channels* channels, int32_t scaled) {
  return (int8_t)thil_quant_clamp(thil_quant_add(scaled, channels->zero_point), channels->range);
}

static inline int8_t thil_channels_output(const thil_channels* channels, uint32_t channel, int32_t sum) {
  int32_t scaled = thil_quant_scale(sum, channels->multipliers[channel], channels->shifts[channel]);
  return thil_channels_bound(channels, scaled);
}

/* Output channels computed together, so that each input value is fetched once for all of them. */
enum { THIL_CHANNELS_BLOCK = 4 };

typedef struct thil_channels_block {
  const int8_t* weights[THIL_CHANNELS_BLOCK];
  uint32_t sums[THIL_CHANNELS_BLOCK]; /* they wrap, where LiteRT's int32 would overflow */
  int32_t input_offset;
} thil_channels_block;

/* Starts sums at the bias for the channels from `first` on, but not past `end`. Returns how many the block
   holds; a short one repeats its last channel, whose surplus sums nobody reads. */
uint32_t thil_channels_begin(const thil_channels* channels, uint32_t first, uint32_t end,
                             thil_channels_block* block);

/* Adds `count` input values times the weights from index `at` on: the heart of the engine, and a function of
   its own so that its loop gets all the registers. */
void thil_channels_add(thil_channels_block* block, const int8_t* input, int32_t count, int32_t at);

#endif
