// SPDX-License-Identifier: Apache-2.0
// A current meter, whatever it speaks: it is prepared, recorded from, and stopped. What it sends is handed on
// as it was sent (words) and as amperes. A driver is one file, drivers/<name>.cpp, which defines
// make_<name>(...), and one word in tinyhil_drivers(meter ...) of CMakeLists.txt. Example:
//
//   const std::unique_ptr<Meter> meter = open_meter(section, io.get_executor());
//   const MeterIdentity identity = co_await meter->prepare();
//   co_await meter->record(sink);   // until stop(), or until the meter is gone
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "formats/section.hpp"
#include "meter/internal/sample_words.hpp"
#include "model/meter.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::meter {

// Consecutive samples. Lent for the call only.
struct SampleBlock {
  std::uint64_t first = 0;              // number of the first since record() began, lost ones counted
  std::span<const std::uint8_t> words;  // [n * width of the format] as the meter sent them
  std::span<const float> current_a;     // [n]
  std::span<const std::uint8_t> lines;  // [n] digital lines, bit i is line i; empty: the meter has none
};

// Why samples are missing.
enum class GapCause : std::uint8_t {
  counter = 1,      // the meter's own counter jumped
  clock = 2,        // fewer samples came than the time that went by has: the counter cannot show it
  corrupted = 3,    // what came was no sample
  reported = 4,     // the meter said that it lost some
  overcurrent = 5,  // the meter cut the board off
};

const char* to_string(GapCause cause);

struct Gap {
  std::uint64_t first = 0;  // number of the first sample that is missing
  std::uint64_t count = 0;  // best knowledge of how many
  GapCause cause{};
};

// What a meter tells of its trigger line.
enum class TriggerKind : std::uint8_t {
  level,   // in every sample
  rising,  // the sample in which it rose, and not when it falls
};

// What a recording is given to. Called on the meter's executor; must not wait, and must not throw.
class SampleSink {
 public:
  virtual ~SampleSink() = default;
  virtual void samples(const SampleBlock& block) = 0;
  virtual void gap(const Gap& gap) = 0;
};

class Meter {
 public:
  virtual ~Meter() = default;

  // Finds out what it is, sets it up, and supplies the board if it is to. Throws Error(bench_fault): missing,
  // in use, not a meter of this kind, the board's supply is off.
  virtual asio::awaitable<MeterIdentity> prepare() = 0;

  // Samples until stop(): then success. Fault gone when the meter is unplugged or falls silent.
  virtual asio::awaitable<Result<void>> record(SampleSink& sink) = 0;
  virtual void stop() = 0;

  virtual WordFormat word_format() const = 0;
  virtual TriggerKind trigger_kind() const { return TriggerKind::level; }
  virtual std::string describe() const = 0;  // "ppk2 /dev/ttyACM1"
};

// How a meter of a bench is reached: the section `meter:` of a board. Reads it all, opens nothing yet.
// Throws Error(usage) with file and line.
std::unique_ptr<Meter> open_meter(const Section& section, asio::any_io_executor executor);

std::vector<std::string> meter_drivers();

}  // namespace tinyhil::meter
