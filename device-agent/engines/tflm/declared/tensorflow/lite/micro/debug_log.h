// SPDX-License-Identifier: Apache-2.0
// Declared by us: README.md.
#pragma once

#include <cstdarg>
#include <cstddef>

extern "C" {
void DebugLog(const char* format, va_list args);
int DebugVsnprintf(char* buffer, size_t buf_size, const char* format, va_list vlist);
}
