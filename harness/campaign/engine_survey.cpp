// SPDX-License-Identifier: Apache-2.0
#include "engine_survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "formats/tflite.hpp"
#include "reference/host/survey.h"

namespace tinyhil::campaign {
namespace {

constexpr std::size_t kPlacesNamed = 4;  // of one reason

// 16-byte aligned, as engine.h asks.
struct alignas(16) Block {
  std::uint8_t bytes[16];
};

struct Reason {
  std::string before, after;         // the node's number
  std::vector<std::uint32_t> nodes;  // none: about the model
};

// "operator ADD (node 3): input is FLOAT32" and "operator SIN (subgraph 0, node 3)" differ between nodes in
// the number alone.
Reason reason_of(const thil_survey_finding& finding) {
  const std::string text = finding.detail;
  const std::string number = fmt::format("node {}", finding.node);
  const std::size_t at = finding.node == THIL_SURVEY_MODEL ? std::string::npos : text.find(number);
  if (at == std::string::npos) return {text, "", {}};
  std::string before = text.substr(0, at);
  if (const std::size_t graph = before.find("subgraph 0, "); graph != std::string::npos) before.erase(graph);
  return {before, text.substr(at + number.size()), {finding.node}};
}

void note(void* context, const thil_survey_finding* finding) {
  auto& reasons = *static_cast<std::vector<Reason>*>(context);
  const Reason found = reason_of(*finding);
  const auto known = std::ranges::find_if(
      reasons, [&](const Reason& each) { return each.before == found.before && each.after == found.after; });
  if (known == reasons.end())
    reasons.push_back(found);
  else
    known->nodes.insert(known->nodes.end(), found.nodes.begin(), found.nodes.end());
}

std::string worded(const Reason& reason) {
  if (reason.nodes.empty()) return reason.before + reason.after;
  const std::size_t named = std::min(reason.nodes.size(), kPlacesNamed);
  std::string places = reason.nodes.size() == 1 ? "node " : "nodes ";
  for (std::size_t i = 0; i < named; ++i) places += (i == 0 ? "" : ", ") + std::to_string(reason.nodes[i]);
  if (named < reason.nodes.size()) places += fmt::format(" and {} more", reason.nodes.size() - named);
  return reason.before + places + reason.after;
}

}  // namespace

std::vector<std::string> operators_of_reference() {
  return {
#define THIL_OP(name, options, prefix, inputs, outputs) #name,
#include "reference/ops.def"
#undef THIL_OP
  };
}

EngineSurvey survey_for_reference(std::span<const std::uint8_t> model) {
  std::vector<Block> scratch(thil_survey_scratch() / sizeof(Block) + 1),
      image(model.size() / sizeof(Block) + 1);
  std::ranges::copy(model, reinterpret_cast<std::uint8_t*>(image.data()));
  const thil_engine_memory memory{reinterpret_cast<const std::uint8_t*>(image.data()), model.size(),
                                  reinterpret_cast<std::uint8_t*>(scratch.data()),
                                  scratch.size() * sizeof(Block)};
  std::vector<Reason> reasons;
  thil_survey_needs needs{};
  const thil_engine_status status = thil_survey_model(&memory, &note, &reasons, &needs);
  EngineSurvey survey;
  for (const Reason& reason : reasons) survey.reasons.push_back(worded(reason));
  if (status == THIL_ENGINE_OK) survey.arena_bytes = needs.arena_bytes;
  survey.work = needs.work;
  return survey;
}

std::vector<std::string> too_large_for(const DeviceIdentity& board, std::span<const std::uint8_t> model,
                                       const EngineSurvey& survey) {
  std::vector<std::string> found;
  const auto compare = [&](const char* what, std::uint64_t bytes, const char* where, std::uint64_t room) {
    if (bytes > room) found.push_back(fmt::format("{} {} bytes, {} {}", what, bytes, where, room));
  };
  compare("the model has", model.size(), "the board's slots", board.models.size);
  compare("the arena needs up to", survey.arena_bytes, "the board has", board.arena_size);
  const std::optional<TensorList> input = read_tflite(model, "model").input();
  if (input)
    compare("a vector has", input->bytes(), "the board's vector slots have together",
            std::uint64_t{board.vectors.size} * board.vectors.count);
  return found;
}

}  // namespace tinyhil::campaign
