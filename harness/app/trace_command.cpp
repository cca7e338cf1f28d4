// SPDX-License-Identifier: Apache-2.0
// Recordings of current meters: what is in one, and the ways to other programs and back.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/calendar.hpp"
#include "commands.hpp"
#include "meter/trace_export.hpp"
#include "meter/trace_import.hpp"
#include "meter/trace_reader.hpp"
#include "recorded_windows.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kGapsTold = 20;
constexpr double kMilli = 1e3;
constexpr double kMicro = 1e6;

double seconds_of(const meter::TraceReader& trace, std::uint64_t samples) {
  return static_cast<double>(samples) * trace.sample_s();
}

std::string start_of(const meter::TraceReader& trace) {
  const std::chrono::nanoseconds since_1970(trace.start().start_ns);
  return to_text(Moment(std::chrono::floor<std::chrono::seconds>(since_1970)));
}

double charge_of(const meter::TraceReader& trace) {
  return trace.charge_c(0, static_cast<double>(trace.end()));
}

// Amperes, of what is there.
double mean_of(const meter::TraceReader& trace) {
  return trace.samples() == 0 ? 0 : charge_of(trace) / seconds_of(trace, trace.samples());
}

std::string words_of(const MeterIdentity& meter) {
  std::string words = meter.driver;
  if (meter.simulated) words += ", simulated";
  if (!meter.serial.empty()) words += ", serial " + meter.serial;
  if (!meter.firmware.empty()) words += ", firmware " + meter.firmware;
  if (meter.supply_v > 0) words += fmt::format(", {:g} V ({})", meter.supply_v, to_string(meter.voltage));
  if (!meter.calibrated.empty()) words += ", calibrated " + meter.calibrated;
  return words;
}

void print_gaps(const meter::TraceReader& trace) {
  const std::uint64_t missing = trace.end() - trace.samples();
  fmt::print("{:<9} {} samples, {:.6g} s, in {} gaps\n", "missing", missing, seconds_of(trace, missing),
             trace.gaps().size());
  for (std::size_t i = 0; i < std::min(trace.gaps().size(), kGapsTold); ++i) {
    const meter::Gap& gap = trace.gaps()[i];
    fmt::print("  at {:>12.6f} s {:>10} samples: {}\n", seconds_of(trace, gap.first), gap.count,
               to_string(gap.cause));
  }
  if (trace.gaps().size() > kGapsTold) fmt::print("  and {} more\n", trace.gaps().size() - kGapsTold);
}

void print_text(const meter::TraceReader& trace) {
  fmt::print("{:<9} {}\n", "meter", words_of(trace.start().identity));
  fmt::print("{:<9} {:g} samples a second\n", "rate", trace.start().identity.rate_hz);
  fmt::print("{:<9} {}\n", "started", start_of(trace));
  fmt::print("{:<9} {:.6f} s, {} samples{}\n", "length", seconds_of(trace, trace.end()), trace.samples(),
             trace.has_lines() ? " with digital lines" : "");
  fmt::print("{:<9} {:.6g} mA in the mean, {:.6g} mC\n", "current", kMilli * mean_of(trace),
             kMilli * charge_of(trace));
  print_gaps(trace);
  if (trace.unread_bytes() > 0)
    fmt::print("{:<9} {} bytes behind the last whole piece: the recording was cut off\n", "unread",
               trace.unread_bytes());
}

Json json_of(const MeterIdentity& meter) {
  return {
      {"driver", meter.driver},     {"simulated", meter.simulated},   {"serial", meter.serial},
      {"firmware", meter.firmware}, {"calibrated", meter.calibrated}, {"calibration_expires", meter.expires},
      {"range", meter.range_mode},  {"supply_v", meter.supply_v},     {"trigger", meter.trigger}};
}

Json json_of(const meter::TraceReader& trace, const std::filesystem::path& file) {
  Json gaps = Json::array();
  for (const meter::Gap& gap : trace.gaps())
    gaps.push_back({{"begin_s", seconds_of(trace, gap.first)},
                    {"first", gap.first},
                    {"count", gap.count},
                    {"cause", to_string(gap.cause)}});
  return {{"file", file.string()},
          {"meter", json_of(trace.start().identity)},
          {"rate_hz", trace.start().identity.rate_hz},
          {"started_at", start_of(trace)},
          {"length_s", seconds_of(trace, trace.end())},
          {"samples", trace.samples()},
          {"lines", trace.has_lines()},
          {"mean_ua", kMicro * mean_of(trace)},
          {"charge_uc", kMicro * charge_of(trace)},
          {"missing_samples", trace.end() - trace.samples()},
          {"gaps", gaps},
          {"unread_bytes", trace.unread_bytes()}};
}

meter::TracePart part_of(const meter::TraceReader& trace, const TraceExportOptions& options) {
  const double length_s = seconds_of(trace, trace.end());
  const double from_s = options.from_s.value_or(0), to_s = options.to_s.value_or(length_s);
  if (from_s >= length_s || to_s <= from_s) {
    throw Error(ErrorKind::usage,
                fmt::format("nothing of the recording lies between {:g} s and {:g} s", from_s, to_s),
                options.file.string(), fmt::format("write --from and --to within its {:g} s", length_s));
  }
  meter::TracePart part;
  part.first = static_cast<std::uint64_t>(std::llround(from_s / trace.sample_s()));
  if (to_s < length_s) part.last = static_cast<std::uint64_t>(std::llround(to_s / trace.sample_s()));
  return part;
}

}  // namespace

ExitCode trace_show_command(const TraceShowOptions& options) {
  const meter::TraceReader trace(options.file);
  std::optional<RecordedWindows> windows;
  if (options.store) windows = windows_of(options.file, *options.store);
  if (options.json) {
    Json document = json_of(trace, options.file);
    if (windows) document["recorded"] = json_of(*windows);
    fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_text(trace);
    if (windows) print_windows(*windows);
  }
  return ExitCode::pass;
}

ExitCode trace_export_command(const TraceExportOptions& options) {
  const meter::TraceReader trace(options.file);
  const meter::TracePart part = part_of(trace, options);
  if (options.csv) meter::export_csv(trace, *options.csv, part);
  if (options.ppk2) meter::export_ppk2(trace, *options.ppk2, part);
  const std::uint64_t length = std::min(part.last, trace.end()) - part.first;
  fmt::print("{:<9} {}, {:.6f} s\n", "written", (options.csv ? *options.csv : *options.ppk2).string(),
             seconds_of(trace, length));
  return ExitCode::pass;
}

ExitCode trace_import_command(const TraceImportOptions& options) {
  meter::import_trace(options.file, options.to);
  const meter::TraceReader trace(options.to);
  fmt::print("{:<9} {}, {:.6f} s, {} gaps\n", "written", options.to.string(), seconds_of(trace, trace.end()),
             trace.gaps().size());
  return ExitCode::pass;
}

}  // namespace tinyhil::app
