/* SPDX-License-Identifier: Apache-2.0 */
/* The one function of the compiler's library that is needed: clang comes without it for RISC-V. */
#include <stdint.h>

int64_t __divdi3(int64_t dividend, int64_t divisor);

int64_t __divdi3(int64_t dividend, int64_t divisor) {
  uint64_t rest = dividend < 0 ? 0 - (uint64_t)dividend : (uint64_t)dividend;
  uint64_t by = divisor < 0 ? 0 - (uint64_t)divisor : (uint64_t)divisor;
  uint64_t quotient = 0;
  uint64_t remainder = 0;
  for (int bit = 63; bit >= 0; --bit) {
    remainder = remainder << 1 | (rest >> bit & 1);
    quotient <<= 1;
    if (remainder >= by) {
      remainder -= by;
      quotient |= 1;
    }
  }
  return (int64_t)((dividend < 0) != (divisor < 0) ? 0 - quotient : quotient);
}
