/* SPDX-License-Identifier: Apache-2.0 */
/*
 * number.h: the elements of a tensor as numbers, whatever its type: int8, uint8, int16, int32 or float32.
 */
#ifndef THIL_REFERENCE_NUMBER_H
#define THIL_REFERENCE_NUMBER_H

#include "quant.h"
#include "tensor.h"

/* Bytes of one; 0 for another type: such a tensor is refused by the operator that meets it. */
uint32_t thil_number_width(uint8_t type);

/* What an integer type holds. */
thil_range thil_number_range(uint8_t type);

/* Element i of an integer type. */
int32_t thil_number_integer(const uint8_t* elements, uint8_t type, uint32_t i);

/* Sets element i of an integer type; its low bits where it holds no more. */
void thil_number_put(uint8_t* elements, uint8_t type, uint32_t i, int32_t value);

#endif
