// SPDX-License-Identifier: Apache-2.0
// {kind: binary, threshold: 0.5}: an output is one number, and says the second of two classes when it is at
// least the threshold, in real numbers by the output's own scale. Arrays: labels [N] integer, classes [2]
// bytes: what it is not, what it is.
#include <fmt/format.h>

#include <limits>

#include "base/error.hpp"
#include "formats/array_checks.hpp"
#include "formats/npz.hpp"
#include "formats/section.hpp"
#include "model/task.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {
namespace {

class Binary final : public Task {
 public:
  explicit Binary(const Section& section)
      : threshold_(section.number("threshold", -double{std::numeric_limits<float>::max()},
                                  std::numeric_limits<float>::max())) {}

  TaskTraits traits() const override {
    return {.kind = "binary", .measure = "accuracy", .has_classes = true, .is_right_or_wrong = true};
  }

  std::vector<std::string> arrays() const override { return {"labels", "classes"}; }

  void take(const Npz& file, VectorSet& set) const override {
    const NpyArray classes = file.require("classes");
    set.classes = names(classes);
    if (set.classes.size() != 2)
      classes.place.refuse(fmt::format("has {} names; a binary task has two classes", set.classes.size()),
                           "save what it is not and what it is: np.array([b'other', b'wake'])");
    set.labels = codes(file.require("labels"), set.count, set.classes.size(), "classes");
  }

  void check_output(const std::string& model, const TensorList& output,
                    const VectorSet& vectors) const override {
    need_single_output(model, output, vectors.file.string());
    if (output.elements() == 1) return;
    throw Error(ErrorKind::usage,
                fmt::format("model `{}` gives {} numbers, and a binary task reads a single one", model,
                            output.elements()),
                vectors.file.string(), "for one score a class write `task: {kind: classification}`");
  }

  double score(std::span<const double> values, const VectorSet& vectors, std::size_t vector) const override {
    return class_of(values) == vectors.labels[vector] ? 1 : 0;
  }

  std::optional<std::uint16_t> class_of(std::span<const double> values) const override {
    return values.front() >= threshold_ ? 1 : 0;
  }

 private:
  double threshold_;
};

}  // namespace

SharedTask make_binary(const Section& section) { return std::make_shared<const Binary>(section); }

}  // namespace tinyhil
