/* SPDX-License-Identifier: Apache-2.0 */
#include "detail.h"

/* All names one after another: a table of pointers would double their size. */
#define THIL_BUILTIN(name) #name "\0"
static const char kBuiltinNames[] =
#include "builtin.def"
    ;
#undef THIL_BUILTIN

static uint32_t text_length(const char* text, uint32_t limit) {
  uint32_t length = 0;
  while (length < limit && text[length] != '\0') {
    length++;
  }
  return length;
}

static void append(thil_engine_report* report, char character) {
  uint32_t length = text_length(report->detail, sizeof report->detail - 1);
  if (length + 1 < sizeof report->detail) {
    report->detail[length] = character;
    report->detail[length + 1] = '\0';
  }
}

void thil_detail_clear(thil_engine_report* report) { report->detail[0] = '\0'; }

void thil_detail_text(thil_engine_report* report, const char* text) {
  uint32_t length = text_length(text, sizeof report->detail);
  for (uint32_t i = 0; i < length; i++) {
    append(report, text[i]);
  }
}

void thil_detail_number(thil_engine_report* report, uint32_t number) {
  char digits[11];
  uint32_t at = sizeof digits - 1;
  digits[at] = '\0';
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  thil_detail_text(report, digits + at);
}

void thil_detail_untrusted(thil_engine_report* report, const uint8_t* text, uint32_t length) {
  for (uint32_t i = 0; i < length && i < sizeof report->detail; i++) {
    append(report, text[i] >= 0x20 && text[i] < 0x7f ? (char)text[i] : '?');
  }
}

void thil_detail_builtin(thil_engine_report* report, uint32_t code) {
  const char* name = kBuiltinNames;
  const char* end = kBuiltinNames + sizeof kBuiltinNames - 1;
  for (uint32_t i = 0; i < code && name < end; i++) {
    name += text_length(name, (uint32_t)(end - name)) + 1;
  }
  if (name < end) {
    thil_detail_text(report, name);
    return;
  }
  thil_detail_text(report, "code ");
  thil_detail_number(report, code);
}
