// SPDX-License-Identifier: Apache-2.0
#include "fits.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/quantise.hpp"

namespace tinyhil::campaign {
namespace {

constexpr std::size_t kElementsMost = 65'536;  // of a top-k output: an index is a u16

bool same_shapes(const TensorList& given, const TensorList& wanted) {
  return std::ranges::equal(
      given, wanted, [](const Tensor& a, const Tensor& b) { return a.dtype == b.dtype && a.dims == b.dims; });
}

// Of a golden output the file's own shape does not count.
bool same_outputs(const TensorList& given, const TensorList& output) {
  return std::ranges::equal(given, output, [](const Tensor& a, const Tensor& b) {
    return a.dtype == b.dtype && a.elements() == b.elements();
  });
}

// "10 elements of int8", "10 elements of int8 and 4 of float32".
std::string elements_of(const TensorList& list) {
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) text += i + 1 < list.size() ? ", " : " and ";
    text += std::to_string(list[i].elements()) + (i == 0 ? " elements of " : " of ");
    text += to_string(list[i].dtype);
  }
  return text;
}

// Of vectors that do not fit and cannot be encoded for the model either.
std::string remedy_of(const TensorList& given, const TensorList& wanted) {
  const bool is_shape =
      given.size() != wanted.size() || !std::ranges::equal(given, wanted, {}, &Tensor::dims, &Tensor::dims);
  if (is_shape) return "make the vectors with the model's own preprocessing";
  if (!std::ranges::all_of(given, is_real))
    return "save them as float32, in the units that the model was trained on, or say by `input_scale` and "
           "`input_zero_point` what the integers stand for";
  return "save them in the model's type, by its own scale: the model's file does not tell it";
}

}  // namespace

std::string number_of(const TensorList& list, std::size_t index) {
  return list.is_single() ? "" : " " + std::to_string(index);
}

// Scales travel as float32 through converters that may round the last bit.
bool same_quantisation(const Tensor& a, const Tensor& b) {
  return std::abs(a.scale - b.scale) <= 1e-6F * std::abs(b.scale) && a.zero_point == b.zero_point;
}

void check_golden(const VectorSet& vectors, const ModelFile& model, const TensorList& output) {
  if (!model.golden) return;
  const Golden& given = vectors.golden.at(*model.golden);
  if (same_outputs(given.output, output)) return;
  const std::string each = output.is_single()
                               ? ", in its output's type"
                               : ": `" + *model.golden + "_0`, ... in the order and types of its outputs";
  throw Error(ErrorKind::usage,
              "`" + *model.golden + "` has " + elements_of(given.output) + " an output, model `" +
                  model.name + "` gives " + output.shape(),
              vectors.file.string(), "make the golden outputs with this model" + each);
}

void check_top_k(const Campaign& campaign, const ModelFile& model, const TensorList& output) {
  if (campaign.results != ResultForm::top_k) return;
  if (output.is_single() && output.elements() <= kElementsMost) return;
  const std::string what =
      output.is_single()
          ? "gives " + std::to_string(output.elements()) + " elements, and `results: top-k` can name " +
                std::to_string(kElementsMost)
          : "has " + std::to_string(output.size()) + " outputs, and `results: top-k` names elements of one";
  throw Error(ErrorKind::usage, "model `" + model.name + "` " + what, campaign.file.string(),
              "write `results: digest` or `results: full`");
}

void check_input(const VectorSet& vectors, const ModelFile& model, const TensorList& wanted) {
  const TensorList& given = vectors.input;
  if (!same_shapes(given, wanted)) {
    throw Error(ErrorKind::usage,
                "the vectors are " + given.shape() + ", model `" + model.name + "` takes " + wanted.shape(),
                vectors.file.string(), remedy_of(given, wanted));
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].scale == 0 || same_quantisation(given[i], wanted[i])) continue;
    throw Error(
        ErrorKind::usage,
        "the vectors are quantised with scale " + std::to_string(given[i].scale) + ", zero point " +
            std::to_string(given[i].zero_point) + "; model `" + model.name + "` expects " +
            std::to_string(wanted[i].scale) + ", " + std::to_string(wanted[i].zero_point) +
            (given.is_single() ? "" : " for its input" + number_of(given, i)),
        vectors.file.string(),
        "save the vectors as float32, in the units that the models were trained on: each model gets them "
        "by its own scale");
  }
}

}  // namespace tinyhil::campaign
