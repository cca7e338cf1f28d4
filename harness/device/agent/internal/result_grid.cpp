// SPDX-License-Identifier: Apache-2.0
#include "result_grid.hpp"

#include <algorithm>
#include <cassert>

#include "model/inference_rows.hpp"
#include "thil/cursor.h"

namespace tinyhil::device {

namespace {

// A row's status is stored as the wire has it; `quarantined` is the host's own.
static_assert(static_cast<int>(RowStatus::ok) == THIL_RESULT_OK);
static_assert(static_cast<int>(RowStatus::invoke_failed) == THIL_RESULT_INVOKE_FAILED);
static_assert(static_cast<int>(RowStatus::clock_suspect) == THIL_RESULT_CLOCK_SUSPECT);
static_assert(static_cast<int>(RowStatus::disturbed) == THIL_RESULT_DISTURBED);
static_assert(static_cast<int>(RowStatus::quarantined) > THIL_RESULT_DISTURBED);

constexpr std::uint16_t kGapMax = 2;  // vectors done twice cost less than another run command

}  // namespace

std::size_t RunRequest::row_size(const RunModel& model) const {
  if (form != ResultForm::top_k) return model.output.bytes();
  const Tensor& output = model.output.only();
  return std::min<std::size_t>(top_k, output.elements()) * (2 + size_of(output.dtype));
}

ResultGrid::ResultGrid(RunRequest request) : request_(std::move(request)) {
  const std::size_t cells = static_cast<std::size_t>(request_.count) * request_.repeats;
  for (const RunModel& model : request_.models) {
    cells_.emplace_back(cells, Cell::missing);
    for (std::size_t cell = 0; cell < model.done.size(); ++cell) {
      if (model.done[cell]) cells_.back()[cell] = Cell::done;
    }
    missing_ +=
        static_cast<std::size_t>(std::count(cells_.back().begin(), cells_.back().end(), Cell::missing));
    rows_.emplace_back().output_size = request_.row_size(model);
  }
  heard_.resize(request_.models.size());
  has_row_.resize(request_.models.size());
}

// The order in which the device goes, of messages.def.
std::optional<ResultGrid::Place> ResultGrid::place_of(const VectorRange& range, std::uint32_t index) const {
  const std::size_t models = request_.models.size();
  const std::size_t cell = index / models;
  if (cell >= static_cast<std::size_t>(range.count) * request_.repeats) return std::nullopt;
  const std::size_t at = index % models;
  const std::size_t skipped = static_cast<std::size_t>(range.first - request_.first) * request_.repeats;
  return Place{cell % 2 == 0 ? at : models - 1 - at, skipped + cell};
}

bool ResultGrid::read_row(thil_reader& rows, std::size_t model, ResultForm form, Row& row) const {
  thil_u8_get(&rows, &row.status);
  thil_u32_get(&rows, &row.clock);
  row.timer = 0;
  if (request_.mode == RunMode::measure) thil_u32_get(&rows, &row.timer);
  row.output = {};
  row.in_parts = (row.status & THIL_RESULT_IN_PARTS) != 0;
  row.status &= static_cast<std::uint8_t>(~THIL_RESULT_IN_PARTS);
  if (rows.failed || row.status > THIL_RESULT_DISTURBED) return false;
  if (row.in_parts && (form != ResultForm::full || row.status == THIL_RESULT_INVOKE_FAILED)) return false;
  if (row.status == THIL_RESULT_INVOKE_FAILED) return true;
  std::size_t size = THIL_SHORT_DIGEST_SIZE;
  if (form == ResultForm::full && !row.in_parts) size = request_.models[model].output.bytes();
  if (form == ResultForm::top_k) size = request_.row_size(request_.models[model]);
  if (rows.left < size) return false;
  row.output = {rows.at, size};
  rows.at += size;
  rows.left -= size;
  return true;
}

std::optional<std::uint32_t> ResultGrid::add(const AskedRun& run, std::uint32_t index, thil_bytes rows,
                                             std::int64_t received_us) {
  thil_reader reader{rows.bytes, rows.size, false};
  slowest_.reset();
  for (; reader.left > 0; ++index) {
    const std::optional<Place> place = place_of(run.range, index);
    Row row;
    row.origin = {run.id, index, received_us};
    if (!place || !read_row(reader, place->model, run.form, row)) return std::nullopt;
    has_row_[place->model] = true;
    note_time(*place, row);
    put(*place, run.form, row);
  }
  return index;
}

void ResultGrid::note_time(const Place& place, const Row& row) {
  if (row.status == THIL_RESULT_CLOCK_SUSPECT || (slowest_ && row.clock <= slowest_->clock)) return;
  slowest_ = Slowest{place.model, position_of(place), row.clock};
}

OrderPosition ResultGrid::position_of(const Place& place) const {
  return request_.position + static_cast<std::uint32_t>(place.cell / request_.repeats);
}

void ResultGrid::put(const Place& place, ResultForm form, const Row& row) {
  Cell& cell = cells_[place.model][place.cell];
  if (cell == Cell::done) return;
  if (row.status == THIL_RESULT_DISTURBED && !accepts_disturbed_) return;
  if (row.in_parts) return put_head(place, row);
  if (form != ResultForm::digest || row.status == THIL_RESULT_INVOKE_FAILED) {
    store(place, row, {row.output.bytes, row.output.size});
    return;
  }
  if (is_golden(place, row)) {
    store(place, row, golden_of(place));
    return;
  }
  auto& heard = heard_[place.model];
  heard.resize(cells_[place.model].size());
  std::copy_n(row.output.bytes, THIL_SHORT_DIGEST_SIZE, heard[place.cell].bytes.begin());
  cell = Cell::differs;
}

void ResultGrid::put_head(const Place& place, const Row& row) {
  const std::size_t size = request_.models[place.model].output.bytes();
  OutputParts::Head head{row.status, row.clock, row.timer, {}, row.origin};
  head.digest.assign(row.output.bytes, row.output.bytes + row.output.size);
  if (parts_.add_head({place.model, place.cell}, std::move(head), size)) note_unsteady(place);
  put_whole(place);
}

bool ResultGrid::add_part(const VectorRange& range, std::uint32_t index, std::uint32_t offset,
                          thil_bytes content) {
  const std::optional<Place> place = place_of(range, index);
  if (!place) return false;
  const std::size_t size = request_.models[place->model].output.bytes();
  if (cells_[place->model][place->cell] == Cell::done) return offset <= size && content.size <= size - offset;
  if (!parts_.add_part({place->model, place->cell}, offset, {content.bytes, content.size}, size))
    return false;
  put_whole(*place);
  return true;
}

void ResultGrid::put_whole(const Place& place) {
  const std::optional<OutputParts::Whole> whole = parts_.take({place.model, place.cell});
  if (!whole) return;
  Row row;
  row.status = whole->head.status;
  row.clock = whole->head.clock;
  row.timer = whole->head.timer;
  row.origin = whole->head.origin;
  store(place, row, whole->output);
}

std::size_t ResultGrid::largest_output() const {
  std::size_t largest = 0;
  for (const RunModel& model : request_.models) largest = std::max(largest, model.output.bytes());
  return largest;
}

void ResultGrid::note_unsteady(const Place& place) { unsteady_.push_back(position_of(place)); }

std::span<const std::uint8_t> ResultGrid::golden_of(const Place& place) const {
  const RunModel& model = request_.models[place.model];
  return model.golden.subspan(place.cell / request_.repeats * model.output.bytes(), model.output.bytes());
}

bool ResultGrid::is_golden(const Place& place, const Row& row) const {
  const Digest golden = sha256(golden_of(place));
  return std::equal(row.output.bytes, row.output.bytes + row.output.size, golden.bytes.begin());
}

void ResultGrid::store(const Place& place, const Row& row, std::span<const std::uint8_t> output) {
  Cell& cell = cells_[place.model][place.cell];
  InferenceRows& rows = rows_[place.model];
  if (cell == Cell::differs && !output.empty()) {
    const Digest digest = sha256(output);
    const Digest& heard = heard_[place.model][place.cell];
    if (!std::equal(digest.bytes.begin(), digest.bytes.begin() + THIL_SHORT_DIGEST_SIZE,
                    heard.bytes.begin())) {
      note_unsteady(place);
    }
  }
  cell = Cell::done;
  --missing_;
  ++new_rows_;
  const std::size_t at = rows.add_row();
  rows.vector[at] = position_of(place).value;
  rows.repeat[at] = static_cast<std::uint16_t>(place.cell % request_.repeats);
  rows.status[at] = row.status;
  rows.clock[at] = row.clock;
  rows.timer[at] = row.timer;
  rows.device_run[at] = row.origin.device_run;
  rows.run_index[at] = row.origin.run_index;
  rows.received_us[at] = row.origin.received_us;
  // A failed invoke has no output.
  std::ranges::copy(output, rows.outputs.begin() + static_cast<std::ptrdiff_t>(at * rows.output_size));
}

OrderPosition ResultGrid::first_missing() const {
  assert(missing_ > 0);
  std::size_t first = SIZE_MAX;
  for (const auto& cells : cells_) {
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      if (cells[cell] != Cell::done) first = std::min(first, cell);
    }
  }
  return request_.position + static_cast<std::uint32_t>(first / request_.repeats);
}

