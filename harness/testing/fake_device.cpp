// SPDX-License-Identifier: Apache-2.0
#include "fake_device.hpp"

#include <algorithm>
#include <numeric>

#include "device/slot_plan.hpp"

namespace tinyhil::test {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kRowsInFrame = 64;
constexpr std::uint32_t kClockHz = 1'000'000;

std::uint16_t u16_at(const Bytes& image, std::size_t at) {
  return static_cast<std::uint16_t>(image[at] | image[at + 1] << 8);
}

Tensor tensor(std::uint16_t size, std::int32_t zero_point) {
  Tensor tensor;
  tensor.rank = 2;
  tensor.dims = {1, size, 1, 1};
  tensor.scale = 0.5F;
  tensor.zero_point = zero_point;
  return tensor;
}

Bytes output_of(const Bytes& image, std::span<const std::uint8_t> input) {
  Bytes output(u16_at(image, 4));
  const auto sum = std::accumulate(input.begin(), input.end(), std::uint32_t{image[6]});
  for (std::size_t i = 0; i < output.size(); ++i) output[i] = static_cast<std::uint8_t>(sum + i);
  return output;
}

Bytes largest_of(const Bytes& output, std::size_t k) {
  std::vector<std::uint16_t> order(output.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::uint16_t i) { return static_cast<std::int8_t>(output[i]); });
  Bytes largest;
  for (std::size_t i = 0; i < std::min(k, order.size()); ++i) {
    const auto low = static_cast<std::uint8_t>(order[i]), high = static_cast<std::uint8_t>(order[i] >> 8);
    largest.insert(largest.end(), {low, high, output[order[i]]});
  }
  return largest;
}

CrashRecord crash_at(CrashCause cause) {
  CrashRecord crash;
  crash.cause = cause;
  crash.pc = 0x1A2C;
  return crash;
}

Fault reset() { return {FaultKind::reset, "the device has reset itself or was reset", "fake board"}; }

}  // namespace

// Rows are lost until their frame is full.
struct FakeDevice::Work {
  const device::RunRequest& request;
  const device::VectorBlock& block;
  std::size_t index;
  const Sink& sink;
  device::RunReport& report;
  std::vector<InferenceRows> arrived = {}, in_frame = {};  // by model
  std::size_t frame_rows = 0;

  std::span<const std::uint8_t> input(std::uint32_t vector) const {
    const std::size_t size = block.content.size() / block.count;
    return block.content.subspan((request.first + vector) * size, size);
  }
  bool is_done(std::size_t model, std::size_t cell) const {
    const std::vector<bool>& done = request.models[model].done;
    return cell < done.size() && done[cell];
  }
  OrderPosition first_missing() const {
    OrderPosition first = request.position + request.count;
    for (std::size_t model = 0; model < request.models.size(); ++model) {
      std::vector<bool> done = request.models[model].done;
      done.resize(std::size_t{request.count} * request.repeats);
      const InferenceRows& rows = arrived[model];
      for (std::size_t i = 0; i < rows.size(); ++i)
        done[(OrderPosition{rows.vector[i]} - request.position) * request.repeats + rows.repeat[i]] = true;
      const auto missing = std::ranges::find(done, false) - done.begin();
      first = std::min(first, request.position + static_cast<std::uint32_t>(missing / request.repeats));
    }
    return first;
  }
  void begin() {
    arrived.resize(request.models.size());
    in_frame.resize(request.models.size());
  }
  void send_frame() {
    for (std::size_t model = 0; model < arrived.size(); ++model) {
      if (in_frame[model].size() > 0) arrived[model].append(in_frame[model]);
    }
    in_frame.assign(arrived.size(), {});
    frame_rows = 0;
  }
  void hand_over() {
    for (std::size_t model = 0; model < arrived.size(); ++model) {
      if (arrived[model].size() > 0) sink(index, model, arrived[model]);
    }
  }
};

FakeDevice::FakeDevice(FakeBoard& board) : board_(board) {
  if (board_.line_lasts.empty()) return;
  line_ends_ = board_.inferences + board_.line_lasts.front();
  board_.line_lasts.pop_front();
}

asio::awaitable<Result<DeviceIdentity>> FakeDevice::greet(device::Boot /*boot*/) {
  images_.clear();
  DeviceIdentity identity;
  identity.board.kind = "fake";
  identity.board.engine = "fake";
  identity.board.provenance = board_.provenance;
  identity.board.clock = "virtual";
  identity.board.clock_hz = kClockHz;
  identity.models = board_.models;
  identity.vectors = board_.vectors;
  identity.loads_models = !board_.image;
  if (board_.image) identity.board.image = *board_.image;
  identity.checks_models = true;
  identity.windows = board_.windows;
  identity.crash = board_.crash;
  co_return identity;
}

