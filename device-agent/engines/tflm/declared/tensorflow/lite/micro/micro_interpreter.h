// SPDX-License-Identifier: Apache-2.0
// Declared by us: README.md. What the fake does is set in `fake`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensorflow/lite/micro/micro_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"

#define TFLITE_SCHEMA_VERSION (3)

enum TfLiteStatus { kTfLiteOk = 0, kTfLiteError = 1 };

enum TfLiteType {
  kTfLiteNoType = 0,
  kTfLiteFloat32 = 1,
  kTfLiteInt32 = 2,
  kTfLiteUInt8 = 3,
  kTfLiteInt64 = 4,
  kTfLiteInt16 = 7,
  kTfLiteInt8 = 9,
};

struct TfLiteIntArray {
  int size;
  int data[8];  // in TFLM as many as `size`
};

struct TfLiteQuantizationParams {
  float scale;
  int32_t zero_point;
};

union TfLitePtrUnion {
  uint8_t* uint8;
};

struct TfLiteTensor {
  TfLiteType type;
  TfLitePtrUnion data;
  TfLiteIntArray* dims;
  TfLiteQuantizationParams params;
  size_t bytes;
};

namespace tflite {

struct Fake {
  const char* complaint = nullptr;  // allocation fails, after saying so
  TfLiteStatus allocated = kTfLiteOk;
  TfLiteStatus invoked = kTfLiteOk;
  TfLiteStatus reset = kTfLiteOk;
  size_t inputs = 1;
  size_t outputs = 1;
  TfLiteIntArray dims = {2, {1, 4}};
  TfLiteType type = kTfLiteInt8;
};
inline Fake fake;

class MicroInterpreter {
 public:
  MicroInterpreter(const Model*, const MicroOpResolver&, uint8_t* tensor_arena, size_t)
      : inputs_{{fake.type, {tensor_arena}, &fake.dims, {0.5f, -3}, 4},
                {fake.type, {tensor_arena + 4}, &fake.dims, {0.25f, 3}, 4}},
        output_{inputs_[0]} {}
  virtual ~MicroInterpreter() {}

  TfLiteStatus AllocateTensors();
  TfLiteStatus Invoke() { return fake.invoked; }
  TfLiteStatus Reset() { return fake.reset; }
  TfLiteTensor* input(size_t index) { return &inputs_[index]; }
  size_t inputs_size() const { return fake.inputs; }
  TfLiteTensor* output(size_t) { return &output_; }
  size_t outputs_size() const { return fake.outputs; }
  size_t arena_used_bytes() const { return 100; }

 private:
  TfLiteTensor inputs_[2];
  TfLiteTensor output_;
};

}  // namespace tflite
