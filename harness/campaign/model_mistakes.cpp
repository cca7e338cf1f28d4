// SPDX-License-Identifier: Apache-2.0
#include "model_mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "fits.hpp"
#include "gate/checks.hpp"
#include "metric/alike.hpp"

namespace tinyhil {
namespace {

// What others have already put into words for the device's answer.
void add_error(std::vector<Mistake>& found, const std::function<void()>& check) {
  try {
    check();
  } catch (const Error& error) {
    found.push_back({error.what(), error.remedy(), "", error.where()});
  }
}

bool starts_with(const std::vector<std::uint8_t>& content, std::string_view text) {
  return content.size() >= text.size() && std::equal(text.begin(), text.end(), content.begin());
}

KnownModel known_model(const ModelFile& model, bool is_tflite_campaign, std::vector<Mistake>& mistakes) {
  KnownModel known{model.name, model.golden.has_value()};
  if (model.is_image) return known;
  if (starts_with(model.content, "version https://git-lfs")) {
    mistakes.push_back({"model `" + model.name + "` is a Git LFS pointer, not the file that it stands for",
                        "fetch the file: git lfs pull", "", model.file.string()});
  } else if (is_tflite(model.content) || is_tflite_campaign) {
    add_error(mistakes, [&] { known.file = read_tflite(model.content, model.file.string()); });
  }
  return known;
}

// A model of several inputs or outputs is the board's to refuse, and it says why.
void check_model(const ModelFile& model, const KnownModel& known, const VectorSet& vectors,
                 std::vector<Mistake>& found) {
  if (known.input() == nullptr || known.output() == nullptr) return;
  add_error(found, [&] { check_input(vectors, model, *known.input()); });
  add_error(found, [&] { check_classes(model.name, *known.output(), vectors); });
  if (model.golden && vectors.golden.contains(*model.golden))
    add_error(found, [&] { check_golden(vectors, model, *known.output()); });
}

std::string scale_of(const Tensor& input) {
  return fmt::format("scale {:.9g}, zero point {}", input.scale, input.zero_point);
}

// The same bytes mean other things to models of other scales. Vectors that tell theirs were held against
// both.
void check_scales(const KnownModel& candidate, const KnownModel& baseline, const VectorSet& vectors,
                  std::vector<Mistake>& found) {
  const Tensor *ours = candidate.input(), *theirs = baseline.input();
  if (ours == nullptr || theirs == nullptr || vectors.input.scale != 0 || ours->dtype != theirs->dtype)
    return;
  if (same_quantisation(*ours, *theirs)) return;
  found.push_back(
      {"the models read the same bytes as other numbers: the input of `" + candidate.name + "` has " +
           scale_of(*ours) + ", that of `" + baseline.name + "` " + scale_of(*theirs),
       "give both models one input scale, or export both with float32 inputs and save float32 vectors",
       kInputScaleCheck});
}

void check_unlike(const ModelFile& candidate, const ModelFile& baseline, std::vector<Mistake>& found) {
  if (candidate.graph != baseline.graph) return;
  const bool same_bytes = candidate.digest == baseline.digest;
  found.push_back(
      {"candidate `" + candidate.name + "` is the baseline `" + baseline.name +
           "` again: " + (same_bytes ? "their files are equal" : "their graphs and weights are equal"),
       "name the file of the model that is to be released", kSameModelCheck, candidate.file.string()});
}

}  // namespace

std::vector<KnownModel> known_models(const Campaign& campaign, std::vector<Mistake>& mistakes) {
  const bool is_tflite_campaign = std::ranges::any_of(campaign.models, [](const ModelFile& model) {
    return !model.is_image && (is_tflite(model.content) || model.file.extension() == ".tflite");
  });
  std::vector<KnownModel> known = {
      known_model(campaign.model(campaign.baseline), is_tflite_campaign, mistakes)};
  for (const std::string& candidate : campaign.candidates)
    known.push_back(known_model(campaign.model(candidate), is_tflite_campaign, mistakes));
  return known;
}

std::vector<Mistake> model_mistakes(const Campaign& campaign, const VectorSet& vectors,
                                    const std::vector<KnownModel>& models) {
  std::vector<Mistake> found;
  const KnownModel& baseline = models.front();
  for (const KnownModel& model : models) {
    check_model(campaign.model(model.name), model, vectors, found);
    if (&model == &baseline) continue;
    check_unlike(campaign.model(model.name), campaign.model(baseline.name), found);
    check_scales(model, baseline, vectors, found);
  }
  return found;
}

}  // namespace tinyhil
