// SPDX-License-Identifier: Apache-2.0
// Any bytes as a .csv (first byte even) or .ppk2 file: an Error, or a recording.
#include <cassert>
#include <cmath>
#include <cstdint>
#include <fstream>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "meter/trace_import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const tinyhil::TemporaryFolder folder;
  if (size == 0) return 0;
  const std::filesystem::path from = folder.path() / (bytes[0] % 2 == 0 ? "a.csv" : "a.ppk2");
  const std::filesystem::path to = folder.path() / "a.trace";
  std::ofstream(from, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes + 1), static_cast<std::streamsize>(size - 1));
  try {
    tinyhil::meter::import_trace(from, to);
    const tinyhil::meter::TraceReader trace(to);
    assert(!std::isnan(trace.charge_c(0, static_cast<double>(trace.end()))));
  } catch (const tinyhil::Error&) {
  }
  std::filesystem::remove(to);
  return 0;
}
