// SPDX-License-Identifier: Apache-2.0
// What a Runner has on the device: which models together, which vectors, and in what order that changes.
#include <algorithm>

#include "campaign/identity_check.hpp"
#include "device/run_report.hpp"
#include "fits.hpp"
#include "runner.hpp"

namespace tinyhil::campaign {

bool Runner::is_stored(const device::Wave& wave, const Group& group) {
  return std::none_of(group.begin(), group.end(), [&](const Cell* cell) {
    return std::any_of(wave.begin(), wave.end(),
                       [&](const device::VectorBlock& block) { return lacks(*cell, block); });
  });
}

// As many models together as the device has slots for, or each alone.
std::vector<Runner::Group> Runner::groups() {
  const std::size_t slots = line_.identity().model_slots();
  const std::size_t size = setup_.campaign.order == Order::abba ? slots : 1;
  std::vector<Group> groups;
  std::size_t open = 0;
  for (Cell& cell : cells_) {
    if (cell.ended || !cell.is_here) continue;
    if (open % size == 0) groups.emplace_back();
    const auto slot = static_cast<std::uint8_t>(open++ % slots);
    cell.is_ready = cell.is_ready && cell.slot == slot;
    cell.slot = slot;
    groups.back().push_back(&cell);
  }
  return groups;
}

bool Runner::fit_together(const std::vector<Group>& all) const {
  std::size_t models = 0;
  for (const Group& group : all) models += group.size();
  return models <= line_.identity().model_slots();
}

std::vector<Turn> Runner::turns(const std::vector<device::Wave>& waves, const std::vector<Group>& all) const {
  std::vector<std::uint64_t> wave_bytes, group_bytes;
  for (const device::Wave& wave : waves) {
    std::uint64_t bytes = 0;
    const bool is_done = std::ranges::all_of(all, [&](const Group& group) { return is_stored(wave, group); });
    for (const device::VectorBlock& block : wave) bytes += is_done ? 0 : block.content.size();
    wave_bytes.push_back(bytes);
  }
  for (const Group& group : all) {
    std::uint64_t bytes = 0;
    const bool is_done =
        std::ranges::all_of(waves, [&](const device::Wave& wave) { return is_stored(wave, group); });
    for (const Cell* cell : group) bytes += is_done ? 0 : cell->model->content.size();
    group_bytes.push_back(bytes);
  }
  if (fit_together(all)) std::ranges::fill(group_bytes, 0);
  const auto is_resident = [](const Group& group) { return std::ranges::all_of(group, &Cell::is_ready); };
  return plan_turns({wave_bytes, group_bytes}, !all.empty() && is_resident(all.back()));
}

// What a device has been given stays there until it is greeted again.
asio::awaitable<Result<void>> Runner::load_group(const Group& group, device::RunReport& report) {
  for (Cell* cell : group) {
    if (cell->is_ready) continue;
    const Result<void> loaded = co_await load(*cell, report);
    if (!loaded && loaded.error().kind == FaultKind::refused) fault_cell(*cell, loaded.error());
    if (!loaded) co_return loaded;
    begin(*cell);
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> Runner::load(Cell& cell, device::RunReport& report) {
  for (Cell& other : cells_) {
    if (other.slot == cell.slot) other.is_ready = false;
  }
  sink_.preparing(setup_.board.name, cell.model->name);
  const Result<LoadedModel> loaded = co_await line_.device().prepare(*cell.model, cell.slot, report);
  if (report.preparing) loading_ = &cell;
  if (!loaded) co_return loaded.error();
  check_input(encodings_.set_of(cell.model->name), *cell.model, loaded->input);
  if (setup_.campaign.results == ResultForm::digest)
    check_golden(setup_.vectors, *cell.model, loaded->output);
  check_top_k(setup_.campaign, *cell.model, loaded->output);
  for (Cell& other : cells_) {
    if (other.slot == cell.slot) other.loaded.reset();
  }
  sink_.prepared(setup_.board.name, cell.model->name, *loaded);
  cell.loaded = *loaded;
  cell.is_ready = true;
  co_return Result<void>();
}

void Runner::nothing_is_ready() {
  for (Cell& cell : cells_) cell.is_ready = false;
}

}  // namespace tinyhil::campaign
