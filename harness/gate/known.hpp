// SPDX-License-Identifier: Apache-2.0
// What is known of a campaign before any board is touched, and what a rule has to say to it: a mistake that
// is found here costs no board time, and is never taken for a bench fault.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/tflite.hpp"
#include "model/trial.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::gate {

struct KnownModel {
  std::string name;
  bool has_golden = false;
  std::optional<TfliteModel> file{};  // nothing: another kind of file, which only its engine can read

  // The only output of the file; nothing where it is not known.
  const Tensor* output() const;
  const Tensor* input() const;
};

struct Known {
  const VectorSet& vectors;
  std::vector<KnownModel> models;  // the baseline first
  int repeats = 1;
  RunMode mode = RunMode::measure;
  std::uint16_t top_k = 0;                                       // 0: rows hold the whole output
  std::optional<std::chrono::milliseconds> inference_timeout{};  // nothing: nobody set one
  bool measures_current = false;                                 // the campaign has an `energy`
  std::vector<std::string> without_meter{};  // boards that were chosen and have no current meter
  std::vector<std::string> without_image{};  // boards that were chosen and whose firmware file is not named

  // What any better model than one that guesses may lose in accuracy, at most.
  double most_to_lose() const;
};

struct Mistake {
  std::string what;
  std::string remedy;
  std::string check{};  // by which of the policy's `checks` it is one (checks.hpp); empty: always
  std::string where{};  // file; empty: the policy
};

// Mistakes that several rules share; each appends to `found` what is missing.
// What the rule reads of answers, and that not every answer is right.
void need_scores(const Known& known, std::vector<Mistake>& found);
void need_right_or_wrong(const Known& known, std::vector<Mistake>& found);
void need_classes(const Known& known, std::vector<Mistake>& found);  // be it only one
void need_class(const Known& known, const std::string& name, std::vector<Mistake>& found);
const Slice* need_slice(const Known& known, const std::string& name, std::vector<Mistake>& found);
void need_value(const Slice& slice, const std::string& name, std::vector<Mistake>& found);
void need_measured_latency(const Known& known, std::vector<Mistake>& found);
void need_current(const Known& known, std::vector<Mistake>& found);  // measured by a meter
// A limit on accuracy that no model could break.
void need_margin(const Known& known, const std::string& key, double margin, std::vector<Mistake>& found);

}  // namespace tinyhil::gate
