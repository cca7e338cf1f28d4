// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace tinyhil::meter {

// Windows and pulses in the same order, some of either missing. For each window the pulse that it has in
// every longest matching, if it has one in all of them; `fits(window, pulse)` says what may be a pair.
std::vector<std::optional<std::size_t>> certain_pairs(
    std::size_t windows, std::size_t pulses, const std::function<bool(std::size_t, std::size_t)>& fits);

}  // namespace tinyhil::meter
