// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/inference_rows.hpp"
#include "model/trial.hpp"

namespace tinyhil::python {

// Inferences with what their outputs are; the arrays that Python sees are views of it.
struct Rows {
  InferenceRows rows;
  TensorList output;
  std::uint16_t top_k = 0;
};

}  // namespace tinyhil::python
