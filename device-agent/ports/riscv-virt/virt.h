/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of QEMU's `virt` machine that the port touches, and what its files share. */
#ifndef VIRT_H
#define VIRT_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define REGISTER8(address) (*(volatile uint8_t*)(address))

#define TEST_FINISHER REGISTER(0x00100000u)
enum { FINISHER_RESET = 0x7777 };

#define RTC_NANOSECONDS_LOW REGISTER(0x00101000u) /* a read latches the high word */
#define RTC_NANOSECONDS_HIGH REGISTER(0x00101004u)

#define CLINT_MTIME_LOW REGISTER(0x0200BFF8u)

#define PLIC_UART_PRIORITY REGISTER(0x0C000028u)
#define PLIC_ENABLE REGISTER(0x0C002000u)
#define PLIC_THRESHOLD REGISTER(0x0C200000u)
#define PLIC_CLAIM REGISTER(0x0C200004u)
enum { PLIC_UART = 10 };

#define UART_DATA REGISTER8(0x10000000u)
#define UART_INTERRUPTS REGISTER8(0x10000001u)
#define UART_FIFO REGISTER8(0x10000002u)
#define UART_LINE_CONTROL REGISTER8(0x10000003u)
#define UART_STATUS REGISTER8(0x10000005u)
enum { UART_RECEIVED = 1, UART_OVERRUN = 2, UART_SENT = 0x40, UART_FIFO_ON = 7, UART_8_BITS = 3 };

#define STACK_PAINT 0x57ACC0DEu
extern uint32_t stack_limit[], stack_top[]; /* virt.ld */

void uart_receive(void);

#endif
