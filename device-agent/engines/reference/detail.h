/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail.h: composes thil_engine_report.detail. Text past its end is cut; it is always NUL-terminated.
 */
#ifndef THIL_REFERENCE_DETAIL_H
#define THIL_REFERENCE_DETAIL_H

#include "thil/engine.h"

void thil_detail_clear(thil_engine_report* report);
void thil_detail_text(thil_engine_report* report, const char* text);
void thil_detail_number(thil_engine_report* report, uint32_t number);

/* Bytes of the image, so not NUL-terminated and perhaps not printable: those become '?'. */
void thil_detail_untrusted(thil_engine_report* report, const uint8_t* text, uint32_t length);

/* The operator's name in the schema, or "code 4711". */
void thil_detail_builtin(thil_engine_report* report, uint32_t code);

#endif
