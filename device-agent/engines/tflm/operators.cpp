// SPDX-License-Identifier: Apache-2.0
// The operators of usual int8 models. An image with others defines thil_tflm_operators() itself.
#include <new>

#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "thil/tflm.h"

namespace {

using Operators = tflite::MicroMutableOpResolver<15>;

// Constructed at the first load and never destroyed: startup code for microcontrollers runs no constructors,
// and a local static would want a lock and atexit.
alignas(Operators) unsigned char memory[sizeof(Operators)];
Operators* operators = nullptr;

Operators* made() {
  auto* all = new (memory) Operators;
  all->AddAdd();
  all->AddAveragePool2D();
  all->AddConv2D();
  all->AddDepthwiseConv2D();
  all->AddDequantize();
  all->AddFullyConnected();
  all->AddLogistic();
  all->AddMaxPool2D();
  all->AddMean();
  all->AddPad();
  all->AddQuantize();
  all->AddRelu();
  all->AddRelu6();
  all->AddReshape();
  all->AddSoftmax();
  return all;
}

}  // namespace

const tflite::MicroOpResolver& thil_tflm_operators() {
  if (operators == nullptr) operators = made();
  return *operators;
}
