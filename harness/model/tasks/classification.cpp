// SPDX-License-Identifier: Apache-2.0
// {kind: classification}: an output has one score per class, and its largest element names the class. An
// answer is right when that is the vector's label. Arrays: labels [N] integer, classes [C] bytes.
#include <algorithm>

#include "base/error.hpp"
#include "formats/array_checks.hpp"
#include "formats/npz.hpp"
#include "model/task.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {
namespace {

class Classification final : public Task {
 public:
  TaskTraits traits() const override {
    return {.kind = "classification",
            .measure = "accuracy",
            .has_classes = true,
            .class_is_largest = true,
            .is_right_or_wrong = true};
  }

  std::vector<std::string> arrays() const override { return {"labels", "classes"}; }

  void take(const Npz& file, VectorSet& set) const override {
    set.classes = names(file.require("classes"));
    set.labels = codes(file.require("labels"), set.count, set.classes.size(), "classes");
  }

  void check_output(const std::string& model, const TensorList& output,
                    const VectorSet& vectors) const override {
    need_single_output(model, output, vectors.file.string());
    const std::size_t scores = output.elements();
    if (scores == vectors.classes.size()) return;
    throw Error(ErrorKind::usage,
                "model `" + model + "` gives " + std::to_string(scores) + " scores, but there are " +
                    std::to_string(vectors.classes.size()) + " classes",
                vectors.file.string(),
                scores == 1 ? "for a single score write `task: {kind: binary, threshold: ...}`"
                            : "use the vector file that this model was made for");
  }

  double score(std::span<const double> values, const VectorSet& vectors, std::size_t vector) const override {
    return class_of(values) == vectors.labels[vector] ? 1 : 0;
  }

  std::optional<std::uint16_t> class_of(std::span<const double> values) const override {
    return static_cast<std::uint16_t>(std::ranges::max_element(values) - values.begin());
  }
};

}  // namespace

SharedTask make_classification(const Section&) { return std::make_shared<const Classification>(); }

}  // namespace tinyhil
