// SPDX-License-Identifier: Apache-2.0
// An output is one number or several, in the units of the vector file's array targets [N, ...] float32.
// {kind: regression, tolerance: 0.5}: an answer is right when no element is further than that from its
// target. {kind: regression, worst_error: 4}: an answer scores 1 minus its mean absolute error over
// `worst_error`, and 0 beyond: so the mean score is 1 minus the mean absolute error, each vector's cut off at
// `worst_error`, in shares of `worst_error`.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "formats/array_checks.hpp"
#include "formats/npz.hpp"
#include "formats/section.hpp"
#include "model/task.hpp"
#include "model/vector_set.hpp"

namespace tinyhil {
namespace {

constexpr double kRounding = 1e-6;  // of a float32, which three steps of 0.1 are beyond 0.3 by

class Regression final : public Task {
 public:
  explicit Regression(const Section& section) {
    if (section.has("tolerance") == section.has("worst_error"))
      section.fail("a regression is scored by `tolerance` or by `worst_error`",
                   "write one of the two, in the units of the targets: `tolerance: 0.5`");
    const char* const key = section.has("tolerance") ? "tolerance" : "worst_error";
    by_tolerance_ = section.has("tolerance");
    limit_ = section.number(key, 0, std::numeric_limits<float>::max());
    if (limit_ == 0) section.fail_at(key, fmt::format("`{}` must be above 0", key), "write for example 0.5");
  }

  TaskTraits traits() const override {
    return {.kind = "regression",
            .measure = by_tolerance_ ? fmt::format("share within {:g}", limit_)
                                     : fmt::format("closeness (1 - mean error / {:g})", limit_),
            .is_right_or_wrong = by_tolerance_};
  }

  std::vector<std::string> arrays() const override { return {"targets"}; }

  void take(const Npz& file, VectorSet& set) const override {
    const NpyArray array = file.require("targets");
    check_rows(array, set.count);
    set.targets = finite_reals(array);
    if (set.targets.empty()) array.place.refuse("is empty", "save one target or more a vector");
  }

  void check_output(const std::string& model, const TensorList& output,
                    const VectorSet& vectors) const override {
    need_single_output(model, output, vectors.file.string());
    const std::size_t wanted = vectors.targets.size() / vectors.count;
    if (output.elements() == wanted) return;
    throw Error(ErrorKind::usage,
                fmt::format("model `{}` gives {} numbers, but a vector has {} targets", model,
                            output.elements(), wanted),
                vectors.file.string(), "use the vector file that this model was made for");
  }

  double score(std::span<const double> values, const VectorSet& vectors, std::size_t vector) const override {
    const std::span<const float> targets =
        std::span(vectors.targets).subspan(vector * values.size(), values.size());
    double sum = 0;
    bool is_within = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double error = std::abs(values[i] - double{targets[i]});
      sum += error;
      is_within = is_within && error <= limit_ + kRounding * (std::abs(double{targets[i]}) + limit_);
    }
    if (by_tolerance_) return is_within ? 1 : 0;
    return std::max(0.0, 1 - sum / static_cast<double>(values.size()) / limit_);
  }

 private:
  bool by_tolerance_ = false;
  double limit_ = 0;
};

}  // namespace

SharedTask make_regression(const Section& section) { return std::make_shared<const Regression>(section); }

}  // namespace tinyhil
