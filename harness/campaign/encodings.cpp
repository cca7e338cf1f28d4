// SPDX-License-Identifier: Apache-2.0
#include "encodings.hpp"

#include <algorithm>

#include "model/encoded_vectors.hpp"

namespace tinyhil::campaign {

namespace {

VectorSet part_of(const VectorSet& all, OrderPosition first, std::uint32_t count) {
  const auto bytes = static_cast<std::ptrdiff_t>(all.input.bytes());
  const auto begin = all.inputs.begin() + first.value * bytes;
  VectorSet part;
  part.file = all.file;
  part.digest = all.digest;
  part.count = count;
  part.input = all.input;
  part.inputs.assign(begin, begin + count * bytes);
  return part;
}

}  // namespace

ModelInputs model_inputs(const std::vector<gate::KnownModel>& models) {
  ModelInputs inputs;
  for (const gate::KnownModel& model : models) {
    const std::optional<TensorList> input = model.file ? model.file->input() : std::nullopt;
    if (input) inputs.emplace(model.name, *input);
  }
  return inputs;
}

// The baseline's comes first: what a board without room for two begins with.
Encodings::Encodings(const VectorSet& vectors, const Campaign& campaign, const ModelInputs& inputs) {
  const auto add = [&](const std::string& model) {
    const auto known = inputs.find(model);
    by_model_[model] = index_of(vectors, known == inputs.end() ? vectors.input : known->second);
  };
  add(campaign.baseline);
  for (const ModelFile& model : campaign.models) add(model.name);
}

std::vector<VectorSet> Encodings::part(OrderPosition first, std::uint32_t count) const {
  std::vector<VectorSet> parts;
  parts.reserve(sets_.size());
  for (const VectorSet* set : sets_) parts.push_back(part_of(*set, first, count));
  return parts;
}

std::uint16_t Encodings::index_of(const VectorSet& vectors, const TensorList& wanted) {
  const TensorList sent = encoded_input(vectors.input, wanted);
  const auto found = std::ranges::find_if(sets_, [&](const VectorSet* set) { return set->input == sent; });
  if (found == sets_.end()) {
    const bool is_made = needs_encoding(vectors.input, wanted);
    sets_.push_back(is_made ? &made_.emplace_back(encoded(vectors, wanted)) : &vectors);
    return static_cast<std::uint16_t>(sets_.size() - 1);
  }
  return static_cast<std::uint16_t>(found - sets_.begin());
}

}  // namespace tinyhil::campaign
