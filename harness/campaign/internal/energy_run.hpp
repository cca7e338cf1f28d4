// SPDX-License-Identifier: Apache-2.0
// The energy measurement of one campaign on one board, after its inferences: windows in their order
// (window_order.hpp) while the board's meter records, and what was measured, stored.
//
// A board that fails meanwhile, and a meter that is lost (unless the campaign says to go on), end it as
// Error(bench_fault): what was measured by then is stored, and the run can be taken up again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "campaign/board_line.hpp"
#include "campaign/encodings.hpp"
#include "campaign/internal/metered_windows.hpp"
#include "campaign/internal/recording_sink.hpp"
#include "campaign/internal/window_order.hpp"
#include "model/campaign.hpp"
#include "model/energy_plan.hpp"
#include "model/vector_set.hpp"
#include "sampling/draw.hpp"

namespace tinyhil::campaign {

// What it needs; all that is lent must outlive it.
struct EnergySetup {
  const Campaign& campaign;  // with an `energy`
  const VectorSet& vectors;
  ModelInputs inputs;  // what each model takes, where its file tells it
  const Board& board;  // with a `meter`
  Connect connect;
  std::vector<Recording> earlier;     // of this board, when the run is taken up again
  std::filesystem::path traces;       // folder
  std::function<std::int64_t()> run;  // its number in the store
};

class EnergyRun {
 public:
  EnergyRun(asio::any_io_executor home, EnergySetup setup, RecordingSink& sink);

  // Where an emulated board tells the meter what it does: to be known before the board starts.
  std::optional<std::filesystem::path> activity() const { return recorder_.activity(); }

  // Sets the meter up, which may supply the board. Throws Error(bench_fault).
  asio::awaitable<void> prepare();
  // vectors: numbers of those that may be run again and again, in the run's order; as many as the plan says,
  // at most.
  asio::awaitable<void> run(std::vector<std::uint32_t> vectors);

 private:
  // A model on the board.
  struct Resident {
    const ModelFile* model = nullptr;
    LoadedModel loaded;
    bool is_ready = false;
    std::uint16_t encoding = 0;  // of the vectors, for this model
  };
  std::set<std::uint32_t> stored_blocks() const;
  void encode();
  void check_slots() const;
  asio::awaitable<void> greet();
  asio::awaitable<void> make_ready(Resident& resident);
  asio::awaitable<void> warm_up(const device::Wave& wave);
  void learn(Resident& resident, const InferenceRows& rows);
  asio::awaitable<void> record(const device::Wave& wave, const std::set<std::uint32_t>& others);
  asio::awaitable<std::optional<Fault>> run_windows(const device::Wave& wave,
                                                    const std::vector<WindowStep>& steps);
  WindowRequest request(const device::Wave& wave, const WindowStep& step) const;
  RunWindow about(const WindowStep& step) const;
  std::filesystem::path new_trace();

  EnergySetup setup_;
  const EnergyPlan& plan_;
  RecordingSink& sink_;
  std::optional<sampling::Draw> draw_;
  std::optional<Encodings> encodings_;  // of the drawn vectors
  BoardLine line_;
  Recorder recorder_;
  Worker judge_;  // of traces
  MeteredWindows metered_;
  MeterIdentity meter_;
  std::vector<Resident> residents_;
  std::vector<std::vector<KnownInference>> known_;  // [resident][block]
  std::size_t traces_ = 0;
};

}  // namespace tinyhil::campaign
