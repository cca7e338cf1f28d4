// SPDX-License-Identifier: Apache-2.0
// One campaign on one board, or on one of several that divide its vectors.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "campaign/board_line.hpp"
#include "campaign/encodings.hpp"
#include "device/run_report.hpp"
#include "device/run_request.hpp"
#include "drawn_vectors.hpp"
#include "ledger.hpp"
#include "look_meeting.hpp"
#include "model/campaign.hpp"
#include "model/inference_rows.hpp"
#include "model/vector_set.hpp"
#include "sampling/draw.hpp"
#include "sampling/share.hpp"
#include "sampling/vector_pool.hpp"
#include "suspects.hpp"
#include "trial_sink.hpp"
#include "turns.hpp"

namespace tinyhil::campaign {

struct Progress {
  std::string model;
  std::uint64_t done = 0;  // vectors of this model
  std::uint64_t total = 0;
  TrialRole role = TrialRole::subject;
};

// The board's next portion of the vectors, when others run the rest; nothing when all are run.
using TakePortion = std::function<asio::awaitable<std::optional<sampling::Portion>>(sampling::PortionWish)>;

// What a run needs; all of it must outlive the Runner.
struct RunSetup {
  const Campaign& campaign;
  const VectorSet& vectors;
  const Board& board;
  Connect connect;
  std::function<void(const Progress&)> progress;
  std::vector<Trial> earlier = {};        // with rows: the run's trials when it is taken up again
  std::vector<std::uint32_t> order = {};  // of vector numbers; empty: as in the set
  std::vector<std::uint64_t> looks = {};  // vectors drawn at each, ascending; empty: one, at all of them
  LookMeeting* meeting = nullptr;         // when greeted, and at each look but the last; none: never
  std::uint64_t control_vectors = 0;      // the first so many are run by the baseline a second time
  sampling::Share share = {};             // of order and looks, when it is known before who runs what
  // Of a board whose firmware can be changed: what it has to run whenever its line is opened from now on
  // (BoardFirmware::want). None: a person puts images on it, one after the other.
  std::function<void(const FirmwareImage&)> put_image = {};
  // What its probe has read back of its firmware since it was asked last. None: it has no probe.
  std::function<std::vector<Fault>()> read_back = {};
  KeepCore keep_core = {};
  ModelInputs inputs = {};  // what each model takes, where its file tells it
  TakePortion take = {};    // none: the share is all this board's
  // Of those vectors, in that order and for those inputs; several Runners may read it. None: one of its own.
  const DrawnVectors* drawn = nullptr;
};

// Models in firmware images of a board that can be programmed take turns in a few blocks of vectors, forward
// and backward (image_turns.hpp), and so does the baseline's second time: not in the first of its blocks.
//
// Runs every model of the campaign over the vectors, look by look, until it is settled or the last look was
// made, and stores each inference once. The baseline goes as far as the last candidate. What is not stored
// after a fault is asked for again: after a reset, a crash, a hang or a lost line the device is greeted anew,
// filled with what it has lost, and the run goes on at the first missing result. A vector that brings the
// device down twice is quarantined.
//
// A device that only fell silent is not at fault yet: the line may have stalled. It is when the same vector
// silences it again at once on a line that has not lost anything else; a silence that does not come again is
// stored as nobody's.
//
// A device that refuses a model, that a model brings down twice while it is prepared, or that too many
// vectors bring down, ends that model's trial as faulted, and the campaign goes on with the others. What the
// bench does wrong, a line that stays dead or a board that never answers, is thrown as Error(bench_fault),
// with every trial left open for the run to be taken up again.
class Runner {
 public:
  Runner(const RunSetup& setup, TrialSink& sink);

  asio::awaitable<void> run();

  // After run(): lets the line go, for another to use.
  void let_go() { line_.close(); }
  // Whether a model's trial ended in a fault.
  bool has_faulted() const { return has_faulted_; }
  // The first so many vectors of the order that no model was quarantined on, by their numbers.
  std::vector<std::uint32_t> steady_vectors(std::size_t most) const;

  // Whether every model that still runs has all results of this position, the baseline in any case.
  bool has_run(OrderPosition position) const;

  // After a cancelled or failed run(): closes what is open as interrupted.
  void interrupt();
  // The same of a board that others go on without, and why.
  void leave(const Fault& why);

 private:
  struct Cell {  // one model on this board
    const ModelFile* model;
    TrialRole role;
    std::uint16_t encoding;  // of the vectors, for this model
    Ledger ledger;
    std::optional<std::int64_t> trial;
    std::optional<LoadedModel> loaded;
    std::uint8_t slot = 0;   // of the device's model slots
    std::uint64_t goal = 0;  // positions before this one are to be run by the next look
    bool is_ready = false;   // loaded into that slot, in this session
    bool is_here = true;     // in the firmware on the board, if it is a firmware image
    bool ended = false;
    bool has_answered = false;                // on this board, in this run
    int load_faults = 0;                      // times the device failed while it prepared the model
    int slow = 0;                             // inferences that took longer than they may
    std::vector<SurvivedFault> waiting = {};  // to be stored once the trial has begun

