// SPDX-License-Identifier: Apache-2.0
// A recording, or a part of it, in the forms that other tools open. Gaps: CSV has no rows there; .ppk2, which
// knows no gaps, holds zero current and lines. Throw Error(output) when the file exists or cannot be written.
#pragma once

#include <cstdint>
#include <filesystem>

#include "meter/trace_reader.hpp"

namespace tinyhil::meter {

// Samples [first, last) of a recording, as far as there are any.
struct TracePart {
  std::uint64_t first = 0;
  std::uint64_t last = UINT64_MAX;
};

// time_s,current_uA,D0,...,D7: seconds since sample 0, and the shortest number that import_trace() reads back
// as the same float. Without lines only the first two columns.
void export_csv(const TraceReader& trace, const std::filesystem::path& file, const TracePart& part = {});

// nRF Connect Power Profiler, format version 2: a ZIP of session.raw (of each sample a little-endian float of
// microamperes and a big-endian u16 of two bits a line: 01 low, 10 high), metadata.json and minimap.raw.
// Refused, Error(usage): rates that are no whole number.
void export_ppk2(const TraceReader& trace, const std::filesystem::path& file, const TracePart& part = {});

}  // namespace tinyhil::meter