asio::awaitable<Result<void>> FakeDevice::speed_up() { co_return Result<void>(); }

asio::awaitable<Result<Digest>> FakeDevice::segment(std::uint32_t /*offset*/, std::uint32_t /*size*/) {
  co_return Fault{FaultKind::refused, "the device cannot read its firmware back", "fake board"};
}

asio::awaitable<Result<LoadedModel>> FakeDevice::prepare(const ModelFile& model,
                                                         std::optional<std::uint8_t> slot,
                                                         device::RunReport& report) {
  Result<LoadedModel> loaded = load(model, report);
  if (!loaded) co_return loaded;
  loaded->slot = slot.value_or(0);
  images_[loaded->slot] = model.content;
  co_return loaded;
}

Result<LoadedModel> FakeDevice::load(const ModelFile& model, device::RunReport& report) {
  const Bytes& image = model.content;
  report.preparing = true;
  if (image.size() < 7 || image[0] != 'F') return Fault{FaultKind::refused, "malformed model", "no F"};
  if (image[1] == kCrash) {
    board_.crash = crash_at(CrashCause::processor_fault);
    return reset();
  }
  if (image[1] != 0) return Fault{FaultKind::refused, "the engine does not take the model", "status"};
  report.preparing = false;
  const auto input = board_.inputs.find(model.name);
  const Tensor taken = input == board_.inputs.end() ? tensor(u16_at(image, 2), -1) : input->second;
  return LoadedModel{model.digest, 100, taken, tensor(u16_at(image, 4), 3)};
}

std::vector<device::Wave> FakeDevice::plan(const device::EncodedVectors& vectors) const {
  return device::plan_slots(vectors, board_.vectors);
}

asio::awaitable<Result<void>> FakeDevice::run(const device::Wave& wave,
                                              std::vector<device::RunRequest> requests, Sink sink,
                                              device::RunReport& report) {
  for (std::size_t slot = 0; slot < wave.size(); ++slot)
    vectors_[static_cast<std::uint16_t>(slot)] = wave[slot];
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Work work{requests[i], wave[requests[i].vector_slot], i, sink, report};
    const Result<void> ran = run_request(work);
    if (!ran) {
      report.request = i;
      report.first_missing = work.first_missing();
    }
    work.hand_over();
    if (!ran) co_return ran;
  }
  co_return Result<void>();
}

asio::awaitable<Result<WindowReport>> FakeDevice::window(WindowRequest request) {
  const bool can = request.kind == WindowKind::sleep ? board_.windows.sleeps : board_.windows.runs;
  if (!can) co_return Fault{FaultKind::refused, "the board cannot run energy windows", "fake board"};
  board_.windows_asked.push_back(request);
  board_.crash.reset();
  board_.now += request.rest;
  Result<WindowReport> report = between_edges(request);
  board_.now += request.rest;
  co_return report;
}

// A layer takes half of what is left of an inference, the last one all of it.
Result<WindowReport> FakeDevice::between_edges(const WindowRequest& request) {
  const std::chrono::nanoseconds begin = board_.now;
  WindowReport report;
  if (request.kind != WindowKind::inference) board_.now += request.length;
  for (; request.kind == WindowKind::inference && report.proven < request.invokes; ++report.proven) {
    const auto block = vectors_.find(request.vector_slot);
    if (block == vectors_.end()) return Fault{FaultKind::refused, "the slot is empty", "fake board"};
    if (line_ends_ && board_.inferences >= *line_ends_)
      return Fault{FaultKind::gone, "the line has ended", "fake board"};
    const auto event = board_.events.find(board_.inferences);
    if (event != board_.events.end()) {
      const bool is_silence = event->second == FakeBoard::Event::silence;
      board_.events.erase(event);
      if (!is_silence) return reset();
      board_.now += request.invokes * request.inference_limit;
      return Fault{FaultKind::timeout, "no answer to an energy window", "fake board"};
    }
    const std::span<const std::uint8_t> content = block->second.content;
    const std::size_t size = content.size() / block->second.count;
    const std::span<const std::uint8_t> input = content.subspan(request.vector * size, size);
    ++board_.inferences;
    board_.now += board_.inference;
    if (input[0] == kFailedInvoke) break;
    if (input[0] >= kOverflow && input[0] <= kHang) return crash_in(request);
    report.output = sha256(output_of(images_.at(request.model_slot), input));
  }
  const auto per_inference = static_cast<std::uint32_t>(board_.inference / std::chrono::microseconds(1));
  for (std::uint32_t layer = 0; request.layers && report.proven > 0 && layer < board_.layers; ++layer) {
    const bool is_last = layer + 1 == board_.layers;
    report.layer_ends.push_back(is_last ? per_inference : per_inference - (per_inference >> (layer + 1)));
  }
  report.timer_ticks = static_cast<std::uint64_t>((board_.now - begin) / std::chrono::microseconds(1));
  return report;
}

