// SPDX-License-Identifier: Apache-2.0
#include "fits.hpp"

#include <cmath>

#include "base/error.hpp"

namespace tinyhil {

// Scales travel as float32 through converters that may round the last bit.
bool same_quantisation(const Tensor& a, const Tensor& b) {
  return std::abs(a.scale - b.scale) <= 1e-6F * std::abs(b.scale) && a.zero_point == b.zero_point;
}

void check_golden(const VectorSet& vectors, const ModelFile& model, const Tensor& output) {
  if (!model.golden) return;
  const Golden& given = vectors.golden.at(*model.golden);
  if (given.bytes_each == output.bytes() && given.dtype == output.dtype) return;
  throw Error(ErrorKind::usage,
              "`" + *model.golden + "` has " + std::to_string(given.bytes_each / size_of(given.dtype)) +
                  " elements of " + to_string(given.dtype) + " an output, model `" + model.name + "` gives " +
                  output.shape(),
              vectors.file.string(), "make the golden outputs with this model, in its output's type");
}

void check_top_k(const Campaign& campaign, const ModelFile& model, const Tensor& output) {
  constexpr std::size_t kElementsMost = 65'536;  // an index is a u16
  if (campaign.results != ResultForm::top_k || output.elements() <= kElementsMost) return;
  throw Error(ErrorKind::usage,
              "model `" + model.name + "` gives " + std::to_string(output.elements()) +
                  " elements, and `results: top-k` can name " + std::to_string(kElementsMost),
              campaign.file.string(), "write `results: digest` or `results: full`");
}

void check_input(const VectorSet& vectors, const ModelFile& model, const Tensor& wanted) {
  const Tensor& given = vectors.input;
  if (wanted.dtype != given.dtype || wanted.dims != given.dims) {
    throw Error(ErrorKind::usage,
                "the vectors are " + given.shape() + ", model `" + model.name + "` takes " + wanted.shape(),
                vectors.file.string(), "make the vectors with the model's own preprocessing");
  }
  if (given.scale != 0 && !same_quantisation(given, wanted)) {
    throw Error(ErrorKind::usage,
                "the vectors are quantised with scale " + std::to_string(given.scale) + ", zero point " +
                    std::to_string(given.zero_point) + "; model `" + model.name + "` expects " +
                    std::to_string(wanted.scale) + ", " + std::to_string(wanted.zero_point),
                vectors.file.string(),
                "quantise the vectors with the model's own input scale and zero point");
  }
}

}  // namespace tinyhil
