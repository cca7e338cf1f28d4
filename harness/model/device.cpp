// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace tinyhil {

namespace {

constexpr std::size_t kModelSlotsMost = 8;

const char* to_string(CrashCause cause) {
  switch (cause) {
    case CrashCause::processor_fault:
      return "processor fault";
    case CrashCause::watchdog:
      return "watchdog";
    case CrashCause::stack_overflow:
      return "stack overflow";
  }
  return "unknown cause";
}

std::string hex(const char* name, std::uint32_t value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ", %s 0x%08x", name, value);
  return text.data();
}

}  // namespace

std::string CrashRecord::describe() const {
  return to_string(cause) + hex("status", status) + hex("PC", pc) + hex("LR", lr) + hex("SP", sp);
}

std::size_t DeviceIdentity::model_slots() const {
  return std::clamp<std::size_t>(loads_models ? models.count : 1, 1, kModelSlotsMost);
}

}  // namespace tinyhil
