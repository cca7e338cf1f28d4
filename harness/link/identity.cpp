// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace tinyhil {

namespace {

constexpr std::uint64_t kInputMax = 1U << 30;

std::string string_of(thil_text text) { return {text.chars, text.size}; }

Digest digest_of(const thil_digest& digest) {
  Digest result;
  std::copy_n(digest.bytes, result.bytes.size(), result.bytes.begin());
  return result;
}

std::optional<CrashRecord> crash_of(const thil_crash& from) {
  if (from.cause == 0) return std::nullopt;
  CrashRecord crash;
  crash.cause = from.cause;
  crash.status = from.status;
  crash.pc = from.pc;
  crash.lr = from.lr;
  crash.sp = from.sp;
  crash.tag = from.run >> 8;
  crash.vector = from.vector;
  crash.repeat = from.repeat;
  crash.model_slot = from.model;
  return crash;
}

Tensor tensor_of(const thil_tensor& from) {
  Tensor to;
  to.dtype = static_cast<DType>(from.dtype);
  to.rank = from.rank;
  std::copy_n(from.dims, to.dims.size(), to.dims.begin());
  to.scale = from.scale;
  to.zero_point = from.zero_point;
  return to;
}

const char* cause_of(std::uint32_t cause) {
  switch (cause) {
    case 1:
      return "processor fault";
    case 2:
      return "watchdog";
    case 3:
      return "stack overflow";
    default:
      return "unknown cause";
  }
}

std::string hex(const char* name, std::uint32_t value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), ", %s 0x%08x", name, value);
  return text.data();
}

// Widens before it multiplies: four dimensions of a hostile device overflow any integer.
bool is_bounded(const Tensor& tensor, std::uint64_t most) {
  if (tensor.dtype < DType::int8 || tensor.dtype > DType::float32 || tensor.rank > 4) return false;
  std::uint64_t bytes = size_of(tensor.dtype);
  for (const std::uint32_t dim : tensor.dims) {
    if (dim == 0 || dim > most / bytes) return false;
    bytes *= dim;
  }
  return true;
}

}  // namespace

std::string CrashRecord::describe() const {
  return cause_of(cause) + hex("status", status) + hex("PC", pc) + hex("LR", lr) + hex("SP", sp);
}

DeviceIdentity identity_of(const thil_identity& from) {
  DeviceIdentity to;
  to.board.kind = string_of(from.board);
  to.board.serial = string_of(from.serial);
  to.board.engine = string_of(from.engine);
  to.board.build = string_of(from.build);
  to.board.provenance = static_cast<Provenance>(from.provenance);
  to.board.image = digest_of(from.image);
  to.board.clock = string_of(from.clock);
  to.board.clock_hz = from.clock_hz;
  to.board.timer_hz = from.timer_hz;
  to.models = {from.model_slots, from.model_slot_size};
  to.vectors = {from.vector_slots, from.vector_slot_size};
  to.arena_size = from.arena_size;
  to.loads_models = (from.capabilities & THIL_CAN_LOAD_MODELS) != 0;
  to.unpacks = (from.capabilities & THIL_CAN_UNPACK) != 0;
  to.crash = crash_of(from.crash);
  return to;
}

Fault other_version(unsigned version) {
  return Fault{FaultKind::refused,
               "the agent speaks protocol version " + std::to_string(version) + ", this host " +
                   std::to_string(THIL_WIRE_VERSION),
               {},
               "build the agent from the same version as the host"};
}

std::optional<LoadedModel> model_of(const thil_loaded& from) {
  LoadedModel to;
  to.digest = digest_of(from.model);
  to.arena_used = from.arena_used;
  to.input = tensor_of(from.input);
  to.output = tensor_of(from.output);
  if (!is_bounded(to.input, kInputMax) || !is_bounded(to.output, THIL_MTU_MAX)) return std::nullopt;
  return to;
}

}  // namespace tinyhil