Fault FakeDevice::crash_in(const WindowRequest& request) {
  CrashRecord crash = crash_at(CrashCause::processor_fault);
  crash.tag = request.tag;
  crash.vector = OrderPosition{request.vector};
  crash.model_slot = request.model_slot;
  board_.crash = crash;
  return reset();
}

Result<void> FakeDevice::run_request(Work& work) {
  const device::RunRequest& request = work.request;
  board_.asked.push_back(request);
  board_.crash.reset();
  work.report.accepted = true;
  work.begin();
  for (std::uint32_t vector = 0; vector < request.count; ++vector) {
    for (std::uint16_t repeat = 0; repeat < request.repeats; ++repeat) {
      for (std::size_t model = 0; model < request.models.size(); ++model) {
        if (work.is_done(model, std::size_t{vector} * request.repeats + repeat)) continue;
        Result<void> made = infer(work, vector, repeat, model);
        if (!made) return made;
      }
    }
  }
  board_.now += board_.frame;
  work.send_frame();
  return Result<void>();
}

Result<void> FakeDevice::infer(Work& work, std::uint32_t vector, std::uint16_t repeat, std::size_t model) {
  const device::RunRequest& request = work.request;
  if (Result<void> happened = happen(work); !happened) return happened;
  const std::uint8_t first = work.input(vector)[0];
  CrashRecord here = crash_at(first == kOverflow ? CrashCause::stack_overflow : CrashCause::processor_fault);
  here.tag = request.tag;
  here.vector = request.position + vector;
  here.repeat = repeat;
  here.model_slot = request.models[model].slot;
  if (first >= kOverflow && first <= kHang) return fail(work, first, here);
  ++board_.inferences;
  board_.now += board_.inference;
  add_row(work, model, here);
  const bool may_take_long = request.longest_inference.count() > 0;
  if (may_take_long || board_.inference <= request.inference_timeout) return Result<void>();
  work.send_frame();
  work.report.slow = device::SlowInference{work.index, model, here.vector};
  return Fault{FaultKind::timeout, "an inference took longer than `inference_timeout`", "fake board"};
}

void FakeDevice::add_row(Work& work, std::size_t model, const CrashRecord& here) {
  const device::RunRequest& request = work.request;
  const std::span<const std::uint8_t> input = work.input(here.vector - request.position);
  Bytes output = output_of(images_.at(request.models[model].slot), input);
  const bool failed = input[0] == kFailedInvoke;
  if (failed) std::ranges::fill(output, std::uint8_t{0});
  if (request.form == ResultForm::top_k) output = largest_of(output, request.top_k);
  InferenceRows& rows = work.in_frame[model];
  rows.output_size = output.size();
  const std::size_t row = rows.add_row();
  rows.vector[row] = here.vector.value;
  rows.repeat[row] = static_cast<std::uint16_t>(here.repeat);
  rows.status[row] = static_cast<std::uint8_t>(failed ? RowStatus::invoke_failed : RowStatus::ok);
  rows.clock[row] = static_cast<std::uint32_t>(board_.inference / std::chrono::microseconds(1));
  rows.timer[row] = rows.clock[row];
  std::ranges::copy(output, rows.outputs.end() - static_cast<std::ptrdiff_t>(output.size()));
  if (++work.frame_rows < (request.batch > 0 ? request.batch : kRowsInFrame)) return;
  board_.now += board_.frame;
  work.send_frame();
}

Result<void> FakeDevice::fail(Work& work, std::uint8_t first_byte, const CrashRecord& here) {
  if (first_byte == kHang) return fall_silent(work);
  board_.crash = here;
  return reset();
}

// What the test wants to happen before this inference.
Result<void> FakeDevice::happen(Work& work) {
  if (line_ends_ && board_.inferences >= *line_ends_)
    return Fault{FaultKind::gone, "the line has ended", "fake board"};
  const auto event = board_.events.find(board_.inferences);
  if (event == board_.events.end()) return Result<void>();
  const bool is_silence = event->second == FakeBoard::Event::silence;
  board_.events.erase(event);
  return is_silence ? fall_silent(work) : Result<void>(reset());
}

Result<void> FakeDevice::fall_silent(Work& work) {
  board_.now += work.request.inference_timeout;
  work.report.silence = device::Silence::unexplained;
  return Fault{FaultKind::timeout, "no result within the limit", "fake board"};
}

}  // namespace tinyhil::test
