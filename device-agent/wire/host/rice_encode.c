/* SPDX-License-Identifier: Apache-2.0 */
/* Host only. Counts first: what each column takes under each parameter, over as many bytes as fit. So size
   and parameters are exact before anything is written. */
#include <string.h>

#include "thil/rice.h"

enum {
  SYMBOL_MAX = THIL_RICE_ESCAPE + 8, /* bits */
  CAPACITY_MAX = UINT16_MAX,         /* keeps every count within 32 bits */
};

typedef struct costs {
  uint32_t of_k[THIL_RICE_PLAIN]; /* bits, with k = 0 to 7 */
} costs;

typedef struct survey {
  size_t stride;
  costs of_number[256];       /* of one symbol */
  costs of_column[UINT8_MAX]; /* of all that were counted */
  uint32_t rows[UINT8_MAX];   /* symbols counted, 8 bits each in a plain column */
} survey;

typedef struct bit_sink {
  uint8_t* at;
  uint64_t held; /* the low `count` bits are still to be written */
  uint32_t count;
} bit_sink;

static uint8_t number_of(const uint8_t* raw, size_t i, size_t stride) {
  const uint8_t missed = (uint8_t)(i < stride ? raw[i] : raw[i] - raw[i - stride]);
  return (uint8_t)(missed << 1 ^ (0 - (missed >> 7)));
}

static void survey_begin(survey* of, size_t stride) {
  of->stride = stride;
  memset(of->of_column, 0, stride * sizeof *of->of_column);
  memset(of->rows, 0, stride * sizeof *of->rows);
  for (uint32_t number = 0; number < 256; ++number) {
    for (uint32_t k = 0; k < THIL_RICE_PLAIN; ++k) {
      const uint32_t ones = number >> k;
      of->of_number[number].of_k[k] = ones < THIL_RICE_ESCAPE ? ones + 1 + k : SYMBOL_MAX;
    }
  }
}

static void survey_add(survey* of, const uint8_t* raw, size_t begin, size_t end) {
  size_t c = begin % of->stride;
  for (size_t i = begin; i < end; ++i) {
    const costs* one = &of->of_number[number_of(raw, i, of->stride)];
    for (size_t k = 0; k < THIL_RICE_PLAIN; ++k) of->of_column[c].of_k[k] += one->of_k[k];
    of->rows[c]++;
    if (++c == of->stride) c = 0;
  }
}

static void survey_remove_last(survey* of, const uint8_t* raw, size_t i) {
  const size_t c = i % of->stride;
  const costs* one = &of->of_number[number_of(raw, i, of->stride)];
  for (size_t k = 0; k < THIL_RICE_PLAIN; ++k) of->of_column[c].of_k[k] -= one->of_k[k];
  of->rows[c]--;
}

static uint8_t best_k(const survey* of, size_t column, uint32_t* bits) {
  uint8_t best = THIL_RICE_PLAIN;
  *bits = 8 * of->rows[column];
  for (uint8_t k = THIL_RICE_PLAIN; k-- > 0;) {
    if (of->of_column[column].of_k[k] >= *bits) continue;
    *bits = of->of_column[column].of_k[k];
    best = k;
  }
  return best;
}

static size_t survey_bits(const survey* of) {
  size_t total = 0;
  for (size_t c = 0; c < of->stride; ++c) {
    uint32_t bits = 0;
    best_k(of, c, &bits);
    total += bits;
  }
  return total;
}

/* How many bytes fit in `room` bits. Each step takes what fits for certain, so that the best parameters are
   looked for a few times a block, not a byte; the last bytes come one by one. */
static size_t survey_fill(survey* of, const uint8_t* raw, size_t raw_size, size_t room) {
  size_t taken = 0;
  size_t total = 0;
  while (taken < raw_size) {
    const size_t certain = (room - total) / SYMBOL_MAX;
    const size_t step = certain == 0 ? 1 : certain;
    const size_t end = step < raw_size - taken ? taken + step : raw_size;
    survey_add(of, raw, taken, end);
    total = survey_bits(of);
    if (total > room) {
      survey_remove_last(of, raw, taken);
      return taken;
    }
    taken = end;
  }
  return taken;
}

static void put(bit_sink* to, uint32_t bits, uint32_t size) {
  to->held = to->held << size | bits;
  to->count += size;
  if (to->count < 32) return;
  to->count -= 32;
  const uint32_t word = (uint32_t)(to->held >> to->count);
  for (int shift = 24; shift >= 0; shift -= 8) *to->at++ = (uint8_t)(word >> shift);
}

/* Ones up to a whole byte: too few for a symbol, so that a block read for more than it holds is refused. */
static void put_rest(bit_sink* to) {
  const uint32_t missing = (8 - to->count % 8) % 8;
  put(to, (1u << missing) - 1, missing);
  for (; to->count >= 8; to->count -= 8) *to->at++ = (uint8_t)(to->held >> (to->count - 8));
}

static void put_symbol(bit_sink* to, uint32_t number, uint32_t k) {
  const uint32_t ones = number >> k;
  if (k == THIL_RICE_PLAIN) {
    put(to, number, 8);
  } else if (ones < THIL_RICE_ESCAPE) {
    const uint32_t unary = (2u << ones) - 2;
    put(to, unary << k | (number & ((1u << k) - 1)), ones + 1 + k);
  } else {
    put(to, ((1u << THIL_RICE_ESCAPE) - 1) << 8 | number, SYMBOL_MAX);
  }
}

void thil_rice_encode(const uint8_t* raw, size_t raw_size, uint8_t stride, thil_rice_block* block) {
  const size_t head = 1 + ((size_t)stride + 1) / 2;
  const size_t capacity = block->capacity < CAPACITY_MAX ? block->capacity : CAPACITY_MAX;
  uint8_t* packed = block->packed;
  block->size = 0;
  block->taken = 0;
  if (stride == 0 || capacity <= head) return;
  survey counted;
  survey_begin(&counted, stride);
  const size_t taken = survey_fill(&counted, raw, raw_size, 8 * (capacity - head));
  if (taken == 0) return;

  uint8_t k[UINT8_MAX];
  packed[0] = stride;
  memset(packed + 1, 0, head - 1);
  for (size_t c = 0; c < stride; ++c) {
    uint32_t bits = 0;
    k[c] = best_k(&counted, c, &bits);
    packed[1 + c / 2] = (uint8_t)(packed[1 + c / 2] | k[c] << 4 * (c % 2));
  }
  bit_sink out = {packed + head, 0, 0};
  for (size_t i = 0, c = 0; i < taken; ++i) {
    put_symbol(&out, number_of(raw, i, stride), k[c]);
    if (++c == stride) c = 0;
  }
  put_rest(&out);
  block->taken = taken;
  block->size = (size_t)(out.at - packed);
}
