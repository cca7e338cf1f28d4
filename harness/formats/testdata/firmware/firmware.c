/* SPDX-License-Identifier: Apache-2.0 */
/* Code, a constant, data with a value and data without: what README.md here builds for several chips. */
const char name[] = "tinyhil";
int counted = 42;
int cleared[16];
#ifdef __AVR__
__attribute__((section(".eeprom"))) char settings[] = "not flash";
#endif

void _start(void) { cleared[counted & 15] = name[0]; }
