// SPDX-License-Identifier: Apache-2.0
// {kind: top_k, k: 5}: an output has one score per class, and an answer is right when the vector's label is
// among the k largest, of equal ones the first. Arrays: labels [N] integer, classes [C] bytes, more than k.
// For models whose first few answers are all shown; what is right then is no single class, so that rules of
// classes do not apply.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "formats/array_checks.hpp"
#include "formats/npz.hpp"
#include "formats/section.hpp"
#include "model/task.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {
namespace {

class TopK final : public Task {
 public:
  explicit TopK(const Section& section) : k_(static_cast<std::size_t>(section.integer("k", 1, 1000))) {}

  TaskTraits traits() const override {
    return {.kind = "top_k", .measure = fmt::format("top-{} accuracy", k_), .is_right_or_wrong = true};
  }

  std::vector<std::string> arrays() const override { return {"labels", "classes"}; }

  void take(const Npz& file, VectorSet& set) const override {
    const NpyArray classes = file.require("classes");
    set.classes = names(classes);
    if (set.classes.size() <= k_)
      classes.place.refuse(
          fmt::format("has {} names, so that every answer is among the {} largest", set.classes.size(), k_),
          "write a smaller `k` in the campaign's task");
    set.labels = codes(file.require("labels"), set.count, set.classes.size(), "classes");
  }

  void check_output(const std::string& model, const TensorList& output,
                    const VectorSet& vectors) const override {
    need_single_output(model, output, vectors.file.string());
    if (output.elements() == vectors.classes.size()) return;
    throw Error(ErrorKind::usage,
                fmt::format("model `{}` gives {} scores, but there are {} classes", model, output.elements(),
                            vectors.classes.size()),
                vectors.file.string(), "use the vector file that this model was made for");
  }

  double score(std::span<const double> values, const VectorSet& vectors, std::size_t vector) const override {
    const std::size_t label = vectors.labels[vector];
    std::size_t before = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      before += values[i] > values[label] || (values[i] == values[label] && i < label) ? 1 : 0;
    return before < k_ ? 1 : 0;
  }

 private:
  std::size_t k_;
};

}  // namespace

SharedTask make_top_k(const Section& section) { return std::make_shared<const TopK>(section); }

}  // namespace tinyhil
