// SPDX-License-Identifier: Apache-2.0
// The agent's protocol, one awaitable call for each thing to be done. Every call ends: with its answer, with
// the device's refusal, or with a typed Fault when the device has been silent for too long. What the line
// loses is sent again.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "exchange.hpp"
#include "model/trial.hpp"
#include "push_stream.hpp"
#include "run_stream.hpp"
#include "transport.hpp"

namespace tinyhil {

struct SlotSpace {
  std::uint16_t count = 0;
  std::uint32_t size = 0;  // bytes each
};

// What a crash left behind before the device reset itself.
struct CrashRecord {
  std::uint32_t cause = 0;  // thil_fault_cause
  std::uint32_t status = 0;
  std::uint32_t pc = 0;
  std::uint32_t lr = 0;
  std::uint32_t sp = 0;
  std::uint32_t tag = 0;     // of the run (RunRequest::tag) it struck; 0 outside of an inference
  std::uint32_t vector = 0;  // ordinal in the vector set
  std::uint32_t repeat = 0;
  std::uint32_t model_slot = 0;

  std::string describe() const;  // "processor fault, status 0x00010000, PC 0x00001a2c, ..."
};

struct DeviceIdentity {
  BoardIdentity board;  // `name`, `flash_size` and `ram_size` are the bench's to fill in
  SlotSpace models;
  SlotSpace vectors;
  std::uint32_t arena_size = 0;
  bool loads_models = false;  // false: the engine's model is compiled into the image
  bool unpacks = false;       // takes packed chunks
  std::optional<CrashRecord> crash;
};

struct LoadedModel {
  Digest digest;  // computed on the device
  std::uint32_t arena_used = 0;
  Tensor input;
  Tensor output;
};

// Where a run was when it failed.
struct RunReport {
  bool accepted = false;                // the device took a run
  std::optional<std::size_t> request;   // nothing: no run was in progress
  std::uint32_t first_missing = 0;      // ordinal of the request's first vector without a result
  std::vector<std::uint32_t> unsteady;  // ordinals whose output changed between two askings
};

// How long a device may be silent. A slot's digest or a model's load may take a slow one seconds.
struct Timing {
  std::chrono::milliseconds quick{6'000};
  std::chrono::milliseconds long_work{90'000};
};

class AgentLink {
 public:
  explicit AgentLink(std::unique_ptr<Transport> transport, Timing timing = {});

  // Opens a new session. A board may still be booting, so this one waits up to `boot_limit`.
  asio::awaitable<Result<DeviceIdentity>> hello(std::chrono::milliseconds boot_limit);

  // What the first slots hold, at least `count` of them or all; all zero for an empty one.
  asio::awaitable<Result<std::vector<Digest>>> inventory(SlotKind kind, std::size_t count = SIZE_MAX);

  // Fills slots and has the device check their content against the digests.
  asio::awaitable<Result<void>> push(std::vector<PushBlock> blocks);

  asio::awaitable<Result<LoadedModel>> load(std::uint16_t slot);

  // All rows of all requests, none twice, to `sink`. `report` says how far it came.
  asio::awaitable<Result<void>> run(std::vector<RunRequest> requests, RunStream::Sink sink,
                                    RunReport& report);

  // Both at once, transfer and inference overlapping: request i begins when needs[i] of the blocks are in
  // their slots. For RunMode::throughput.
  asio::awaitable<Result<void>> stream(std::vector<PushBlock> blocks, std::vector<RunRequest> requests,
                                       std::vector<std::size_t> needs, RunStream::Sink sink,
                                       RunReport& report);

  // Raises the line's rate as far as the transport's ladder goes and test frames come back unharmed, else
  // returns to the last good rate. The rate in use in the end; 0 when line or device have none to set.
  asio::awaitable<Result<int>> climb();

  std::string describe() const { return transport_->describe(); }
  Session::Counters counters() const { return session_.counters(); }

 private:
  asio::awaitable<Result<Frame>> exchange(std::uint8_t type, std::vector<std::uint8_t> payload,
                                          Patience patience);
  // Until all are finished, one has a fault, the device resets or the line ends.
  asio::awaitable<Result<void>> drive(std::vector<Activity*> activities);
  asio::awaitable<void> wait(Time deadline);
  // An adapter hands over results by 62 bytes; waking up for each costs more than the result.
  asio::awaitable<void> let_answers_gather();
  Result<void> receive(const std::vector<Activity*>& activities);
  asio::awaitable<Result<bool>> try_rate(int rate);
  asio::awaitable<Result<unsigned>> count_lost_echoes();
  std::string evidence();

  std::unique_ptr<Transport> transport_;
  Timing timing_;
  Session session_;
  std::vector<std::uint8_t> chunk_;  // read from the transport
  bool greeting_ = false;
  bool device_changes_rate_ = false;
  bool raised_ = false;  // the line runs faster than it started
};

}  // namespace tinyhil
