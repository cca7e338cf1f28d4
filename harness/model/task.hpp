// SPDX-License-Identifier: Apache-2.0
// What a model is asked to do with a vector, and how well an output does it. A task reads the right answers
// out of the vector file, says before any board runs whether a model's outputs can be scored at all, and
// gives each output a score from 0 to 1, on which the rules of accuracy work whatever the task. A task is one
// file in tasks/ and one word in CMakeLists.txt. Nothing in it changes: threads read it side by side.
// Example:
//
//   const std::shared_ptr<const Task> task = make_task(Section::parse("{kind: regression, tolerance: 0.5}",
//   "a")); const VectorSet vectors = load_vector_set("vectors.npz", task); task->score(values, vectors, 17);
//   // `values` of vector 17
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/tensor_list.hpp"

namespace tinyhil {

class Npz;
class Section;
struct VectorSet;

struct TaskTraits {
  std::string kind;                // "classification"
  std::string measure;             // what the mean of the scores is called: "accuracy"
  bool has_classes = false;        // an output is one of VectorSet::classes, and a vector has a label
  bool class_is_largest = false;   // ... namely the one of its largest element, the first of equal ones
  bool is_right_or_wrong = false;  // a score is 0 or 1
};

class Task {
 public:
  virtual ~Task() = default;

  virtual TaskTraits traits() const = 0;

  // Arrays of the vector file that this task reads.
  virtual std::vector<std::string> arrays() const = 0;

  // Takes the right answers over into `set`, whose count and inputs are known. Throws Error(usage) that names
  // the array.
  virtual void take(const Npz& file, VectorSet& set) const = 0;

  // Throws Error(usage) unless outputs of this form can be scored.
  virtual void check_output(const std::string& model, const TensorList& output,
                            const VectorSet& vectors) const = 0;

  // `values`: the output's elements in real units, none of them NaN. The score of one that is as good as can
  // be is 1.
  virtual double score(std::span<const double> values, const VectorSet& vectors,
                       std::size_t vector) const = 0;

  // Nothing where the task has no classes.
  virtual std::optional<std::uint16_t> class_of(std::span<const double>) const { return std::nullopt; }

 protected:
  // For a task that reads one tensor: Error(usage) about a model with several.
  void need_single_output(const std::string& model, const TensorList& output, const std::string& file) const;
};

// Shared, for a campaign and its vectors are copied independently and both need it as long as they live.
using SharedTask = std::shared_ptr<const Task>;

SharedTask classification();  // what a campaign that names no task is about

std::vector<std::string> task_kinds();

// From its own keys and `kind`, which names it. Throws Error(usage) with file and line.
SharedTask make_task(const Section& section);

}  // namespace tinyhil
