// SPDX-License-Identifier: Apache-2.0
// A stretch of a run's current trace, as columns for a viewer: least, greatest and mean current of each.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace tinyhil::daemon {

constexpr std::int64_t kTraceColumnsMost = 10'000;

struct TraceQuestion {
  std::string board;  // empty: the first that was recorded
  std::string model;  // its windows alone, and the stretch that they take; empty: all
  std::optional<double> from_s{};
  std::optional<double> to_s{};
  std::size_t columns = 1'200;
};

// Of the store's latest run; traces lie beside the store. The store is read, not changed. Throws
// Error(not_found) when no current was recorded, Error(usage) for what the recording does not have.
nlohmann::ordered_json trace_document(const std::filesystem::path& store, const TraceQuestion& question);

}  // namespace tinyhil::daemon
