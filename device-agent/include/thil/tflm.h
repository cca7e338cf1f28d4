/* SPDX-License-Identifier: Apache-2.0 */
/* tflm.h: what an image chooses of TensorFlow Lite for Microcontrollers (engines/tflm). C++ only. */
#ifndef THIL_TFLM_H
#define THIL_TFLM_H

#include "tensorflow/lite/micro/micro_op_resolver.h"

/* The operators that this image has; each costs flash. engines/tflm/operators.cpp has those of usual int8
   models; an image that defines this function itself leaves that file out. Called at each load, returns the
   same object. */
const tflite::MicroOpResolver& thil_tflm_operators();

#endif
