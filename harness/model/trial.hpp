// SPDX-License-Identifier: Apache-2.0
// One model on one board over one vector set: the raw, append-only facts. Everything else is computed from
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench.hpp"
#include "digest.hpp"
#include "fault.hpp"
#include "tensor.hpp"

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

struct TrialInfo {
  std::string model;    // name in the campaign
  Digest model_digest;  // as the device computed it; zero for a model compiled into the image
  std::uint64_t model_size = 0;
  Digest vectors_digest;
  std::uint64_t vector_count = 0;
  int repeats = 1;
  BoardIdentity board;
  std::uint32_t arena_used = 0;
  Tensor input;
  Tensor output;
};

// Columns of equal length, one row an inference.
struct InferenceRows {
  std::vector<std::uint32_t> vector;  // ordinal in the vector set
  std::vector<std::uint16_t> repeat;
  std::vector<std::uint8_t> status;  // thil_result_status: 0 good, 1 invoke failed, 2 clock suspect
  std::vector<std::uint32_t> clock;  // ticks of board.clock_hz
  std::vector<std::uint32_t> timer;  // ticks of board.timer_hz
  std::size_t output_size = 0;
  std::vector<std::uint8_t> outputs;  // [rows * output_size]

  std::size_t size() const { return vector.size(); }
};

// Whose fault it was. The wrong image never was the candidate, noise is the line's, and on a real board a
// line that ended may be a pulled plug; an emulator or a process is the device itself, and it has died.
bool is_of_the_bench(const Fault& fault, Provenance provenance);

enum class TrialState { running, complete, faulted, interrupted };

const char* to_string(TrialState state);

struct Trial {
  std::int64_t id = 0;
  TrialInfo info;
  TrialState state = TrialState::running;
  std::optional<Fault> fault;  // why it is faulted
  InferenceRows rows;
};

}  // namespace tinyhil
