// SPDX-License-Identifier: Apache-2.0
#include "agent_device.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "device/slot_plan.hpp"
#include "packing.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kPackAtLeast = 8;  // vectors; choosing how takes milliseconds

// What a wave's requests need and the slots do not hold.
Supply lack_of(const Wave& wave, const std::vector<RunRequest>& requests, const std::vector<Digest>& held) {
  Supply lack;
  std::set<std::uint16_t> seen;
  for (const RunRequest& request : requests) {
    const std::uint16_t slot = request.vector_slot;
    const VectorBlock& block = wave[slot];
    const bool is_held = slot < held.size() && held[slot] == block.digest;
    if (!is_held && seen.insert(slot).second) {
      lack.blocks.push_back({SlotKind::vectors, slot, block.content, block.digest, block.stride});
    }
    lack.needs.push_back(lack.blocks.size());
  }
  return lack;
}

Fault no_such_window(WindowKind kind) {
  const char* what = kind == WindowKind::sleep ? "the board cannot sleep for an energy window"
                                               : "the board cannot run energy windows";
  return Fault{FaultKind::refused,
               what,
               {},
               "write `thil_port_rest` in the board's port (docs/porting.md), and build the agent anew, with "
               "windows"};
}

}  // namespace

AgentDevice::AgentDevice(std::unique_ptr<transport::Transport> transport, Timing timing)
    : link_(std::move(transport), timing) {}

void AgentDevice::forget() {
  models_.clear();
  vectors_.clear();
  ready_.clear();
}

asio::awaitable<Result<DeviceIdentity>> AgentDevice::greet(Boot boot) {
  forget();
  Result<DeviceIdentity> identity = co_await link_.hello(boot);
  if (identity) identity_ = *identity;
  co_return identity;
}

asio::awaitable<Result<void>> AgentDevice::speed_up() {
  const Result<int> rate = co_await link_.climb();
  if (!rate) co_return rate.error();
  co_return Result<void>();
}

asio::awaitable<Result<Digest>> AgentDevice::segment(std::uint32_t offset, std::uint32_t size) {
  co_return co_await link_.segment(offset, size);
}

asio::awaitable<Result<void>> AgentDevice::learn_models() {
  if (!identity_.loads_models || !models_.empty()) co_return Result<void>();
  Result<std::vector<Digest>> held = co_await link_.inventory(SlotKind::model, identity_.model_slots());
  if (!held) co_return held.error();
  models_ = std::move(*held);
  co_return Result<void>();
}

bool AgentDevice::holds(const ModelFile& model, std::uint8_t slot) const {
  return !identity_.loads_models || (slot < models_.size() && models_[slot] == model.digest);
}

// The slot that holds it, or the next in turn.
std::uint8_t AgentDevice::slot_for(const ModelFile& model) {
  const auto found = std::ranges::find(models_, model.digest);
  if (found != models_.end()) return static_cast<std::uint8_t>(found - models_.begin());
  const std::uint8_t slot = next_slot_;
  next_slot_ = static_cast<std::uint8_t>((slot + 1U) % identity_.model_slots());
  return slot;
}

asio::awaitable<Result<LoadedModel>> AgentDevice::prepare(const ModelFile& model,
                                                          std::optional<std::uint8_t> wanted,
                                                          RunReport& report) {
  const Result<void> learned = co_await learn_models();
  if (!learned) co_return learned.error();
  const std::uint8_t slot = wanted ? *wanted : slot_for(model);
  if (ready_.contains(slot) && holds(model, slot)) co_return ready_.at(slot);
  ready_.erase(slot);
  Result<LoadedModel> loaded = co_await push_and_load(model, slot, report);
  if (loaded) {
    ready_[slot] = *loaded;
  } else {
    models_.clear();  // whether the slot was filled is for the device to say
  }
  co_return loaded;
}

asio::awaitable<Result<LoadedModel>> AgentDevice::push_and_load(const ModelFile& model, std::uint8_t slot,
                                                                RunReport& report) {
  if (!holds(model, slot)) {
    std::vector<PushBlock> image{{SlotKind::model, slot, model.content, model.digest, 0}};
    const Result<void> pushed = co_await link_.push(std::move(image));
    if (!pushed) co_return pushed.error();
  }
  report.preparing = true;
  Result<LoadedModel> loaded = co_await link_.load(slot);
  if (!loaded) co_return loaded;
  if (identity_.loads_models && loaded->digest != model.digest) {
    co_return Fault{FaultKind::corrupt, "the device loaded another model than it was sent",
                    loaded->digest.hex(), "build the agent from the same version as the host"};
  }
  report.preparing = false;
  loaded->slot = slot;
  if (slot < models_.size()) models_[slot] = model.digest;
  co_return loaded;
}

std::vector<Wave> AgentDevice::plan(const EncodedVectors& vectors) const {
  std::vector<Wave> waves = plan_slots(vectors, identity_.vectors);
  if (!identity_.unpacks || vectors.front()->count < kPackAtLeast) return waves;
  std::vector<std::uint8_t> strides;
  for (const VectorSet* set : vectors) strides.push_back(choose_packing(set->inputs, set->input).stride);
  for (Wave& wave : waves) {
    for (VectorBlock& block : wave) block.stride = strides[block.encoding];
  }
  return waves;
}

asio::awaitable<Result<void>> AgentDevice::learn_vectors(std::size_t slots) {
  if (vectors_.size() >= slots) co_return Result<void>();
  Result<std::vector<Digest>> held = co_await link_.inventory(SlotKind::vectors, slots);
  if (!held) co_return held.error();
  vectors_ = std::move(*held);
  co_return Result<void>();
}

asio::awaitable<Result<void>> AgentDevice::run(const Wave& wave, std::vector<RunRequest> requests, Sink sink,
                                               RunReport& report) {
  const Result<void> learned = co_await learn_vectors(wave.size());
  if (!learned) co_return learned;
  std::vector<Digest> held = std::exchange(vectors_, {});  // unknown until the run has come to its end
  held.resize(std::max(held.size(), wave.size()));
  Supply lack = lack_of(wave, requests, held);
  for (const RunRequest& request : requests) held.at(request.vector_slot) = wave[request.vector_slot].digest;
  const bool is_throughput = !requests.empty() && requests.front().mode == RunMode::throughput;
  const bool overlaps = is_throughput && !link_.places();
  if (!overlaps) {
    const Result<void> pushed = co_await link_.push(std::exchange(lack.blocks, {}));
    if (!pushed) co_return pushed;
    std::ranges::fill(lack.needs, 0);
  }
  Result<void> ran = co_await link_.stream(std::move(lack), std::move(requests), std::move(sink), report);
  if (ran) vectors_ = std::move(held);
  co_return ran;
}

asio::awaitable<Result<WindowReport>> AgentDevice::window(WindowRequest request) {
  const bool can = request.kind == WindowKind::sleep ? identity_.windows.sleeps : identity_.windows.runs;
  if (!can) co_return no_such_window(request.kind);
  request.layers = request.layers && identity_.windows.tells_layers && identity_.board.clock_hz > 0;
  co_return co_await link_.window(request);
}

Traffic AgentDevice::traffic() const {
  const Session::Counters counters = link_.counters();
  return {counters.frames_good, counters.frames_bad, link_.stray(), link_.logged(), link_.detours()};
}

}  // namespace tinyhil::device
