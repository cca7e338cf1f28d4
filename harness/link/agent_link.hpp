// SPDX-License-Identifier: Apache-2.0
// The agent's protocol, one awaitable call a request. Every call ends: with its answer, with the device's
// refusal, or with a typed Fault when the deadline has passed. Requests are idempotent and repeated on
// silence.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "frame_link.hpp"
#include "model/trial.hpp"

namespace tinyhil {

enum class SlotKind : std::uint8_t { model = THIL_SLOT_MODEL, vectors = THIL_SLOT_VECTORS };

struct SlotSpace {
  std::uint16_t count = 0;
  std::uint32_t size = 0;  // bytes each
};

struct DeviceIdentity {
  BoardIdentity board;  // `name`, `flash_size` and `ram_size` are the bench's to fill in
  SlotSpace models;
  SlotSpace vectors;
  std::uint32_t arena_size = 0;
  bool loads_models = false;  // false: the engine's model is compiled into the image
};

struct LoadedModel {
  Digest digest;  // computed on the device
  std::uint32_t arena_used = 0;
  Tensor input;
  Tensor output;
};

// `count` vectors of one slot, beginning with the `first`, each `repeats` times.
struct RunRequest {
  std::uint16_t model_slot = 0;
  std::uint16_t vector_slot = 0;
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::uint16_t repeats = 1;
  std::uint32_t ordinal = 0;    // of vector `first` in the vector set
  std::size_t output_size = 0;  // bytes, as the loaded model says
  std::chrono::milliseconds inference_timeout{10'000};
};

// How long a request is waited for, and how often it is sent, before the device counts as silent.
struct Patience {
  int attempts;
  std::chrono::milliseconds each;
};

// A slot's digest or a model's load may take a slow device seconds; a chunk does not.
struct Timing {
  Patience quick{3, std::chrono::seconds(2)};
  Patience slow{3, std::chrono::seconds(30)};
};

class AgentLink {
 public:
  explicit AgentLink(std::unique_ptr<Transport> transport, Timing timing = {});

  // Opens a new session. A board may still be booting, so this one waits up to `boot_limit`.
  asio::awaitable<Result<DeviceIdentity>> hello(std::chrono::milliseconds boot_limit);

  // One digest a slot; all zero for an empty one.
  asio::awaitable<Result<std::vector<Digest>>> inventory(SlotKind kind);

  // Fills a slot and has the device check the content against its digest.
  asio::awaitable<Result<void>> push(SlotKind kind, std::uint16_t slot,
                                     std::span<const std::uint8_t> content);

  asio::awaitable<Result<LoadedModel>> load(std::uint16_t slot);

  // All rows, in order of vector and repeat. Results that the line lost are asked for again.
  asio::awaitable<Result<InferenceRows>> run(RunRequest request);

  std::string describe() const { return frames_.describe(); }

 private:
  // Sends until the reply with our sequence number comes. A refusal is a Fault.
  asio::awaitable<Result<Frame>> exchange(std::uint8_t type, std::vector<std::uint8_t> payload,
                                          Patience patience);
  template <class Request>
  asio::awaitable<Result<Frame>> request(Request message, Patience patience);
  asio::awaitable<Result<void>> collect(std::uint32_t run, RunRequest request, class ResultGrid& grid);

  FrameLink frames_;
  Timing timing_;
  std::uint32_t runs_ = 0;
};

}  // namespace tinyhil
