// SPDX-License-Identifier: Apache-2.0
// One model on one board over one vector set: the raw, append-only facts. Everything else is computed from
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/tensor_list.hpp"
#include "bench.hpp"
#include "inference_rows.hpp"
#include "vector_number.hpp"

namespace tinyhil {

// The board as it introduced itself.
struct BoardIdentity {
  std::string name;  // in the bench file
  std::string kind;  // "mps2-an386"
  std::string serial;
  std::string engine;  // "reference"
  std::string build;   // version of the agent
  Provenance provenance = Provenance::real;
  Digest image;       // read back from the device
  std::string clock;  // "cmsdk-timer0"
  std::uint32_t clock_hz = 0;
  std::uint32_t timer_hz = 0;
  std::uint64_t flash_size = 0;  // of the image file, 0 when the bench names none
  std::uint64_t ram_size = 0;
};

// How the device was driven, as thil_run_mode on the wire.
enum class RunMode : std::uint8_t {
  measure = 1,     // nothing moves on the line while the model runs: latency is the model's
  throughput = 2,  // transfer and inference overlap: outputs count, latency does not
};

const char* to_string(RunMode mode);

enum class TrialRole {
  subject,  // what the campaign is about
  control,  // the baseline a second time, over its first vectors: what differs from the first is the bench's
};

struct TrialInfo {
  std::string model;  // name in the campaign
  TrialRole role = TrialRole::subject;
  Digest model_digest;  // as the device computed it; zero for a model compiled into the image
  std::uint64_t model_size = 0;
  Digest vectors_digest;
  std::uint64_t vector_count = 0;
  int repeats = 1;
  RunMode mode = RunMode::measure;
  std::uint16_t top_k = 0;  // 0: rows hold the whole output; else its k largest elements
  bool polled = false;      // a debug probe read the board's memory all the while, also during inferences
  BoardIdentity board;
  std::uint32_t arena_used = 0;
  TensorList input;
  TensorList output;
};

// Whether rows of the one continue the other: the same model and vectors, run in the same way on the same
// board with the same firmware. Names do not count.
bool same_subject(const TrialInfo& stored, const TrialInfo& now);

// In what two boards differ so that their rows cannot be counted together: kind, provenance, firmware, engine
// or clock. Empty when in none.
std::string pooling_obstacle(const BoardIdentity& a, const BoardIdentity& b);

// Whose fault it was. The wrong image never was the candidate, noise is the line's, and on a real board a
// line that ended may be a pulled plug; an emulator or a process is the device itself, and it has died.
bool is_of_the_bench(const Fault& fault, Provenance provenance);

// A fault that the trial outlived: the run went on after it.
struct SurvivedFault {
  Fault fault;
  std::optional<VectorNumber> vector;  // where one is to blame
  bool of_the_device = false;          // crash or hang; false: reset from outside, line trouble
};

enum class TrialState { running, complete, faulted, interrupted };

const char* to_string(TrialState state);

struct TrialEnd {
  TrialState state = TrialState::complete;
  std::optional<Fault> fault = {};          // why it is faulted
  std::optional<std::uint64_t> drawn = {};  // of a complete one: its vectors, if not the whole set
};

struct Trial {
  std::int64_t id = 0;
  TrialInfo info;
  TrialState state = TrialState::running;
  std::optional<Fault> fault;           // why it is faulted
  std::optional<std::uint64_t> drawn;   // of a complete one: its vectors, if not the whole set
  std::vector<SurvivedFault> survived;  // in the order they happened
  InferenceRows rows;
};

}  // namespace tinyhil
