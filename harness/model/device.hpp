// SPDX-License-Identifier: Apache-2.0
// What a device says of itself: who it is, what it can hold and do, what a model became on it, and what a
// crash left behind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/tensor_list.hpp"
#include "formats/firmware_image.hpp"
#include "trial.hpp"
#include "vector_number.hpp"

namespace tinyhil {

struct SlotSpace {
  std::uint16_t count = 0;
  std::uint32_t size = 0;  // bytes each
};

// Numbers as thil_fault_cause on the wire.
enum class CrashCause : std::uint32_t { processor_fault = 1, watchdog = 2, stack_overflow = 3 };

// What a crash left behind before the device reset itself.
struct CrashRecord {
  CrashCause cause{};
  std::uint32_t status = 0;
  std::uint32_t pc = 0;
  std::uint32_t lr = 0;
  std::uint32_t sp = 0;
  std::uint32_t tag = 0;  // of the run (RunRequest::tag) it struck; 0 outside of an inference
  OrderPosition vector;
  std::uint32_t repeat = 0;
  std::uint32_t model_slot = 0;

  std::string describe() const;  // "processor fault, status 0x00010000, PC 0x00001a2c, ..."
};

// Which energy windows a device runs (energy_window.hpp).
struct WindowAbilities {
  bool runs = false;          // of inferences, and idle
  bool sleeps = false;        // of sleep
  bool tells_layers = false;  // its engine says when layers end
};

// The device's identity and its capabilities.
struct DeviceIdentity {
  BoardIdentity board;  // `name`, `flash_size` and `ram_size` are the bench's to fill in
  SlotSpace models;
  SlotSpace vectors;
  std::uint32_t arena_size = 0;
  bool loads_models = false;   // false: the engine's model is compiled into the image
  bool unpacks = false;        // takes packed chunks
  bool checks_models = false;  // false: a malformed model may crash the device
  WindowAbilities windows;
  FlashRange image;  // what board.image digests; size 0: it cannot be read
  std::optional<CrashRecord> crash;

  std::size_t model_slots() const;  // that are used: at least one, at most 8
};

struct LoadedModel {
  Digest digest;  // computed on the device
  std::uint32_t arena_used = 0;
  TensorList input;
  TensorList output;
  std::uint8_t slot = 0;  // of the device's model slots, where it lies
};

}  // namespace tinyhil
