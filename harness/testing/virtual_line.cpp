// SPDX-License-Identifier: Apache-2.0
#include "virtual_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "device/agent/internal/exchange.hpp"
#include "fake_engine.h"
#include "thil/agent.h"

namespace tinyhil::test {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kPieceMax = 600;
constexpr microseconds kStepTime{20};  // of the agent, without an inference

VirtualLine* current = nullptr;  // the agent is one a process

}  // namespace

VirtualLine::Direction::Direction() { thil_decoder_init(&decoder, memory.data(), memory.size()); }

VirtualLine::VirtualLine(unsigned seed) : random_(seed) {
  fake_port = &port;
  current = this;
  fake_engine_fix_model(false);
  fake_engine_on_invoke(invoked);
  port.on_rest = [this] { rested(); };
  thil_agent_start();
  port.to_host.clear();  // nobody listens while it boots
}

VirtualLine::~VirtualLine() {
  fake_engine_on_invoke(nullptr);
  fake_port = nullptr;
  current = nullptr;
}

// What arrives meanwhile lies in the receive ring when the inference is over.
void VirtualLine::invoked() {
  const auto us = static_cast<std::uint32_t>(current->inference_time.count());
  current->port.clock += us;
  current->port.timer += static_cast<std::uint32_t>(std::uint64_t{us} * 32768 / 1'000'000);
  current->device_busy_until_ += current->inference_time;
  current->deliver_until(current->device_busy_until_);
  if (current->on_inference) current->on_inference();
}

// What was sent before has left.
void VirtualLine::rested() {
  send(in_, port.to_host, device_busy_until_, loses_answer, answers);
  port.to_host.clear();
  device_busy_until_ += std::chrono::milliseconds(port.rests.back().ms);
  deliver_until(device_busy_until_);
  if (on_rest) on_rest();
}

void VirtualLine::stall_answers(std::chrono::nanoseconds time) {
  in_.busy_until = std::max(in_.busy_until, now) + time;
}

void VirtualLine::reset_device() {
  port.to_device.clear();
  port.to_host.clear();
  thil_agent_start();
}

// Whole frames, so that a test can lose a certain one.
void VirtualLine::send(Direction& direction, std::span<const std::uint8_t> bytes, device::Time at,
                       const std::function<bool(const device::FrameView&)>& loses,
                       std::map<int, int>& counts) {
  for (const std::uint8_t byte : bytes) {
    direction.frame.push_back(byte);
    thil_frame frame{};
    const bool complete = thil_decoder_push(&direction.decoder, byte, &frame);
    if (byte != 0 || direction.frame.size() == 1) continue;  // the zero in front belongs to the frame
    const device::FrameView view{frame.header, {frame.payload.bytes, complete ? frame.payload.size : 0}};
    if (complete) ++counts[view.header.type];
    if (&direction == &in_ && prints) prints(direction.frame);
    if (!complete || !loses || !loses(view)) put(direction, direction.frame, at);
    direction.frame.clear();
  }
}

void VirtualLine::put(Direction& direction, const Bytes& frame, device::Time at) {
  for (std::size_t begin = 0; begin < frame.size();) {
    const std::size_t size = std::min(1 + random_() % kPieceMax, frame.size() - begin);
    const auto first = frame.begin() + static_cast<std::ptrdiff_t>(begin);
    disturb(direction, Bytes(first, first + static_cast<std::ptrdiff_t>(size)), at);
    begin += size;
  }
}

void VirtualLine::disturb(Direction& direction, Bytes piece, device::Time at) {
  direction.busy_until = std::max(direction.busy_until, at) + piece.size() * byte_time;
  if (strikes(disturbance.stalled)) direction.busy_until += milliseconds(random_() % 400);
  if (strikes(disturbance.lost)) return;
  if (disturbance.bit > 0) {
    std::geometric_distribution<std::size_t> gap(disturbance.bit);
    for (std::size_t bit = gap(random_); bit < 8 * piece.size(); bit += 1 + gap(random_)) {
      piece[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
  }
  for (int copies = strikes(disturbance.doubled) ? 2 : 1; copies > 0; --copies) {
    direction.pieces.push_back({direction.busy_until + latency, piece});
  }
}

void VirtualLine::deliver_until(device::Time time) {
  for (; !out_.pieces.empty() && out_.pieces.front().arrival <= time; out_.pieces.pop_front()) {
    const Bytes& bytes = out_.pieces.front().bytes;
    port.to_device.insert(port.to_device.end(), bytes.begin(), bytes.end());
    device_has_work_ = true;
  }
  most_waiting = std::max(most_waiting, port.to_device.size());
}

void VirtualLine::run_device() {
  deliver_until(now);
  while (device_has_work_ && device_busy_until_ <= now) {
    if (strikes(resets)) reset_device();
    device_busy_until_ = now + kStepTime;
    device_has_work_ = thil_agent_step();
    send(in_, port.to_host, device_busy_until_, loses_answer, answers);
    port.to_host.clear();
  }
}

bool VirtualLine::hear(const std::vector<device::Activity*>& activities) {
  for (; !in_.pieces.empty() && in_.pieces.front().arrival <= now; in_.pieces.pop_front()) {
    const Bytes bytes = in_.pieces.front().bytes;
    bool was_reset = false;
    session.arrived(bytes);
    while (const auto frame = session.next()) {
      was_reset = was_reset || (frame->header.type == THIL_ID_booted && !greeting_);
      for (device::Activity* activity : activities) activity->take(*frame, session, now);
    }
    if (was_reset) return in_.pieces.pop_front(), false;
  }
  return true;
}

device::Time VirtualLine::next_event(device::Time deadline) const {
  device::Time next = deadline;
  if (!in_.pieces.empty()) next = std::min(next, in_.pieces.front().arrival);
  if (!out_.pieces.empty()) next = std::min(next, out_.pieces.front().arrival);
  if (device_has_work_) next = std::min(next, device_busy_until_);
  return std::max(next, now + std::chrono::nanoseconds(1));
}

Result<void> VirtualLine::drive(std::vector<device::Activity*> activities) {
  const device::Time limit = now + std::chrono::hours(1);
  while (now < limit) {
    device::Time deadline = limit;
    bool finished = true;
    for (device::Activity* activity : activities) {
      activity->fill(session, now);
      if (activity->fault()) return *activity->fault();
      finished = finished && activity->finished();
      if (!activity->finished()) deadline = std::min(deadline, activity->wake(session));
    }
    if (finished) return Result<void>();
    send(out_, session.outgoing(), now, loses_request, requests);
    session.written(session.outgoing().size());
    run_device();
    now = next_event(deadline);
    if (!hear(activities)) return Fault{FaultKind::reset, "reset", {}};
  }
  ADD_FAILURE() << "the conversation does not end";
  return Fault{FaultKind::timeout, "the conversation does not end", {}};
}

Result<void> VirtualLine::hello() {
  Result<void> done = Fault{FaultKind::timeout, "", {}};
  greeting_ = true;
  for (int attempt = 0; attempt < 40 && !done; ++attempt) {
    epoch_ = static_cast<std::uint8_t>(epoch_ % 255 + 1);
    session.open(epoch_);
    thil_hello hello{};
    hello.nonce = 77;
    device::Exchange exchange(THIL_ID_hello, device::pack(hello), device::Patience{milliseconds(1500)});
    done = drive({&exchange});
  }
  greeting_ = false;
  return done;
}

}  // namespace tinyhil::test