    bool is_baseline(const Campaign& campaign) const { return model->name == campaign.baseline; }
  };
  using Group = std::vector<Cell*>;  // resident together
  // What a request under way is about.
  struct Asked {
    std::vector<Cell*> cells;
    OrderPosition end;        // after its last vector
    bool is_careful = false;  // one model, one row at a time
  };
  // The device fell silent, and it is not known yet why.
  struct OpenSilence {
    Group cells;
    OrderPosition vector;     // the first without a result
    bool is_certain = false;  // that it was over this vector of the only cell
    Fault fault;
  };

  void add_cell(const ModelFile& model, TrialRole role);
  void take_up(const Trial& earlier);
  bool is_stored(const CrashRecord& crash) const;
  static bool is_stored(const device::Wave& wave, const Group& group);
  std::vector<Group> groups();
  bool fit_together(const std::vector<Group>& all) const;
  std::vector<Turn> turns(const std::vector<device::Wave>& waves, const std::vector<Group>& all) const;
  void set_goals(std::uint64_t look);
  asio::awaitable<void> choose_image();
  asio::awaitable<void> begin_session();
  asio::awaitable<void> run_looks();
  asio::awaitable<void> run_images();
  asio::awaitable<void> run_here();
  void refuse_failed_board() const;
  asio::awaitable<void> run_portions(std::uint64_t look);
  asio::awaitable<void> run_waves(std::vector<device::Wave> waves);
  std::uint64_t fewest_vectors();
  void put(const FirmwareImage& image);
  std::vector<const FirmwareImage*> images() const;
  bool set_image_goals(const FirmwareImage& image, std::uint64_t end, bool is_first);
  void settle(const Settled& settled);
  asio::awaitable<void> greet();
  asio::awaitable<void> finish_wave(const device::Wave& wave, Group group);
  asio::awaitable<Result<void>> run_wave(const device::Wave& wave, const Group& group,
                                         device::RunReport& report);
  asio::awaitable<Result<void>> load_group(const Group& group, device::RunReport& report);
  asio::awaitable<Result<void>> load(Cell& cell, device::RunReport& report);
  void nothing_is_ready();
  std::vector<device::RunRequest> requests(const device::Wave& wave, const Group& group);
  static bool lacks(const Cell& cell, const device::VectorBlock& part);
  std::vector<device::VectorBlock> parts(const device::VectorBlock& block, const Group& group) const;
  std::vector<Asked> ask(const device::VectorBlock& part, const Group& group) const;
  device::RunRequest request(const Asked& asked, const device::VectorBlock& part) const;
  device::RunModel run_model(const Cell& cell, const device::VectorBlock& part) const;
  void store(Cell& cell, const InferenceRows& rows);

  asio::awaitable<void> recover(Fault fault, const device::RunReport& report, const Group& group);
  void note_crash(const CrashRecord& crash);
  void note_load_fault(Fault fault);
  void note_slow(const Fault& fault, const device::RunReport& report);
  void note_hang(const Fault& fault, const device::RunReport& report, const Group& group);
  void note_silence(const Fault& fault, const device::RunReport& report);
  bool narrow_down(const device::RunReport& report);
  void settle_silences(bool of_the_device);
  void note_lateness(const device::Lateness& late, const Group& group);
  void note_damage(Cell& cell);
  void note_read_back();
  void note(Cell* cell, const Fault& fault, std::optional<OrderPosition> vector, bool of_the_device);
  void blame(Cell& cell, OrderPosition vector, const Fault& fault);
  void give_up(const Fault& fault, const device::RunReport& report, const Group& group);

  TrialInfo trial_info(const Cell& cell) const;
  void begin(Cell& cell);
  void end(Cell& cell, const TrialEnd& end);
  void complete(Cell& cell);
  void fault_cell(Cell& cell, const Fault& fault);

  const RunSetup& setup_;
  TrialSink& sink_;
  std::unique_ptr<const DrawnVectors> own_drawn_;
  const sampling::Draw& draw_;
  const Encodings& encodings_;  // of the drawn vectors
  std::vector<std::uint64_t> looks_;
  std::uint64_t look_ = 0;                   // the one that the cells run towards
  std::uint32_t tag_;                        // of this campaign, in the device's crash record
  std::chrono::nanoseconds longest_seen_{};  // between two results
  BoardLine line_;
  std::vector<Cell> cells_;
  std::vector<Asked> asked_;           // each request under way
  int fruitless_ = 0;                  // faults since a row was stored
  Suspects suspects_;                  // vectors that may have silenced the device
  Cell* loading_ = nullptr;            // the device prepares its model, which may bring it down
  std::vector<OpenSilence> silences_;  // one after the other over the same vector
  int silence_count_ = 0;
  bool line_is_suspect_ = false;  // a silence did not come again, or results were late
  bool has_faulted_ = false;
  bool crash_noted_ = false;  // the record that the device still shows
};

}  // namespace tinyhil::campaign
