// SPDX-License-Identifier: Apache-2.0
#include "recordings.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "checked_row.hpp"
#include "decoded.hpp"
#include "model/limits.hpp"
#include "store/internal/facts_of_recording.hpp"

namespace tinyhil::store {
namespace {

constexpr std::size_t kRangesMax = 64, kLayersMax = 4096;
constexpr std::int64_t kLinesMax = 64;
constexpr double kLargest = 1e12;  // of any number here: seconds, coulombs, amperes, volts, hertz

double real_at(const Statement& stored, const CheckedRow& row, int column) {
  const double value = stored.real(column);
  if (!std::isfinite(value) || std::abs(value) > kLargest)
    row.refuse("its number " + std::to_string(column) + " is " + std::to_string(value));
  return value;
}

double amount_at(const Statement& stored, const CheckedRow& row, int column) {
  const double value = real_at(stored, row, column);
  if (value < 0) row.refuse("its number " + std::to_string(column) + " is below zero");
  return value;
}

template <class T>
std::vector<T> column_at(const Statement& stored, const CheckedRow& row, int column, std::size_t most) {
  const Bytes blob = stored.blob(column);
  if (blob.size() % sizeof(T) != 0 || blob.size() / sizeof(T) > most)
    row.refuse("a list of it has " + std::to_string(blob.size()) + " bytes");
  std::vector<T> values(blob.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), blob.data(), blob.size());
  return values;
}

std::vector<double> numbers_at(const Statement& stored, const CheckedRow& row, int column, std::size_t most) {
  std::vector<double> values = column_at<double>(stored, row, column, most);
  const auto is_number = [](double value) { return std::isfinite(value) && std::abs(value) <= kLargest; };
  if (!std::ranges::all_of(values, is_number)) row.refuse("a list of it holds what is no number");
  return values;
}

MeterIdentity meter_at(Connection& connection, const Statement& stored, const CheckedRow& row) {
  MeterIdentity meter;
  meter.driver = row.name(2);
  meter.serial = row.text(3);
  meter.firmware = row.text(4);
  meter.calibration = row.text(5, kTextMax);
  meter.calibrated = row.text(6);
  meter.expires = row.text(7);
  meter.simulated = row.integer(8, 0, 1) == 1;
  meter.virtual_time = row.integer(9, 0, 1) == 1;
  meter.rate_hz = amount_at(stored, row, 10);
  const std::vector<double> ranges = numbers_at(stored, row, 11, kRangesMax * 4);
  if (ranges.size() % 4 != 0) row.refuse("its ranges are not four numbers each");
  meter.ranges = ranges_of(ranges);
  meter.range_mode = row.text(12);
  meter.supply_v = amount_at(stored, row, 13);
  meter.voltage = decoded<VoltageSource>(connection, row.text(14));
  meter.voltage_limit = amount_at(stored, row, 15);
  meter.trigger = static_cast<int>(row.integer(16, -1, kLinesMax));
  return meter;
}

void read_report(const Statement& stored, const CheckedRow& row, MeasuredWindow& window) {
  window.report.proven = row.number<std::uint32_t>(6);
  window.report.timer_ticks = row.count(7, 0, INT64_MAX);
  window.report.output = stored.digest(8);
  window.report.layer_ends = column_at<std::uint32_t>(stored, row, 22, kLayersMax);
  if (!std::ranges::is_sorted(window.report.layer_ends)) row.refuse("its layers end in no order");
}

// Three numbers each, of which the last two are not below zero.
template <class Share>
std::vector<Share> shares_at(const Statement& stored, const CheckedRow& row, int column, std::size_t most) {
  const std::vector<double> numbers = numbers_at(stored, row, column, 3 * most);
  if (numbers.size() % 3 != 0) row.refuse("a list of it is not three numbers each");
  std::vector<Share> shares;
  for (std::size_t i = 0; i < numbers.size(); i += 3) {
    if (numbers[i + 1] < 0 || numbers[i + 2] < 0)
      row.refuse("a share of it has a time or a noise below zero");
    shares.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
  }
  return shares;
}

void read_trace_part(const Statement& stored, const CheckedRow& row, MeasuredWindow& window) {
  window.begin_s = amount_at(stored, row, 11);
  window.length_s = amount_at(stored, row, 12);
  window.edge_s = amount_at(stored, row, 13);
  window.charge_c = real_at(stored, row, 14);
  window.missing_s = amount_at(stored, row, 15);
  if (window.missing_s > window.length_s) row.refuse("more than all of it is missing");
  window.missing_low_a = real_at(stored, row, 16);
  window.missing_high_a = real_at(stored, row, 17);
  window.switching_c = amount_at(stored, row, 18);
  window.noise_a = amount_at(stored, row, 19);
  window.noise_degrees = amount_at(stored, row, 20);
  window.ranges = shares_at<RangeShare>(stored, row, 21, kRangesMax);
  window.layers = shares_at<LayerShare>(stored, row, 23, kLayersMax + 1);
  if (!window.layers.empty() && window.layers.size() != window.report.layer_ends.size() + 1)
    row.refuse("its layers are not those that the device told of");
}

MeasuredWindow window_at(Connection& connection, const Statement& stored) {
  const CheckedRow row(connection, stored, "energy window " + std::to_string(stored.integer(0)));
  MeasuredWindow window;
  window.kind = decoded<WindowKind>(connection, row.text(1));
  window.model = row.name(2);
  if (!stored.is_null(3))
    window.vector = VectorNumber{static_cast<std::uint32_t>(row.count(3, 0, kVectorsMax - 1))};
  window.block = row.number<std::uint32_t>(4);
  window.asked = row.number<std::uint32_t>(5);
  window.state = decoded<WindowState>(connection, row.text(9));
  window.why = row.text(10, kTextMax);
  const bool is_inference = window.kind == WindowKind::inference;
  if (is_inference != window.vector.has_value() || is_inference == window.model.empty())
    row.refuse("its kind does not go with its model and vector");
  read_report(stored, row, window);
  read_trace_part(stored, row, window);
  return window;
}

// Not through an index, as whoever checks the chain (facts.cpp).
std::vector<MeasuredWindow> load_windows(Connection& connection, std::int64_t recording) {
  Statement rows(
      connection,
      "SELECT id, kind, model_name, vector, block, asked, proven, timer_ticks, output, state, why,"
      " begin_s, length_s, edge_s, charge_c, missing_s, missing_low_a, missing_high_a, switching_c,"
      " noise_a, noise_degrees, range_shares, layer_ends, layer_shares FROM energy_window NOT INDEXED WHERE "
      "recording = ? ORDER BY id");
  rows.bind(recording);
  std::vector<MeasuredWindow> windows;
  while (rows.step()) windows.push_back(window_at(connection, rows));
  return windows;
}

RecordingEnd load_end(Connection& connection, std::int64_t recording) {
  Statement stored(connection,
                   "SELECT id, state, fault_kind, fault_what, fault_evidence, fault_remedy, trace,"
                   " trace_digest, samples FROM recording_end NOT INDEXED WHERE recording = ? ORDER BY id"
                   " LIMIT 1");
  RecordingEnd end{RecordingState::running};
  if (!stored.bind(recording).step()) return end;
  const CheckedRow row(connection, stored, "end of recording " + std::to_string(recording));
  end.state = decoded<RecordingState>(connection, row.text(1));
  if (!stored.is_null(2)) {
    end.fault = Fault{decoded<FaultKind>(connection, row.text(2)), row.text(3, kTextMax),
                      row.text(4, kTextMax), row.text(5, kTextMax)};
  }
  end.trace = row.name(6);
  end.trace_digest = stored.digest(7);
  end.samples = row.count(8, 0, INT64_MAX);
  return end;
}

}  // namespace

