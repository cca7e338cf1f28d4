// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include "window.h"
}

#include <gtest/gtest.h>

namespace {

// The definition, tap by tap.
thil_span by_hand(const thil_window& window, int32_t position) {
  thil_span span{0, 0, 0};
  for (int32_t tap = 0; tap < window.taps; tap++) {
    const int32_t at = position * window.stride - window.pad + tap * window.dilation;
    if (at >= 0 && at < window.in) {
      if (span.count++ == 0) {
        span.first = tap;
        span.from = at;
      }
    }
  }
  return span;
}

TEST(Window, SpansExactlyTheTapsInsideTheImage) {
  for (int32_t in = 1; in <= 7; in++) {
    for (int32_t taps = 1; taps <= 5; taps++) {
      for (int32_t dilation = 1; dilation <= 3; dilation++) {
        for (int32_t pad = 0; pad <= (taps - 1) * dilation; pad++) {
          for (int32_t position = 0; position <= in; position++) {
            const thil_window window{in, in + 1, taps, 1, dilation, pad};
            const thil_span found = thil_window_span(&window, position);
            const thil_span expected = by_hand(window, position);
            ASSERT_EQ(found.count, expected.count);
            ASSERT_EQ(found.first, expected.first);
            ASSERT_EQ(found.from, expected.from);
          }
        }
      }
    }
  }
}

}  // namespace
