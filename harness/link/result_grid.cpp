// SPDX-License-Identifier: Apache-2.0
#include "result_grid.hpp"

#include <algorithm>
#include <cassert>

namespace tinyhil {

ResultGrid::ResultGrid(const RunRequest& request)
    : request_(request),
      seen_(static_cast<std::size_t>(request.count) * request.repeats, false),
      missing_(seen_.size()) {
  const std::size_t size = seen_.size();
  rows_.output_size = request.output_size;
  rows_.vector.resize(size);
  rows_.repeat.resize(size);
  rows_.status.resize(size);
  rows_.clock.resize(size);
  rows_.timer.resize(size);
  rows_.outputs.resize(size * request.output_size);
}

bool ResultGrid::add(const thil_result& result) {
  if (result.vector < request_.first || result.vector - request_.first >= request_.count ||
      result.repeat >= request_.repeats || result.output.size != request_.output_size) {
    return false;
  }
  const std::size_t offset = static_cast<std::size_t>(result.vector - request_.first);
  const std::size_t row = offset * request_.repeats + result.repeat;
  if (seen_[row]) return true;
  seen_[row] = true;
  --missing_;
  rows_.vector[row] = request_.ordinal + static_cast<std::uint32_t>(offset);
  rows_.repeat[row] = result.repeat;
  rows_.status[row] = result.status;
  rows_.clock[row] = result.clock;
  rows_.timer[row] = result.timer;
  std::copy_n(result.output.bytes, result.output.size,
              rows_.outputs.begin() + static_cast<std::ptrdiff_t>(row * rows_.output_size));
  return true;
}

std::uint32_t ResultGrid::first_missing() const {
  assert(missing_ > 0);
  const auto row = std::ranges::find(seen_, false) - seen_.begin();
  return request_.ordinal + static_cast<std::uint32_t>(row / request_.repeats);
}

RunRequest ResultGrid::rest() const {
  assert(missing_ > 0);
  const auto first = std::ranges::find(seen_, false) - seen_.begin();
  const auto last = std::ranges::find(seen_.rbegin(), seen_.rend(), false).base() - seen_.begin() - 1;
  RunRequest rest = request_;
  const auto skipped = first / request_.repeats;
  rest.first = static_cast<std::uint16_t>(request_.first + skipped);
  rest.count = static_cast<std::uint16_t>(last / request_.repeats - skipped + 1);
  return rest;  // `ordinal` stays that of the whole request: add() counts from there
}

}  // namespace tinyhil
