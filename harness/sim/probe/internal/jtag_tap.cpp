// SPDX-License-Identifier: Apache-2.0
#include "jtag_tap.hpp"

#include <array>
#include <utility>

namespace tinyhil::sim {

namespace {

constexpr unsigned kInstructionBits = 4;
constexpr std::uint64_t kCapturedInstruction = 1;
constexpr std::uint8_t kAbort = 0x8, kPortAccess = 0xA, kApAccess = 0xB, kIdCode = 0xE;
constexpr std::uint64_t kOkOrFault = 2, kWait = 1;

}  // namespace

JtagTap::State JtagTap::next(State state, bool tms) {
  using enum State;
  constexpr std::array<std::pair<State, State>, 16> kNext{{
      {idle, reset},
      {idle, select_dr},  // reset, idle
      {capture_dr, select_ir},
      {shift_dr, exit1_dr},
      {shift_dr, exit1_dr},
      {pause_dr, update_dr},
      {pause_dr, exit2_dr},
      {shift_dr, update_dr},
      {idle, select_dr},  // to update_dr
      {capture_ir, reset},
      {shift_ir, exit1_ir},
      {shift_ir, exit1_ir},
      {pause_ir, update_ir},
      {pause_ir, exit2_ir},
      {shift_ir, update_ir},
      {idle, select_dr},  // to update_ir
  }};
  const auto& choice = kNext[static_cast<std::size_t>(state)];
  return tms ? choice.second : choice.first;
}

void JtagTap::clock(bool tms, bool tdi) {
  if (state_ == State::capture_dr || state_ == State::capture_ir) capture();
  if (state_ == State::shift_ir) shift_ = shift_ >> 1 | std::uint64_t{tdi} << (kInstructionBits - 1);
  if (state_ == State::shift_dr) shift_ = shift_ >> 1 | std::uint64_t{tdi} << (data_bits() - 1);
  state_ = next(state_, tms);
  if (state_ == State::update_dr || state_ == State::update_ir) update();
  if (state_ == State::reset) reset();
}

bool JtagTap::tdo() const {
  const bool shifts = state_ == State::shift_dr || state_ == State::shift_ir;
  return !shifts || (shift_ & 1) != 0;  // else nobody drives it, and a resistor pulls it up
}

void JtagTap::reset() {
  state_ = State::reset;
  instruction_ = kIdCode;
}

unsigned JtagTap::data_bits() const {
  switch (instruction_) {
    case kAbort:
    case kPortAccess:
    case kApAccess:
      return 35;
    case kIdCode:
      return 32;
    default:
      return 1;  // BYPASS
  }
}

void JtagTap::capture() {
  if (state_ == State::capture_ir) {
    shift_ = kCapturedInstruction;
    return;
  }
  shift_ = instruction_ == kIdCode ? port_.id(DebugPort::kJtagId) : 0;
  is_ignored_ = false;
  if (instruction_ != kPortAccess && instruction_ != kApAccess) return;
  if (waiting_) execute(Request(*waiting_));
  is_ignored_ = waiting_.has_value();
  shift_ = is_ignored_ ? kWait : std::uint64_t{result_} << 3 | kOkOrFault;
}

void JtagTap::update() {
  if (state_ == State::update_ir) {
    instruction_ = static_cast<std::uint8_t>(shift_ & 0xF);
    return;
  }
  if (instruction_ == kAbort) waiting_.reset();
  if ((instruction_ != kPortAccess && instruction_ != kApAccess) || is_ignored_) return;
  execute({instruction_ == kApAccess, (shift_ & 1) != 0, static_cast<std::uint8_t>(shift_ << 1 & 0xC),
           static_cast<std::uint32_t>(shift_ >> 3)});
}

// Errors are flags of CTRL/STAT, which a one clears.
void JtagTap::execute(const Request& request) {
  DebugPort::Answer answer;
  if (request.reads) {
    answer = request.to_access_port ? port_.read_access(request.address) : port_.read_port(request.address);
  } else if (request.to_access_port) {
    answer.ack = port_.write_access(request.address, request.value);
  } else if (request.address != DebugPort::kAbort) {
    if (request.address == DebugPort::kControl) port_.clear_sticky(request.value);
    port_.write_port(request.address, request.value);
  }
  waiting_.reset();
  if (answer.ack == Ack::wait) waiting_ = request;
  if (answer.ack == Ack::ok && request.reads) result_ = answer.value;
}

}  // namespace tinyhil::sim
