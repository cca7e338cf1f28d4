// SPDX-License-Identifier: Apache-2.0
#include "core_debug.hpp"

#include "component_id.hpp"
#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kPrivateBus = 0xE0000000, kPrivateBusEnd = 0xE0100000;
constexpr std::uint32_t kPage = 0x1000;
constexpr std::uint32_t kWatchpoints = 0xE0001000, kSystemControl = 0xE000E000;
constexpr std::uint32_t kFirstId = 0xFD0;  // of a component's page

constexpr std::uint32_t kAircr = 0xE000ED0C, kDfsr = 0xE000ED30;
constexpr std::uint32_t kDhcsr = 0xE000EDF0, kDcrsr = 0xE000EDF4, kDcrdr = 0xE000EDF8, kDemcr = 0xE000EDFC;

constexpr std::uint32_t kDebugKey = 0xA05F, kResetKey = 0x05FA;
constexpr std::uint32_t kDebugEnable = 1, kHalt = 2, kStep = 4, kControlBits = 0x2F;
constexpr std::uint32_t kRegisterReady = 1 << 16, kIsHalted = 1 << 17, kLockedUp = 1 << 19,
                        kRetired = 1 << 24, kWasReset = 1 << 25;
constexpr std::uint32_t kRegisterWrite = 1 << 16, kSelector = 0x7F;
constexpr std::uint32_t kVectorReset = 1, kSystemReset = 4;
constexpr std::uint32_t kCatchReset = 1, kCatchHardFault = 1 << 10;
constexpr std::uint32_t kByRequest = 1, kByBreakpoint = 2, kByCatch = 8;

bool on_private_bus(std::uint32_t address) { return address >= kPrivateBus && address < kPrivateBusEnd; }

// The emulator's own identification lacks the manufacturer.
std::optional<std::uint32_t> identification(std::uint32_t address) {
  const std::uint32_t page = address & ~(kPage - 1), offset = address & (kPage - 1);
  if (page == kRomTable) return rom_table(offset);
  if (offset < kFirstId) return std::nullopt;
  if (page == kSystemControl) return component_id(kSystemControlId, offset);
  if (page == kWatchpoints) return component_id(kWatchpointUnitId, offset);
  return std::nullopt;
}

}  // namespace

CoreDebug::CoreDebug(Target& target, ResetBehaviour reset, Now now)
    : target_(target), reset_(reset), now_(std::move(now)) {}

bool CoreDebug::read(std::uint32_t address, std::span<std::uint8_t> into) {
  if (!on_private_bus(address)) return !in_reset() && target_.read(address, into);
  for (std::size_t done = 0; done < into.size(); ++address, ++done) {
    const std::optional<std::uint32_t> value = read_debug_register(address & ~3U);
    if (!value) return target_.read(address, into.subspan(done));
    into[done] = static_cast<std::uint8_t>(*value >> 8 * (address & 3));
    while ((address & 3) != 3 && done + 1 < into.size()) {
      into[++done] = static_cast<std::uint8_t>(*value >> 8 * (++address & 3));
    }
  }
  return true;
}

bool CoreDebug::write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  if (!on_private_bus(address)) {
    if (in_reset() || !target_.write(address, bytes)) return false;
    code_breakpoints_.note(address, bytes);
    return true;
  }
  if (bytes.size() < 4 || (address & 3) != 0) return target_.write(address, bytes);
  for (; bytes.size() >= 4; bytes = bytes.subspan(4), address += 4) {
    if (write_debug_register(address, load32(bytes))) continue;
    if (!target_.write(address, bytes.first(4))) return false;
  }
  return bytes.empty() || target_.write(address, bytes);
}

std::optional<std::uint32_t> CoreDebug::read_debug_register(std::uint32_t address) {
  if (address - BreakpointUnit::kBase < BreakpointUnit::kSize) {
    return breakpoints_.read(address - BreakpointUnit::kBase);
  }
  switch (address) {
    case kDhcsr:
      return status();
    case kDcrsr:
      return 0;
    case kDcrdr:
      return register_value_;
    case kDemcr:
      return monitor_;
    case kDfsr:
      look();
      return reasons_;
    default:
      return identification(address);
  }
}

