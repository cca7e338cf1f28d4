// SPDX-License-Identifier: Apache-2.0
#include "known.hpp"

#include <fmt/format.h>

#include "checks.hpp"
#include "gate/internal/finding.hpp"
#include "gate/internal/named.hpp"
#include "model/task.hpp"

namespace tinyhil::gate {
namespace {

const Tensor* only(const std::vector<std::optional<Tensor>>& tensors) {
  return tensors.size() == 1 && tensors.front() ? &*tensors.front() : nullptr;
}

// named.hpp says what there is and which is nearest.
void add(const Check& missing, const char* remedy, std::vector<Mistake>& found) {
  found.push_back({missing.reason, remedy});
}

}  // namespace

const Tensor* KnownModel::output() const { return file ? only(file->outputs) : nullptr; }
const Tensor* KnownModel::input() const { return file ? only(file->inputs) : nullptr; }

double Known::most_to_lose() const {
  const std::size_t classes = vectors.classes.size();
  return classes < 2 ? 1.0 : 1.0 - 1.0 / static_cast<double>(classes);
}

void need_scores(const Known& known, std::vector<Mistake>& found) {
  if (!known.vectors.task->traits().has_classes || known.vectors.classes.size() >= 2) return;
  found.push_back({fmt::format("the vectors have one class, `{}`, so that every answer is right",
                               known.vectors.classes.empty() ? "" : known.vectors.classes.front()),
                   "accuracy needs two classes or more: label the vectors, or leave such rules out"});
}

void need_right_or_wrong(const Known& known, std::vector<Mistake>& found) {
  need_scores(known, found);
  const TaskTraits task = known.vectors.task->traits();
  if (!task.is_right_or_wrong)
    found.push_back(
        {fmt::format("it counts right answers, and the scores of this {} lie in between", task.kind),
         "let the task say what is right, such as by `tolerance`, or leave the rule out"});
}

void need_classes(const Known& known, std::vector<Mistake>& found) {
  const TaskTraits task = known.vectors.task->traits();
  if (!task.has_classes)
    found.push_back({fmt::format("it goes by classes, and a {} has none", task.kind), "leave the rule out"});
}

void need_class(const Known& known, const std::string& name, std::vector<Mistake>& found) {
  need_classes(known, found);
  if (!known.vectors.task->traits().has_classes) return;
  if (!class_named(name, known.vectors))
    add(no_such_class(name, known.vectors), "name a class of the vectors", found);
}

const Slice* need_slice(const Known& known, const std::string& name, std::vector<Mistake>& found) {
  const Slice* slice = known.vectors.slice(name);
  if (slice == nullptr) add(no_such_slice(name, known.vectors), "name a slice of the vectors", found);
  return slice;
}

void need_value(const Slice& slice, const std::string& name, std::vector<Mistake>& found) {
  if (!value_named(name, slice)) add(no_such_value(name, slice), "name a value of the slice", found);
}

void need_measured_latency(const Known& known, std::vector<Mistake>& found) {
  if (known.mode == RunMode::measure) return;
  found.push_back({"latency is not measured in throughput mode, where transfer and inference overlap",
                   "write `mode: measure` in the campaign, or leave the rule out"});
}

void need_current(const Known& known, std::vector<Mistake>& found) {
  if (!known.measures_current) {
    found.push_back(
        {"the campaign measures no current",
         "write `energy: {}` in the campaign and a `meter` for each board, or leave the rule out"});
  }
  for (const std::string& board : known.without_meter)
    found.push_back({fmt::format("board `{}` has no current meter", board),
                     "describe it as the board's `meter` in the bench, or run on other boards"});
}

void need_margin(const Known& known, const std::string& key, double margin, std::vector<Mistake>& found) {
  if (margin < known.most_to_lose()) return;
  found.push_back({fmt::format("`{}: {}` cannot fail: {} no more than {} to lose", key, percent(margin),
                               known.vectors.task->traits().has_classes
                                   ? fmt::format("with {} classes, a model that is better than guessing has",
                                                 known.vectors.classes.size())
                                   : "any model has",
                               percent(known.most_to_lose())),
                   "write a smaller one", kLimitsCheck});
}

}  // namespace tinyhil::gate
