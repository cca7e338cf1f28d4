// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes as a model; what loads is run. Seeds: testdata/*.tflite.
#include <cstring>

#include "fixture.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  tinyhil::fixture::Loaded loaded(tinyhil::fixture::Bytes(bytes, bytes + size), 1 << 14);
  if (loaded.status != THIL_ENGINE_OK) {
    return 0;
  }
  thil_tensor_info input{};
  thil_tensor_info output{};
  thil_engine_describe(loaded.model, &input, &output);
  std::memset(thil_engine_input(loaded.model), 0x5a, input.bytes);
  if (thil_engine_invoke(loaded.model) != THIL_ENGINE_OK) {
    __builtin_trap();
  }
  uint8_t sum = 0;
  for (uint32_t i = 0; i < output.bytes; i++) {
    sum = static_cast<uint8_t>(sum + thil_engine_output(loaded.model)[i]);
  }
  volatile uint8_t sink = sum;
  (void)sink;
  return 0;
}
