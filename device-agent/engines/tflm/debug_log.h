// SPDX-License-Identifier: Apache-2.0
// What TFLM says (DebugLog) goes to the host as log messages; between begin and end the first line is kept,
// too.
#pragma once

#include <cstddef>

void thil_tflm_log_begin(char* first_line, size_t size);
void thil_tflm_log_end();
