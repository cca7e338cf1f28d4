// SPDX-License-Identifier: Apache-2.0
// The vectors as each model of a campaign takes them. Models of equal inputs share one set, and so do those
// that take the vectors as they are.
//
//   const Encodings encodings(vectors, campaign, model_inputs(known));
//   const std::vector<Wave> waves = device.plan(encodings.sets());  // VectorBlock::encoding is of(model)
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "gate/known.hpp"
#include "model/campaign.hpp"
#include "model/vector_number.hpp"
#include "model/vector_set.hpp"

namespace tinyhil::campaign {

// By model, as their files tell it. One that is not here takes the vectors as they are.
using ModelInputs = std::map<std::string, TensorList>;
ModelInputs model_inputs(const std::vector<gate::KnownModel>& models);

class Encodings {
 public:
  // `vectors` are lent; their inputs are finite where one of the models needs them encoded.
  Encodings(const VectorSet& vectors, const Campaign& campaign, const ModelInputs& inputs);
  // The sets are pointed at.
  Encodings(const Encodings&) = delete;
  Encodings& operator=(const Encodings&) = delete;

  const std::vector<const VectorSet*>& sets() const { return sets_; }
  // The inputs of some positions alone, in each set, for a device that is to run no others.
  std::vector<VectorSet> part(OrderPosition first, std::uint32_t count) const;
  std::uint16_t of(const std::string& model) const { return by_model_.at(model); }
  const VectorSet& set_of(const std::string& model) const { return *sets_[of(model)]; }

 private:
  std::uint16_t index_of(const VectorSet& vectors, const TensorList& wanted);

  std::deque<VectorSet> made_;  // never moved
  std::vector<const VectorSet*> sets_;
  std::map<std::string, std::uint16_t> by_model_;
};

}  // namespace tinyhil::campaign
