// SPDX-License-Identifier: Apache-2.0
#include "run_sampling.hpp"

namespace tinyhil {

const char* to_string(DrawOrder order) {
  switch (order) {
    case DrawOrder::random:
      return "random";
    case DrawOrder::stratified:
      return "stratified";
    case DrawOrder::recorded:
      return "recorded";
    case DrawOrder::disagreement_first:
      return "disagreement-first";
  }
  return "unknown";
}

const char* to_string(StopRule stop) {
  switch (stop) {
    case StopRule::e_process:
      return "e-process";
    case StopRule::sprt:
      return "sprt";
    case StopRule::group_sequential:
      return "group-sequential";
    case StopRule::never:
      return "never";
  }
  return "unknown";
}

const char* to_string(Claim claim) { return claim == Claim::unseen ? "unseen" : "this-set"; }

std::string to_text(const RunSampling& sampling) {
  std::string text = std::string("order ") + to_string(sampling.order) + ", stop " +
                     to_string(sampling.stop) + ", claim " + to_string(sampling.claim) + ", min_vectors " +
                     std::to_string(sampling.min_vectors);
  if (sampling.max_vectors) text += ", max_vectors " + std::to_string(*sampling.max_vectors);
  if (sampling.discordance) text += ", discordance " + std::to_string(*sampling.discordance);
  if (sampling.order != DrawOrder::disagreement_first) return text;
  text += ", " + std::to_string(sampling.chosen) + " first by";
  for (const std::string& array : sampling.host_outputs) text += " " + array;
  return text;
}

}  // namespace tinyhil