std::int64_t run_of_open_recording(Connection& connection, std::int64_t recording) {
  Statement find(connection,
                 "SELECT run, EXISTS (SELECT 1 FROM recording_end WHERE recording = recording.id)"
                 " FROM recording WHERE id = ?");
  const bool found = find.bind(recording).step();
  if (found && find.integer(1) == 0) return find.integer(0);
  throw Error(ErrorKind::bench_fault,
              "recording " + std::to_string(recording) + (found ? " has ended" : " does not exist"),
              connection.file().string(), "start a new run");
}

std::vector<Recording> load_recordings(Connection& connection, std::int64_t run) {
  Statement rows(
      connection,
      "SELECT id, board_name, driver, serial, firmware, calibration, calibrated, expires, simulated,"
      " virtual_time, rate_hz, ranges, range_mode, supply_v, voltage, voltage_limit, trigger_line,"
      " started_at"
      " FROM recording NOT INDEXED WHERE run = ? ORDER BY id");
  rows.bind(run);
  std::vector<Recording> recordings;
  while (rows.step()) {
    const CheckedRow row(connection, rows, "recording " + std::to_string(rows.integer(0)));
    Recording recording;
    recording.id = rows.integer(0);
    recording.info = {row.name(1), meter_at(connection, rows, row)};
    recording.started_at = row.text(17);
    recording.windows = load_windows(connection, recording.id);
    recording.end = load_end(connection, recording.id);
    recordings.push_back(std::move(recording));
  }
  return recordings;
}

}  // namespace tinyhil::store