bool CoreDebug::write_debug_register(std::uint32_t address, std::uint32_t value) {
  if (address - BreakpointUnit::kBase < BreakpointUnit::kSize) {
    breakpoints_.write(address - BreakpointUnit::kBase, value, target_);
    return true;
  }
  switch (address) {
    case kDhcsr:
      control(value);
      return true;
    case kDcrsr:
      transfer_register(value);
      return true;
    case kDcrdr:
      register_value_ = value;
      return true;
    case kDemcr:
      monitor_ = value;
      set_catch();
      return true;
    case kDfsr:
      reasons_ &= ~value;
      return true;
    case kAircr:
      return write_reset_control(value);
    default:
      return false;
  }
}

std::uint32_t CoreDebug::status() {
  look();
  std::uint32_t value = control_;
  if (in_reset()) return value | kWasReset;
  value |= kRegisterReady |
           (is_halted_   ? kIsHalted
            : locked_up_ ? kLockedUp
                         : kRetired) |
           (was_reset_ ? kWasReset : 0);
  was_reset_ = false;
  return value;
}

void CoreDebug::control(std::uint32_t value) {
  if (value >> 16 != kDebugKey) return;
  look();
  control_ = value & kControlBits;
  if ((control_ & kDebugEnable) == 0) control_ = 0;
  if (in_reset()) return;
  set_catch();
  const bool wants_halt = (control_ & kHalt) != 0;
  if (wants_halt && !is_halted_) {
    target_.halt();
    is_halted_ = true;
    reasons_ |= kByRequest;
  } else if (!wants_halt && is_halted_ && (control_ & kStep) != 0) {
    code_breakpoints_.apply(target_);
    target_.step();
    control_ |= kHalt;
    reasons_ |= kByRequest;
  } else if (!wants_halt && is_halted_) {
    code_breakpoints_.apply(target_);
    if (catch_.is_at(target_)) catch_.step_over(target_);
    target_.resume();
    is_halted_ = false;
  }
}

void CoreDebug::transfer_register(std::uint32_t selector) {
  look();
  if (!is_halted_ || in_reset()) return;
  const unsigned number = selector & kSelector;
  if ((selector & kRegisterWrite) != 0) {
    target_.write_register(number, register_value_);
  } else {
    register_value_ = target_.read_register(number);
  }
}

bool CoreDebug::write_reset_control(std::uint32_t value) {
  if (value >> 16 != kResetKey || (value & (kVectorReset | kSystemReset)) == 0) return false;
  start_reset();
  if (!pin_is_low_ && reset_.takes.count() == 0) finish_reset();
  return true;
}

void CoreDebug::drive_reset_pin(bool is_low) {
  if (is_low == pin_is_low_) return;
  pin_is_low_ = is_low;
  if (is_low) return start_reset();
  reset_ends_ = now_() + reset_.takes;
  in_reset();
}

void CoreDebug::start_reset() {
  target_.reset(Target::After::is_halted);
  target_.poll();  // it is no news
  resetting_ = true;
  is_halted_ = false;
  was_reset_ = true;
  reset_ends_ = now_() + reset_.takes;
}

void CoreDebug::finish_reset() {
  if (reset_.is_stuck) return;
  resetting_ = false;
  control_ &= ~kHalt;
  set_catch();
  if ((control_ & kDebugEnable) == 0 || (monitor_ & kCatchReset) == 0) return target_.resume();
  is_halted_ = true;
  control_ |= kHalt;
  reasons_ |= kByCatch;
}

bool CoreDebug::in_reset() {
  if (resetting_ && !pin_is_low_ && now_() >= reset_ends_) finish_reset();
  return resetting_;
}

void CoreDebug::look() {
  if (in_reset()) return;
  const Target::News news = target_.poll();
  was_reset_ |= news.was_reset;
  locked_up_ = news.locked_up;
  if (!news.stopped || is_halted_) return;
  is_halted_ = true;
  control_ |= kHalt;
  reasons_ |= catch_.is_at(target_) ? kByCatch : kByBreakpoint;
}

void CoreDebug::set_catch() {
  if (resetting_) return;
  catch_.apply(target_, (control_ & kDebugEnable) != 0 && (monitor_ & kCatchHardFault) != 0);
}

}  // namespace tinyhil::sim
