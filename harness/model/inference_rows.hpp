// SPDX-License-Identifier: Apache-2.0
// The facts of inferences as columns of equal length, one row an inference. kRowColumns is the one list of
// these columns: moving rows about, the store's blocks, Python's arrays and the exported tables follow it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "base/unit.hpp"

namespace tinyhil {

// What a row is worth. The first four are the device's own words, as thil_result_status on the wire.
enum class RowStatus : std::uint8_t {
  ok = 0,
  invoke_failed = 1,
  clock_suspect = 2,  // clock and second timer disagree
  disturbed = 3,    // bytes arrived or something else ran meanwhile: the output counts, the latency does not
  quarantined = 4,  // made by the host, output all zero: the device crashed or hung twice on this vector
};

const char* to_string(RowStatus status);

// With top_k = k an output is k entries of a little-endian u16, the element's index, and the element as it is
// in the whole output: largest first, of equal ones the lower index first.
struct InferenceRows {
  std::vector<std::uint32_t> vector;  // number in the vector file; position in the order while it runs
  std::vector<std::uint16_t> repeat;
  std::vector<std::uint8_t> status;  // RowStatus
  std::vector<std::uint32_t> clock;  // ticks of board.clock_hz
  std::vector<std::uint32_t> timer;  // ticks of board.timer_hz
  std::size_t output_size = 0;
  std::vector<std::uint8_t> outputs;  // [rows * output_size]

  // Where and when a row was made, so that a current trace can be laid beside it. These columns may be empty:
  // then no row's value is known, as in rows that an older tinyhil stored. A single value that is not known,
  // as of a quarantined row, is the column's `missing`.
  std::vector<std::uint32_t> device_run = {};  // the run's number on the wire; the same again 256 runs later
  std::vector<std::uint32_t> run_index = {};   // which inference of that run, counted over its models
  std::vector<std::int64_t> received_us = {};  // host's clock when the row arrived, since 1970 in UTC

  std::size_t size() const { return vector.size(); }
  bool is_rectangular() const;  // every column is as long as it should be

  // New rows are zero, and what they may lack is missing.
  void resize(std::size_t rows);
  std::size_t add_row();  // its index
  void copy_row(std::size_t to, const InferenceRows& from, std::size_t row);
  // These rows of `from`, or all of them. Takes over its output size.
  void append(const InferenceRows& from, std::span<const std::size_t> rows);
  void append(const InferenceRows& from);
  void permute(std::span<const std::size_t> order);  // row i becomes what row order[i] was
  InferenceRows part(std::size_t first, std::size_t count) const;
};

template <class T>
struct RowColumn {
  using Value = T;
  const char* name;  // of the store's blob and of Python's array
  std::vector<T> InferenceRows::*values;
  const char* meaning;
  Unit unit = Unit::none;
  std::optional<T> missing = {};  // stands for a value that is not known; a column without always has values
  bool is_output = false;         // output_size values a row

  std::size_t width(const InferenceRows& rows) const { return is_output ? rows.output_size : 1; }
};

inline constexpr std::tuple kRowColumns{
    RowColumn<std::uint32_t>{"vector", &InferenceRows::vector, "number in the vector file"},
    RowColumn<std::uint16_t>{"repeat", &InferenceRows::repeat, "0, 1, ..."},
    RowColumn<std::uint8_t>{"status", &InferenceRows::status,
                            "ok, invoke failed, clock suspect, disturbed, quarantined"},
    RowColumn<std::uint32_t>{"clock", &InferenceRows::clock,
                             "duration of the model alone, as it was measured, also where it does not count",
                             Unit::ticks},
    RowColumn<std::uint32_t>{"timer", &InferenceRows::timer,
                             "second opinion on the duration; 0 on a board without a second timer",
                             Unit::ticks},
    RowColumn<std::uint8_t>{
        "outputs", &InferenceRows::outputs, "as the device sent it", Unit::none, {}, true},
    RowColumn<std::uint32_t>{"device_run", &InferenceRows::device_run,
                             "number of the run on the wire, the same again 256 runs later; null: not known",
                             Unit::none, UINT32_MAX},
    RowColumn<std::uint32_t>{"run_index", &InferenceRows::run_index,
                             "which inference of that run, counted over its models; null: not known",
                             Unit::none, UINT32_MAX},
    RowColumn<std::int64_t>{"received_us", &InferenceRows::received_us,
                            "when the host received the row, since 1970 in UTC; null: not known",
                            Unit::microseconds, INT64_MIN},
};

// Calls `each` with every column, in the order of the list.
template <class Each>
void for_each_row_column(Each each) {
  std::apply([&](const auto&... column) { (each(column), ...); }, kRowColumns);
}

}  // namespace tinyhil
