/* SPDX-License-Identifier: Apache-2.0 */
/* real.h: functions of the C library, without one; in double precision, right to some units in the last
 * place. */
#ifndef THIL_REFERENCE_REAL_H
#define THIL_REFERENCE_REAL_H

/* e^x; below -708, and of what is no number, 0; above 708 as of 708. */
double thil_real_exp(double x);

/* The natural logarithm of a normal positive number. */
double thil_real_log(double x);

#endif
