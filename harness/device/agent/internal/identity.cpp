// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "base/visible.hpp"
#include "thil/cursor.h"

namespace tinyhil::device {

namespace {

constexpr std::uint64_t kInputMax = 1U << 30;
constexpr std::uint64_t kOutputMax = 1U << 24;

// The wire's numbers are cast to these.
static_assert(static_cast<int>(Provenance::real) == THIL_PROVENANCE_REAL);
static_assert(static_cast<int>(Provenance::emulated) == THIL_PROVENANCE_EMULATED);
static_assert(static_cast<int>(Provenance::process) == THIL_PROVENANCE_PROCESS);
static_assert(static_cast<int>(CrashCause::processor_fault) == THIL_FAULT_PROCESSOR);
static_assert(static_cast<int>(CrashCause::watchdog) == THIL_FAULT_WATCHDOG);
static_assert(static_cast<int>(CrashCause::stack_overflow) == THIL_FAULT_STACK);

// Within its line: it is printed among others.
std::string string_of(thil_text text) { return visible_line({text.chars, text.size}); }

std::optional<CrashRecord> crash_of(const thil_crash& from) {
  if (from.cause == THIL_FAULT_NONE) return std::nullopt;
  CrashRecord crash;
  crash.cause = static_cast<CrashCause>(from.cause);
  crash.status = from.status;
  crash.pc = from.pc;
  crash.lr = from.lr;
  crash.sp = from.sp;
  crash.tag = tag_of_run(from.run);
  crash.vector = OrderPosition{from.vector};
  crash.repeat = from.repeat;
  crash.model_slot = from.model;
  return crash;
}

static_assert(static_cast<int>(DType::int8) == THIL_DTYPE_INT8);
static_assert(static_cast<int>(DType::float32) == THIL_DTYPE_FLOAT32);
static_assert(TensorList::kMost == THIL_TENSORS_MAX);

Tensor tensor_of(const thil_tensor_info& from) {
  Tensor to;
  to.dtype = static_cast<DType>(from.dtype);
  to.rank = from.rank;
  std::copy_n(from.dims, to.dims.size(), to.dims.begin());
  to.scale = from.scale;
  to.zero_point = from.zero_point;
  return to;
}

// Widens before it multiplies: four dimensions of a hostile device overflow any integer.
bool is_bounded(const Tensor& tensor, std::uint64_t most) {
  if (tensor.dtype < DType::int8 || tensor.dtype > DType::float32 || tensor.rank > 4) return false;
  if (!std::isfinite(tensor.scale) || tensor.scale < 0) return false;
  std::uint64_t bytes = size_of(tensor.dtype);
  for (const std::uint32_t dim : tensor.dims) {
    if (dim == 0 || dim > most / bytes) return false;
    bytes *= dim;
  }
  return true;
}

// The model's tensors by their role, as messages.def has them: the first two do not say theirs. Nothing for
// what is cut short, has a role that is none, or more tensors than there may be.
struct Tensors {
  std::array<std::vector<Tensor>, 2> by_role;  // thil_tensor_role
};

std::optional<Tensors> tensors_of(thil_bytes content) {
  Tensors tensors;
  thil_reader from{content.bytes, content.size, false};
  for (std::uint8_t i = 0; i <= THIL_OUTPUT || from.left > 0; ++i) {
    std::uint8_t role = i;
    if (i > THIL_OUTPUT) thil_u8_get(&from, &role);
    thil_tensor_info tensor{};
    thil_tensor_get(&from, &tensor);
    if (from.failed || role > THIL_OUTPUT || tensors.by_role[role].size() == TensorList::kMost)
      return std::nullopt;
    tensors.by_role[role].push_back(tensor_of(tensor));
  }
  return tensors;
}

// Each by itself, and all together.
bool are_bounded(const std::vector<Tensor>& tensors, std::uint64_t most) {
  return std::ranges::all_of(tensors, [&](const Tensor& tensor) { return is_bounded(tensor, most); }) &&
         TensorList(tensors).bytes() <= most;
}

}  // namespace

Digest digest_of(const thil_digest& digest) {
  Digest result;
  std::copy_n(digest.bytes, result.bytes.size(), result.bytes.begin());
  return result;
}

DeviceIdentity identity_of(const thil_identity& from) {
  DeviceIdentity to;
  to.board.kind = string_of(from.board);
  to.board.serial = string_of(from.serial);
  to.board.engine = string_of(from.engine);
  to.board.build = string_of(from.build);
  to.board.provenance = static_cast<Provenance>(from.provenance);
  to.board.image = digest_of(from.image);
  to.image = {from.image_base, from.image_size};
  to.board.clock = string_of(from.clock);
  to.board.clock_hz = from.clock_hz;
  to.board.timer_hz = from.timer_hz;
  to.models = {from.model_slots, from.model_slot_size};
  to.vectors = {from.vector_slots, from.vector_slot_size};
  to.arena_size = from.arena_size;
  to.loads_models = (from.capabilities & THIL_CAN_LOAD_MODELS) != 0;
  to.unpacks = (from.capabilities & THIL_CAN_UNPACK) != 0;
  to.checks_models = (from.capabilities & THIL_CHECKS_MODELS) != 0;
  to.windows.runs = (from.capabilities & THIL_CAN_RUN_WINDOWS) != 0;
  to.windows.sleeps = (from.capabilities & THIL_CAN_SLEEP) != 0;
  to.windows.tells_layers = (from.capabilities & THIL_TELLS_LAYERS) != 0;
  to.crash = crash_of(from.crash);
  return to;
}

std::optional<std::uint8_t> version_of(std::span<const std::uint8_t> identity) {
  thil_reader from{identity.data(), identity.size(), false};
  std::uint32_t nonce = 0;
  std::uint8_t version = 0;
  thil_u32_get(&from, &nonce);
  thil_u8_get(&from, &version);
  return from.failed ? std::nullopt : std::optional(version);
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
  std::optional<Tensors> tensors = tensors_of(from.tensors);
  if (!tensors) return std::nullopt;
  auto& [inputs, outputs] = tensors->by_role;
  if (!are_bounded(inputs, kInputMax) || !are_bounded(outputs, kOutputMax)) return std::nullopt;
  to.input = TensorList(std::move(inputs));
  to.output = TensorList(std::move(outputs));
  return to;
}

}  // namespace tinyhil::device
