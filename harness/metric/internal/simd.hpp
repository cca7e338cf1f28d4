// SPDX-License-Identifier: Apache-2.0
#pragma once

// A function of plain loops, compiled twice: the second time for processors with AVX2, chosen when the
// program starts. Sanitizers cannot run the code that chooses, and Clang 14 does not make it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define TINYHIL_SIMD __attribute__((target_clones("default", "avx2")))
#else
#define TINYHIL_SIMD
#endif
