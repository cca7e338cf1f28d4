// SPDX-License-Identifier: Apache-2.0
#include "debug_port.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kStickyError = 1 << 5, kSticky = 1 << 1 | 1 << 4 | kStickyError | 1 << 7;
constexpr std::uint32_t kResetRequest = 1 << 26;
constexpr std::uint32_t kKept = DebugPort::kPower | kResetRequest | 0x00FFFF0D;

}  // namespace

DebugPort::DebugPort(MemoryBus& bus, const WireFaults& faults) : access_(bus), faults_(faults) {}

DebugPort::Answer DebugPort::read_port(std::uint8_t address) {
  switch (address) {
    case kAbort:
      return {Ack::ok, id(kSwdId)};
    case kControl:
      break;
    case kReadBuffer:
      return {(control_ & kStickyError) != 0 ? Ack::fault : Ack::ok, last_read_};
    default:
      return {(control_ & kStickyError) != 0 ? Ack::fault : Ack::ok, last_read_};
  }
  if ((select_ & 0xF) != 0) return {Ack::ok, 0};
  return {Ack::ok, control_ | (control_ & (kPower | kResetRequest)) << 1};
}

Ack DebugPort::write_port(std::uint8_t address, std::uint32_t value) {
  if (address == kAbort) {
    if ((value & 1 << 1) != 0) control_ &= ~(1U << 4);
    if ((value & 1 << 2) != 0) control_ &= ~kStickyError;
    if ((value & 1 << 3) != 0) control_ &= ~(1U << 7);
    if ((value & 1 << 4) != 0) control_ &= ~(1U << 1);
    return Ack::ok;
  }
  if ((control_ & kStickyError) != 0) return Ack::fault;
  if (address == kControl && (select_ & 0xF) == 0) control_ = (control_ & kSticky) | (value & kKept);
  if (address == kSelect) select_ = value;
  return Ack::ok;
}

void DebugPort::clear_sticky(std::uint32_t jtag_control) { control_ &= ~(jtag_control & kSticky); }

void DebugPort::reset_line() { select_ = 0; }

// Faults hit what goes to the bus; the access port's own registers answer at once.
Ack DebugPort::before_access(std::uint8_t address) {
  if ((control_ & kStickyError) != 0) return Ack::fault;
  if ((control_ & kPower) != kPower) return after_access(false);
  if (!AccessPort::goes_to_bus(address)) return Ack::ok;
  switch (counter_.next(faults_)) {
    case WireFaultCounter::Turn::wait:
      return Ack::wait;
    case WireFaultCounter::Turn::fault:
      return after_access(false);
    case WireFaultCounter::Turn::as_usual:
      break;
  }
  return Ack::ok;
}

// An access that failed is found out by the next one, as on the wire; a probe looks at once.
Ack DebugPort::after_access(bool done) {
  if (done) return Ack::ok;
  control_ |= kStickyError;
  return Ack::fault;
}

DebugPort::Answer DebugPort::read_access(std::uint8_t port, std::uint8_t address) {
  const Ack ack = before_access(address);
  if (ack != Ack::ok) return {ack, 0};
  last_read_ = 0;
  const bool done = port != 0 || access_.read(address, last_read_);
  return {after_access(done), last_read_};
}

Ack DebugPort::write_access(std::uint8_t port, std::uint8_t address, std::uint32_t value) {
  const Ack ack = before_access(address);
  if (ack != Ack::ok) return ack;
  return after_access(port != 0 || access_.write(address, value));
}

DebugPort::Answer DebugPort::read_access(std::uint8_t address) {
  return read_access(static_cast<std::uint8_t>(select_ >> 24),
                     static_cast<std::uint8_t>((select_ & 0xF0) | address));
}

Ack DebugPort::write_access(std::uint8_t address, std::uint32_t value) {
  return write_access(static_cast<std::uint8_t>(select_ >> 24),
                      static_cast<std::uint8_t>((select_ & 0xF0) | address), value);
}

DebugPort::Block DebugPort::read_block(std::span<std::uint32_t> values) {
  if (!faults_.wait_every && !faults_.fault_every && before_access(AccessPort::kDrw) == Ack::ok) {
    if (access_.read_block(values)) return {Ack::ok, values.size()};
    return {after_access(false), 0};
  }
  for (std::size_t n = 0; n < values.size(); ++n) {
    const Answer answer = read_access(0, AccessPort::kDrw);
    if (answer.ack != Ack::ok) return {answer.ack, n};
    values[n] = answer.value;
  }
  return {Ack::ok, values.size()};
}

DebugPort::Block DebugPort::write_block(std::span<const std::uint32_t> values) {
  if (!faults_.wait_every && !faults_.fault_every && before_access(AccessPort::kDrw) == Ack::ok) {
    if (access_.write_block(values)) return {Ack::ok, values.size()};
    return {after_access(false), 0};
  }
  for (std::size_t n = 0; n < values.size(); ++n) {
    const Ack ack = write_access(0, AccessPort::kDrw, values[n]);
    if (ack != Ack::ok) return {ack, n};
  }
  return {Ack::ok, values.size()};
}

}  // namespace tinyhil::sim
