// SPDX-License-Identifier: Apache-2.0
// One campaign on one board, or on one of several that divide its vectors.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "board_line.hpp"
#include "draw.hpp"
#include "ledger.hpp"
#include "link/packing.hpp"
#include "look_meeting.hpp"
#include "model/campaign.hpp"
#include "model/share.hpp"
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
  Connect connect;
  std::function<void(const Progress&)> progress;
  std::vector<Trial> earlier = {};        // with rows: the run's trials when it is taken up again
  std::vector<std::uint32_t> order = {};  // of ordinals; empty: as in the set
  std::vector<std::uint64_t> looks = {};  // vectors drawn at each, ascending; empty: one, at all of them
  LookMeeting* meeting = nullptr;         // when greeted, and at each look but the last; none: never
  std::uint64_t control_vectors = 0;      // the first so many are run by the baseline a second time
  Share share = {};                       // of order and looks, when other boards run the rest
};

// Runs every model of the campaign over the vectors, look by look, until it is settled or the last look was
// made, and stores each inference once. The baseline goes as far as the last candidate. What is not stored
// after a fault is asked for again: after a reset, a crash, a hang or a lost line the device is greeted anew,
// filled with what it has lost, and the run goes on at the first missing result. A vector that brings the
// device down twice is quarantined.
//
// A device that refuses a model, or that too many vectors bring down, ends that model's trial as faulted, and
// the campaign goes on with the others. What the bench does wrong, a line that stays dead or a board that
// never answers, is thrown as Error(bench_fault), with every trial left open for the run to be taken up
// again.
class Runner {
 public:
  Runner(const RunSetup& setup, TrialSink& sink);

  asio::awaitable<void> run();

  // After a cancelled or failed run(): closes what is open as interrupted.
  void interrupt();

 private:
  struct Cell {  // one model on this board
    const ModelFile* model;
    TrialRole role;
    Ledger ledger;  // by place in the draw
    std::optional<std::int64_t> trial;
    std::optional<LoadedModel> loaded;
    std::uint8_t slot = 0;   // of the device's model slots
    std::uint64_t goal = 0;  // places before this one are to be run by the next look
    bool ended = false;

    bool is_baseline(const Campaign& campaign) const { return model->name == campaign.baseline; }
  };
  using Group = std::vector<Cell*>;  // resident together

  void add_cell(const ModelFile& model, TrialRole role);
  void take_up(const Trial& earlier);
  bool is_stored(const CrashRecord& crash) const;
  static bool is_stored(const Wave& wave, const Group& group);
  std::vector<Group> groups();
  void set_goals(std::uint64_t look);
  void settle(const Settled& settled);
  asio::awaitable<void> greet();
  asio::awaitable<void> greet_again(FaultKind after);
  asio::awaitable<void> finish_wave(const Wave& wave, Group group);
  asio::awaitable<Result<void>> run_wave(const Wave& wave, const Group& group, RunReport& report);
  asio::awaitable<Result<void>> load_group(const Group& group);
  asio::awaitable<Result<LoadedModel>> load(Cell& cell, const std::vector<Digest>& resident);
  std::vector<RunRequest> requests(const Wave& wave, const Group& group);
  static bool lacks(const Cell& cell, const VectorBlock& part);
  static std::vector<VectorBlock> parts(const VectorBlock& block, const Group& group);
  RunRequest request(const std::vector<Cell*>& cells, const VectorBlock& part) const;
  RunModel run_model(const Cell& cell, const VectorBlock& part) const;
  void store(Cell& cell, const InferenceRows& rows);

  asio::awaitable<void> recover(Fault fault, const RunReport& report, const Group& group);
  void note_crash(const CrashRecord& crash);
  void note_hang(const Fault& fault, const RunReport& report, const Group& group);
  void note(Cell* cell, const Fault& fault, std::optional<std::uint32_t> place, bool of_the_device);
  void blame(Cell& cell, std::uint32_t place, const Fault& fault);
  void give_up(const Fault& fault, const Group& group);

  TrialInfo trial_info(const Cell& cell) const;
  void begin(Cell& cell);
  void end(Cell& cell, const TrialEnd& end);
  void complete(Cell& cell);
  void fault_cell(Cell& cell, const Fault& fault);

  const RunSetup& setup_;
  TrialSink& sink_;
  Draw draw_;
  std::vector<std::uint64_t> looks_;
  std::uint64_t look_ = 0;  // the one that the cells run towards
  std::uint32_t tag_;       // of this campaign, in the device's crash record
  Packing packing_;
  BoardLine line_;
  std::vector<Cell> cells_;
  std::vector<std::vector<Cell*>> asked_;  // the models of each request under way
  int fruitless_ = 0;                      // faults since a row was stored
  bool careful_ = false;                   // one model and one row at a time, so that a hang shows its vector
  bool is_loading_ = false;                // the device prepares a model, which may hang it
  bool crash_noted_ = false;               // the record that the device still shows
};

}  // namespace tinyhil
