// SPDX-License-Identifier: Apache-2.0
// What a Runner asks for: all that is missing, and no vector of a model that has brought the device down with
// it.
#include <algorithm>

#include "device/run_request.hpp"
#include "runner.hpp"

namespace tinyhil::campaign {

namespace {

// After a fault: results come home early, so that one reset after the other leaves some progress.
constexpr std::uint8_t kBatchInTrouble = 4;

}  // namespace

// One for each part of a block with something missing, of the models that miss it; of suspects one for each
// model.
std::vector<device::RunRequest> Runner::requests(const device::Wave& wave, const Group& group) {
  std::vector<device::RunRequest> requests;
  asked_.clear();
  for (std::size_t slot = 0; slot < wave.size(); ++slot) {
    for (const device::VectorBlock& part : parts(wave[slot], group)) {
      for (Asked& asked : ask(part, group)) {
        requests.push_back(request(asked, part));
        requests.back().vector_slot = static_cast<std::uint16_t>(slot);
        requests.back().first = static_cast<std::uint16_t>(part.first - wave[slot].first);
        asked_.push_back(std::move(asked));
      }
    }
  }
  return requests;
}

std::vector<Runner::Asked> Runner::ask(const device::VectorBlock& part, const Group& group) const {
  const bool is_careful = suspects_.contains(OrderPosition{part.first});
  std::vector<Asked> asked;
  for (Cell* cell : group) {
    if (!lacks(*cell, part)) continue;
    if (asked.empty() || is_careful)
      asked.push_back({{}, OrderPosition{part.first} + part.count, is_careful});
    asked.back().cells.push_back(cell);
  }
  return asked;
}

bool Runner::lacks(const Cell& cell, const device::VectorBlock& part) {
  if (part.encoding != cell.encoding || part.first >= cell.goal) return false;
  const std::size_t count = std::min<std::size_t>(part.count, cell.goal - part.first);
  return !cell.ledger.is_done(part.first, count);
}

// A request may run what is stored already; a vector that one of the models must not see stands alone. A
// part lies before or behind the goal of each model, and is all of suspects or without one.
std::vector<device::VectorBlock> Runner::parts(const device::VectorBlock& block, const Group& group) const {
  std::vector<device::VectorBlock> parts;
  bool stands_alone = true;
  for (std::uint32_t vector = block.first; vector < block.first + block.count; ++vector) {
    const bool is_marked = std::any_of(group.begin(), group.end(), [&](const Cell* cell) {
      return cell->ledger.is_quarantined(OrderPosition{vector});
    });
    const bool is_goal =
        std::any_of(group.begin(), group.end(), [&](const Cell* cell) { return cell->goal == vector; });
    if (stands_alone || is_marked || is_goal || suspects_.begin_or_end_at(OrderPosition{vector})) {
      parts.emplace_back();
      parts.back().first = vector;
      parts.back().encoding = block.encoding;
    }
    ++parts.back().count;
    stands_alone = is_marked;
  }
  return parts;
}

device::RunRequest Runner::request(const Asked& asked, const device::VectorBlock& part) const {
  device::RunRequest request;
  for (const Cell* cell : asked.cells) request.models.push_back(run_model(*cell, part));
  request.count = part.count;
  request.repeats = static_cast<std::uint16_t>(setup_.campaign.repeats);
  request.position = OrderPosition{part.first};
  request.tag = tag_;
  request.mode = setup_.campaign.mode;
  request.form = setup_.campaign.results;
  request.top_k = static_cast<std::uint8_t>(setup_.campaign.top_k);
  request.batch = asked.is_careful ? 1 : fruitless_ > 0 ? kBatchInTrouble : 0;
  if (setup_.campaign.inference_timeout) {
    request.inference_timeout = *setup_.campaign.inference_timeout;
  } else {
    request.longest_inference = setup_.board.longest_inference;
    request.longest_seen = longest_seen_;
  }
  request.clock_hz = line_.identity().board.clock_hz;
  return request;
}

device::RunModel Runner::run_model(const Cell& cell, const device::VectorBlock& part) const {
  device::RunModel model;
  model.slot = cell.slot;
  model.is_known = cell.has_answered;
  model.output = cell.loaded->output;
  model.done = cell.ledger.done(part.first, part.count);
  if (setup_.campaign.results == ResultForm::digest) {
    const Golden& golden = draw_.vectors().golden.at(*cell.model->golden);
    model.golden =
        std::span(golden.outputs).subspan(part.first * golden.bytes_each, part.count * golden.bytes_each);
  }
  return model;
}

}  // namespace tinyhil::campaign
