// SPDX-License-Identifier: Apache-2.0
// The results of a range of vectors as they arrive: in any order, more than once, or not at all.
#pragma once

#include <optional>
#include <vector>

#include "device/run_request.hpp"
#include "model/inference_rows.hpp"
#include "model/trial.hpp"
#include "output_parts.hpp"
#include "thil/wire.h"

namespace tinyhil::device {

// Vectors first .. first+count-1 of the slot, to be asked for with one run.
struct VectorRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
};

// A run that was asked of the device.
struct AskedRun {
  VectorRange range;
  ResultForm form = ResultForm::full;
  std::uint32_t id = 0;  // on the wire
};

class ResultGrid {
 public:
  explicit ResultGrid(RunRequest request);

  // The rows of a results frame that answers `run`; its first row is the run's inference `index`. It arrived
  // at `received_us` (UTC). The index after the last one; nothing when they are malformed or beyond the run's
  // range. Second copies are ignored.
  std::optional<std::uint32_t> add(const AskedRun& run, std::uint32_t index, thil_bytes rows,
                                   std::int64_t received_us);

  // Some of the output of the run's inference `index`, whose row says that it comes in parts. False when it
  // is beyond range or output.
  bool add_part(const VectorRange& range, std::uint32_t index, std::uint32_t offset, thil_bytes content);

  bool has_begun_outputs() const { return !parts_.empty(); }  // of which parts are missing
  std::size_t largest_output() const;                         // in bytes

  // Of the rows that the last add() brought, the one that took longest by the device's clock, where it can be
  // trusted.
  struct Slowest {
    std::size_t model = 0;
    OrderPosition vector;
    std::uint32_t clock = 0;
  };
  const std::optional<Slowest>& slowest() const { return slowest_; }
  // A row of this model has come.
  bool has_row(std::size_t model) const { return has_row_[model]; }

  // Rows whose measurement was disturbed, by us or by noise, are not wanted as long as quiet ones may come.
  void accept_disturbed() { accepts_disturbed_ = true; }

  bool complete() const { return missing_ == 0; }
  std::size_t missing() const { return missing_; }
  OrderPosition first_missing() const;  // needs !complete()

  // What to ask for next: ranges with nothing but a few cells in between that are there already.
  std::vector<VectorRange> missing_ranges() const;
  // The form to ask in: full once the digests that came have shown which tensors differ.
  ResultForm next_form() const;

  // The rows that came since the last call, of one model.
  InferenceRows take(std::size_t model);
  bool has_new_rows() const { return new_rows_ > 0; }

  // Vectors whose output was another one when it was asked for again.
  const std::vector<OrderPosition>& unsteady() const { return unsteady_; }

  const RunRequest& request() const { return request_; }

 private:
  enum class Cell : std::uint8_t { missing, differs, done };
  struct Row {
    std::uint8_t status = 0;
    std::uint32_t clock = 0;
    std::uint32_t timer = 0;
    thil_bytes output{};  // in parts: its digest
    RowOrigin origin;
    bool in_parts = false;
  };
  struct Place {
    std::size_t model = 0;
    std::size_t cell = 0;  // (vector - first) * repeats + repeat
  };

  std::optional<Place> place_of(const VectorRange& range, std::uint32_t index) const;
  void note_time(const Place& place, const Row& row);
  bool read_row(thil_reader& rows, std::size_t model, ResultForm form, Row& row) const;
  void put(const Place& place, ResultForm form, const Row& row);
  void put_head(const Place& place, const Row& row);
  void put_whole(const Place& place);
  bool is_golden(const Place& place, const Row& row) const;
  std::span<const std::uint8_t> golden_of(const Place& place) const;
  void note_unsteady(const Place& place);
  OrderPosition position_of(const Place& place) const;
  void store(const Place& place, const Row& row, std::span<const std::uint8_t> output);

  RunRequest request_;
  std::vector<std::vector<Cell>> cells_;    // [model][cell]
  std::vector<std::vector<Digest>> heard_;  // [model][cell], of cells that differ; else empty
  OutputParts parts_;
  std::vector<InferenceRows> rows_;  // new ones, by model
  std::vector<OrderPosition> unsteady_;
  std::optional<Slowest> slowest_;
  std::vector<bool> has_row_;  // by model
  std::size_t missing_ = 0;
  std::size_t new_rows_ = 0;
  bool accepts_disturbed_ = false;
};

}  // namespace tinyhil::device
