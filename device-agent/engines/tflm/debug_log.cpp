// SPDX-License-Identifier: Apache-2.0
// TFLM's hooks for text, without printf: %s %d %i %u %x %c and %p, with l and z; of a float only that it is
// one.
#include "debug_log.h"

#include <cstdarg>
#include <cstdint>
#include <cstring>

#include "tensorflow/lite/micro/debug_log.h"
#include "thil/agent.h"
#include "thil/wire.h"

namespace {

struct Line {
  char* begin;
  size_t left;  // without the NUL

  void put(char letter) {
    if (left == 0) return;
    *begin++ = letter;
    --left;
  }
  void put(const char* text) {
    while (*text != '\0') put(*text++);
  }
  void put(unsigned long value, unsigned base) {
    char digits[20];
    int count = 0;
    do {
      digits[count++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    while (count > 0) put(digits[--count]);
  }
  void put_signed(long value) {
    if (value < 0) put('-');
    put(value < 0 ? 0ul - static_cast<unsigned long>(value) : static_cast<unsigned long>(value), 10);
  }
};

struct Arguments {
  va_list list;

  long integer(int longs) { return longs > 0 ? va_arg(list, long) : va_arg(list, int); }
  unsigned long natural(int longs) {
    return longs > 0 ? va_arg(list, unsigned long) : va_arg(list, unsigned);
  }
};

// One conversion, after its flags and length; returns false for one that is not known.
bool convert(Line& line, char kind, int longs, Arguments& arguments) {
  switch (kind) {
    case 'd':
    case 'i':
      line.put_signed(arguments.integer(longs));
      return true;
    case 'u':
      line.put(arguments.natural(longs), 10);
      return true;
    case 'x':
      line.put(arguments.natural(longs), 16);
      return true;
    case 'p':
      line.put(static_cast<unsigned long>(reinterpret_cast<uintptr_t>(va_arg(arguments.list, void*))), 16);
      return true;
    case 'c':
      line.put(static_cast<char>(va_arg(arguments.list, int)));
      return true;
    case 's':
      line.put(va_arg(arguments.list, const char*));
      return true;
    case 'f':
    case 'g':
      static_cast<void>(va_arg(arguments.list, double));
      line.put("(float)");
      return true;
    case '%':
      line.put('%');
      return true;
    default:
      return false;
  }
}

int print(char* text, size_t size, const char* format, Arguments& arguments) {
  if (size == 0) return 0;
  Line line{text, size - 1};
  while (*format != '\0') {
    if (*format != '%') {
      line.put(*format++);
      continue;
    }
    int longs = 0;
    while (*++format != '\0' && std::strchr("-+ #.0123456789hlz", *format) != nullptr)
      longs += *format == 'l' || *format == 'z';
    if (*format == '\0' || !convert(line, *format, longs, arguments)) break;  // the rest cannot be told
    ++format;
  }
  *line.begin = '\0';
  return static_cast<int>(line.begin - text);
}

char* kept = nullptr;
size_t kept_size = 0;

}  // namespace

void thil_tflm_log_begin(char* first_line, size_t size) {
  kept = first_line;
  kept_size = size;
}

void thil_tflm_log_end() { kept = nullptr; }

extern "C" {

int DebugVsnprintf(char* buffer, size_t buf_size, const char* format, va_list vlist) {
  Arguments arguments;
  va_copy(arguments.list, vlist);
  const int length = print(buffer, buf_size, format, arguments);
  va_end(arguments.list);
  return length;
}

// TFLM ends its lines with one of its own, of which nothing is to be seen.
void DebugLog(const char* format, va_list args) {
  char text[100];
  int length = DebugVsnprintf(text, sizeof text, format, args);
  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) text[--length] = '\0';
  if (length == 0) return;
  thil_agent_log(THIL_LOG_INFO, text);
  if (kept == nullptr) return;
  std::strncpy(kept, text, kept_size - 1);
  kept[kept_size - 1] = '\0';
  kept = nullptr;
}

}  // extern "C"
