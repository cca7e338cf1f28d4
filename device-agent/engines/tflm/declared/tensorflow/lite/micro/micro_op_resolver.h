// SPDX-License-Identifier: Apache-2.0
// Declared by us: README.md.
#pragma once

namespace tflite {

class MicroOpResolver {
 public:
  virtual ~MicroOpResolver() {}
};

}  // namespace tflite
