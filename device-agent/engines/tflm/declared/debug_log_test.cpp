// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdarg>
#include <string>

#include "tensorflow/lite/micro/debug_log.h"

namespace {

std::string printed(size_t size, const char* format, ...) {
  std::string text(size, '~');
  va_list args;
  va_start(args, format);
  const int length = DebugVsnprintf(text.data(), size, format, args);
  va_end(args);
  text.resize(static_cast<size_t>(length));
  return text;
}

TEST(DebugLog, PrintsWhatTflmSays) {
  EXPECT_EQ(printed(99, "missing: %u of %d, %s%%", 5u, -3, "op"), "missing: 5 of -3, op%");
  EXPECT_EQ(printed(99, "%ld %zu %lu %x %c", -1l, size_t{7}, 8ul, 0xabu, 'c'), "-1 7 8 ab c");
  EXPECT_EQ(printed(99, "%5.2f|%04d", 1.5, 9), "(float)|9");
}

TEST(DebugLog, EndsWhereItCannotGoOn) {
  EXPECT_EQ(printed(99, "a %q b", 1), "a ");
  EXPECT_EQ(printed(99, "a %"), "a ");
  EXPECT_EQ(printed(4, "abcdef"), "abc");
}

}  // namespace
