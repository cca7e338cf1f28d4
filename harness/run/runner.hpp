// SPDX-License-Identifier: Apache-2.0
// One campaign on one board.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "link/agent_link.hpp"
#include "model/campaign.hpp"
#include "model/firmware_image.hpp"
#include "model/vector_set.hpp"
#include "slot_plan.hpp"
#include "trial_sink.hpp"

namespace tinyhil {

struct Progress {
  std::string model;
  std::uint64_t done = 0;  // vectors of this model
  std::uint64_t total = 0;
};

// What a run needs; all of it must outlive the Runner.
struct RunSetup {
  const Campaign& campaign;
  const VectorSet& vectors;
  const Board& board;
  std::function<std::unique_ptr<Transport>()> connect;  // opens the line anew; throws Error
  std::function<void(const Progress&)> progress;
};

// Runs every model of the campaign, the baseline first. A device that refuses or hangs ends that model's
// trial as faulted, and the campaign goes on with the next model over a new connection. What the bench does
// wrong, a line that ends or a board that never answers, is thrown as Error(bench_fault), with every trial
// closed.
class Runner {
 public:
  Runner(const RunSetup& setup, TrialSink& sink);

  asio::awaitable<void> run();

  // After a cancelled run(): closes what is open as interrupted.
  void interrupt();

 private:
  struct Cell {  // one model on this board
    const ModelFile* model;
    std::optional<std::int64_t> trial;
    bool ended = false;
    std::uint64_t done = 0;
  };

  asio::awaitable<void> greet();
  asio::awaitable<void> run_wave(const Wave& wave);
  asio::awaitable<Result<void>> fill_slots(const Wave& wave);
  asio::awaitable<Result<void>> run_cell(Cell& cell, const Wave& wave);
  asio::awaitable<Result<LoadedModel>> load(const ModelFile& model);
  asio::awaitable<void> recover(Cell& cell, Fault fault);
  TrialInfo trial_info(const ModelFile& model, const LoadedModel& loaded) const;
  void end(Cell& cell, TrialState state, const std::optional<Fault>& fault);

  const RunSetup& setup_;
  TrialSink& sink_;
  std::optional<FirmwareImage> image_;
  std::unique_ptr<AgentLink> link_;
  DeviceIdentity device_;
  std::vector<Cell> cells_;
};

}  // namespace tinyhil