std::vector<VectorRange> ResultGrid::missing_ranges() const {
  std::vector<VectorRange> ranges;
  for (std::uint16_t vector = 0; vector < request_.count; ++vector) {
    bool is_missing = false;
    for (const auto& cells : cells_) {
      for (std::size_t repeat = 0; repeat < request_.repeats; ++repeat) {
        is_missing = is_missing || cells[vector * std::size_t{request_.repeats} + repeat] != Cell::done;
      }
    }
    if (!is_missing) continue;
    const auto at = static_cast<std::uint16_t>(request_.first + vector);
    if (!ranges.empty() && at - (ranges.back().first + ranges.back().count) <= kGapMax) {
      ranges.back().count = static_cast<std::uint16_t>(at - ranges.back().first + 1);
    } else {
      ranges.push_back({at, 1});
    }
  }
  return ranges;
}

ResultForm ResultGrid::next_form() const {
  if (request_.form != ResultForm::digest) return request_.form;
  for (const auto& cells : cells_) {
    if (std::find(cells.begin(), cells.end(), Cell::missing) != cells.end()) return ResultForm::digest;
  }
  return ResultForm::full;
}

InferenceRows ResultGrid::take(std::size_t model) {
  InferenceRows taken = std::move(rows_[model]);
  rows_[model] = {};
  rows_[model].output_size = taken.output_size;
  new_rows_ -= taken.size();
  return taken;
}

}  // namespace tinyhil::device
