// SPDX-License-Identifier: Apache-2.0
// Declared by us: README.md. A fake model is "TFL" and a version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace flatbuffers {

class Verifier {
 public:
  Verifier(const uint8_t* bytes, size_t size) : bytes_(bytes), size_(size) {}

  const uint8_t* bytes_;
  size_t size_;
};

}  // namespace flatbuffers

namespace tflite {

struct Model {
  char magic[3];
  uint8_t schema;

  uint32_t version() const { return schema; }
};

inline bool VerifyModelBuffer(flatbuffers::Verifier& verifier) {
  return verifier.size_ >= sizeof(Model) && std::memcmp(verifier.bytes_, "TFL", 3) == 0;
}

inline const Model* GetModel(const void* bytes) { return static_cast<const Model*>(bytes); }

}  // namespace tflite
