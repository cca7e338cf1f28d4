// SPDX-License-Identifier: Apache-2.0
#include "result_grid.hpp"

#include <algorithm>
#include <cassert>

#include "cursor.h"

namespace tinyhil {

namespace {

constexpr std::uint16_t kGapMax = 2;  // vectors done twice cost less than another run command

}  // namespace

std::size_t RunRequest::row_size(const RunModel& model) const {
  if (form != ResultForm::top_k) return model.output.bytes();
  return std::min<std::size_t>(top_k, model.output.elements()) * (2 + size_of(model.output.dtype));
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
  if (rows.failed || row.status > THIL_RESULT_DISTURBED) return false;
  if (row.status == THIL_RESULT_INVOKE_FAILED) return true;
  std::size_t size = THIL_SHORT_DIGEST_SIZE;
  if (form == ResultForm::full) size = request_.models[model].output.bytes();
  if (form == ResultForm::top_k) size = request_.row_size(request_.models[model]);
  if (rows.left < size) return false;
  row.output = {rows.at, size};
  rows.at += size;
  rows.left -= size;
  return true;
}

std::optional<std::uint32_t> ResultGrid::add(const VectorRange& range, ResultForm form, std::uint32_t index,
                                             thil_bytes rows) {
  thil_reader reader{rows.bytes, rows.size, false};
  for (; reader.left > 0; ++index) {
    const std::optional<Place> place = place_of(range, index);
    Row row;
    if (!place || !read_row(reader, place->model, form, row)) return std::nullopt;
    put(*place, form, row);
  }
  return index;
}

void ResultGrid::put(const Place& place, ResultForm form, const Row& row) {
  Cell& cell = cells_[place.model][place.cell];
  if (cell == Cell::done) return;
  if (row.status == THIL_RESULT_DISTURBED && !accepts_disturbed_) return;
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
  const std::uint32_t ordinal = request_.ordinal + static_cast<std::uint32_t>(place.cell / request_.repeats);
  if (cell == Cell::differs && !output.empty()) {
    const Digest digest = sha256(output);
    const Digest& heard = heard_[place.model][place.cell];
    if (!std::equal(digest.bytes.begin(), digest.bytes.begin() + THIL_SHORT_DIGEST_SIZE,
                    heard.bytes.begin())) {
      unsteady_.push_back(ordinal);
    }
  }
  cell = Cell::done;
  --missing_;
  ++new_rows_;
  rows.vector.push_back(ordinal);
  rows.repeat.push_back(static_cast<std::uint16_t>(place.cell % request_.repeats));
  rows.status.push_back(row.status);
  rows.clock.push_back(row.clock);
  rows.timer.push_back(row.timer);
  rows.outputs.insert(rows.outputs.end(), output.begin(), output.end());
  rows.outputs.resize(rows.size() * rows.output_size);  // a failed invoke has no output
}

std::uint32_t ResultGrid::first_missing() const {
  assert(missing_ > 0);
  std::size_t first = SIZE_MAX;
  for (const auto& cells : cells_) {
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
      if (cells[cell] != Cell::done) first = std::min(first, cell);
    }
  }
  return request_.ordinal + static_cast<std::uint32_t>(first / request_.repeats);
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

}  // namespace tinyhil
