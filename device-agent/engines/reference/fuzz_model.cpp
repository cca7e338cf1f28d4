// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes as a model; what loads is run. Seeds: testdata/*.tflite.
#include <cstring>

#include "fixture.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  tinyhil::fixture::Loaded loaded(tinyhil::fixture::Bytes(bytes, bytes + size), 1 << 14);
  if (loaded.status != THIL_ENGINE_OK) {
    return 0;
  }
  for (tinyhil::fixture::Piece input : tinyhil::fixture::tensors_of(loaded.model, THIL_INPUT))
    std::memset(input.data(), 0x5a, input.size());
  if (thil_engine_invoke(loaded.model) != THIL_ENGINE_OK) {
    __builtin_trap();
  }
  uint8_t sum = 0;
  for (const tinyhil::fixture::Piece output : tinyhil::fixture::tensors_of(loaded.model, THIL_OUTPUT))
    for (const uint8_t byte : output) sum = static_cast<uint8_t>(sum + byte);
  volatile uint8_t sink = sum;
  (void)sink;
  return 0;
}
