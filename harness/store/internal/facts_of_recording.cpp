// SPDX-License-Identifier: Apache-2.0
#include "facts_of_recording.hpp"

#include <cassert>

#include "bytes.hpp"
#include "codes.hpp"
#include "store/fact_kinds.hpp"

namespace tinyhil::store {
namespace {

constexpr std::size_t kNumbersOfRange = 4;
static_assert(sizeof(RangeShare) == 3 * sizeof(double) && sizeof(LayerShare) == 3 * sizeof(double),
              "they are stored as they lie in memory");

template <class Enum>
FactValue code_fact(Enum value) {
  return std::string(code_of(value));
}

void set_trace_part(Fact& fact, const MeasuredWindow& window) {
  fact.set("begin_s", window.begin_s)
      .set("length_s", window.length_s)
      .set("edge_s", window.edge_s)
      .set("charge_c", window.charge_c)
      .set("missing_s", window.missing_s)
      .set("missing_low_a", window.missing_low_a)
      .set("missing_high_a", window.missing_high_a)
      .set("switching_c", window.switching_c)
      .set("noise_a", window.noise_a)
      .set("noise_degrees", window.noise_degrees)
      .set("range_shares", bytes_of(window.ranges))
      .set("layer_shares", bytes_of(window.layers));
}

}  // namespace

std::vector<double> numbers_of(const std::vector<MeterRange>& ranges) {
  std::vector<double> numbers;
  for (const MeterRange& range : ranges)
    numbers.insert(numbers.end(), {range.top_a, range.gain_limit, range.offset_limit_a, range.resolution_a});
  return numbers;
}

std::vector<MeterRange> ranges_of(const std::vector<double>& numbers) {
  assert(numbers.size() % kNumbersOfRange == 0);
  std::vector<MeterRange> ranges;
  for (std::size_t i = 0; i < numbers.size(); i += kNumbersOfRange)
    ranges.push_back({numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]});
  return ranges;
}

Fact fact_of_recording(std::int64_t run, const RecordingInfo& info, const std::vector<double>& ranges,
                       FactTime started_at) {
  const MeterIdentity& meter = info.meter;
  return Fact(fact_kind("recording"))
      .set("run", run)
      .set("board_name", info.board)
      .set("driver", meter.driver)
      .set("serial", meter.serial)
      .set("firmware", meter.firmware)
      .set("calibration", meter.calibration)
      .set("calibrated", meter.calibrated)
      .set("expires", meter.expires)
      .set("simulated", fact_number(meter.simulated ? 1 : 0))
      .set("virtual_time", fact_number(meter.virtual_time ? 1 : 0))
      .set("rate_hz", meter.rate_hz)
      .set("ranges", bytes_of(ranges))
      .set("range_mode", meter.range_mode)
      .set("supply_v", meter.supply_v)
      .set("voltage", code_fact(meter.voltage))
      .set("voltage_limit", meter.voltage_limit)
      .set("trigger_line", std::int64_t{meter.trigger})
      .set("started_at", to_text(started_at));
}

Fact fact_of_window(RecordingNumber of, const MeasuredWindow& window) {
  Fact fact(fact_kind("energy_window"));
  fact.set("run", of.run)
      .set("recording", of.recording)
      .set("kind", code_fact(window.kind))
      .set("model_name", window.model)
      .set("block", fact_number(window.block))
      .set("asked", fact_number(window.asked))
      .set("proven", fact_number(window.report.proven))
      .set("timer_ticks", fact_number(window.report.timer_ticks))
      .set("output", fact_bytes(window.report.output))
      .set("state", code_fact(window.state))
      .set("why", window.why)
      .set("layer_ends", bytes_of(window.report.layer_ends));
  if (window.vector) fact.set("vector", fact_number(window.vector->value));
  set_trace_part(fact, window);
  return fact;
}

Fact fact_of_recording_end(RecordingNumber of, const RecordingEnd& end, FactTime ended_at) {
  assert(end.state != RecordingState::running);
  Fact fact(fact_kind("recording_end"));
  fact.set("run", of.run)
      .set("recording", of.recording)
      .set("state", code_fact(end.state))
      .set("trace", end.trace)
      .set("trace_digest", fact_bytes(end.trace_digest))
      .set("samples", fact_number(end.samples))
      .set("ended_at", to_text(ended_at));
  if (!end.fault) return fact;
  return fact.set("fault_kind", code_fact(end.fault->kind))
      .set("fault_what", end.fault->what)
      .set("fault_evidence", end.fault->evidence)
      .set("fault_remedy", end.fault->remedy);
}

}  // namespace tinyhil::store
