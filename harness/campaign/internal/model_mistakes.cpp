// SPDX-License-Identifier: Apache-2.0
#include "model_mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "fits.hpp"
#include "gate/checks.hpp"
#include "model/encoded_vectors.hpp"

namespace tinyhil::campaign {
namespace {

// What others have already put into words for the device's answer.
void add_error(std::vector<gate::Mistake>& found, const std::function<void()>& check) {
  try {
    check();
  } catch (const Error& error) {
    found.push_back({error.what(), error.remedy(), "", error.where()});
  }
}

bool starts_with(const std::vector<std::uint8_t>& content, std::string_view text) {
  return content.size() >= text.size() && std::equal(text.begin(), text.end(), content.begin());
}

gate::KnownModel known_model(const ModelFile& model, bool is_tflite_campaign,
                             std::vector<gate::Mistake>& mistakes) {
  gate::KnownModel known{model.name, model.golden.has_value()};
  if (model.is_image) return known;
  if (starts_with(model.content, "version https://git-lfs")) {
    mistakes.push_back({"model `" + model.name + "` is a Git LFS pointer, not the file that it stands for",
                        "fetch the file: git lfs pull", "", model.file.string()});
  } else if (is_tflite(model.content) || is_tflite_campaign) {
    add_error(mistakes, [&] { known.file = read_tflite(model.content, model.file.string()); });
  }
  return known;
}

void check_model(const ModelFile& model, const gate::KnownModel& known, const VectorSet& vectors,
                 std::vector<gate::Mistake>& found) {
  if (!known.file) return;
  const std::optional<TensorList> input = known.file->input(), output = known.file->output();
  if (!input || !output) return;  // the board refuses it, and says why
  add_error(found, [&] {
    VectorSet sent;
    sent.file = vectors.file;
    sent.input = encoded_input(vectors.input, *input);
    check_input(sent, model, *input);
  });
  add_error(found, [&] { vectors.task->check_output(model.name, *output, vectors); });
  if (model.golden && vectors.golden.contains(*model.golden))
    add_error(found, [&] { check_golden(vectors, model, *output); });
}

std::string scale_of(const Tensor& input) {
  return fmt::format("scale {:.9g}, zero point {}", input.scale, input.zero_point);
}

// The same bytes mean other things to models of other scales. Vectors that tell theirs were held against
// both.
void check_scales(const gate::KnownModel& candidate, const gate::KnownModel& baseline,
                  const VectorSet& vectors, std::vector<gate::Mistake>& found) {
  if (!candidate.file || !baseline.file) return;
  const std::optional<TensorList> ours = candidate.file->input(), theirs = baseline.file->input();
  if (!ours || !theirs) return;
  const std::size_t inputs = std::min({ours->size(), theirs->size(), vectors.input.size()});
  for (std::size_t i = 0; i < inputs; ++i) {
    const Tensor &our = (*ours)[i], &their = (*theirs)[i];
    const bool is_sent_as_it_is = vectors.input[i].dtype == our.dtype && our.dtype == their.dtype;
    if (vectors.input[i].scale != 0 || !is_sent_as_it_is || same_quantisation(our, their)) continue;
    found.push_back({"the models read the same bytes as other numbers: the input" + number_of(*ours, i) +
                         " of `" + candidate.name + "` has " + scale_of(our) + ", that of `" + baseline.name +
                         "` " + scale_of(their),
                     "save the vectors as float32, in the units that the models were trained on: each model "
                     "gets them by its own scale",
                     gate::kInputScaleCheck});
  }
}

void check_unlike(const ModelFile& candidate, const ModelFile& baseline, std::vector<gate::Mistake>& found) {
  if (candidate.graph != baseline.graph) return;
  const bool same_bytes = candidate.digest == baseline.digest;
  found.push_back(
      {"candidate `" + candidate.name + "` is the baseline `" + baseline.name +
           "` again: " + (same_bytes ? "their files are equal" : "their graphs and weights are equal"),
       "name the file of the model that is to be released", gate::kSameModelCheck, candidate.file.string()});
}

bool encodes(const gate::KnownModel& model, const VectorSet& vectors) {
  const std::optional<TensorList> input = model.file ? model.file->input() : std::nullopt;
  return input && needs_encoding(vectors.input, *input);
}

}  // namespace

std::vector<gate::KnownModel> known_models(const Campaign& campaign, std::vector<gate::Mistake>& mistakes) {
  const bool is_tflite_campaign = std::ranges::any_of(campaign.models, [](const ModelFile& model) {
    return !model.is_image && (is_tflite(model.content) || model.file.extension() == ".tflite");
  });
  std::vector<gate::KnownModel> known = {
      known_model(campaign.model(campaign.baseline), is_tflite_campaign, mistakes)};
  for (const std::string& candidate : campaign.candidates)
    known.push_back(known_model(campaign.model(candidate), is_tflite_campaign, mistakes));
  return known;
}

std::vector<gate::Mistake> model_mistakes(const Campaign& campaign, const VectorSet& vectors,
                                          const std::vector<gate::KnownModel>& models) {
  std::vector<gate::Mistake> found;
  const gate::KnownModel& baseline = models.front();
  if (std::ranges::any_of(models, [&](const gate::KnownModel& model) { return encodes(model, vectors); }))
    add_error(found, [&] { check_finite(vectors); });
  for (const gate::KnownModel& model : models) {
    check_model(campaign.model(model.name), model, vectors, found);
    if (&model == &baseline) continue;
    check_unlike(campaign.model(model.name), campaign.model(baseline.name), found);
    check_scales(model, baseline, vectors, found);
  }
  return found;
}

}  // namespace tinyhil::campaign
